"""Pages are chosen by host and by prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive.collection import index_lines
from crawler.bulk import InProcess, Plan, UrlFilter, extracted
from tests.support.warcs import ids_of, lines_of, shards_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (UrlFilter(hosts=("vietnamplus.vn",)), lambda n: n % 3 != 2),
        (UrlFilter(hosts=("zh.vietnamplus.vn",)), lambda n: n % 3 == 1),
        (UrlFilter(prefixes=("http://vietnamplus.vn/kinhte/",)), lambda n: n % 3 == 0 and n % 2),
        (
            UrlFilter(prefixes=("https://NHANDAN.vn/a/", "https://www.vietnamplus.vn/a/")),
            lambda n: n % 3 != 1 and not n % 2,
        ),
        (UrlFilter(hosts=("plus.vn",)), lambda _: False),
    ],
)
@pytest.mark.parametrize("with_index", [False, True])
def test_only_what_is_selected_is_read(
    folder: Path,
    selection: UrlFilter,
    wanted: Callable[[int], bool],
    with_index: bool,  # noqa: FBT001
) -> None:
    if with_index:
        for path in folder.glob("*.warc.gz"):
            path.with_name(f"{path.name}.cdxj").write_text("\n".join(sorted(index_lines(path))))
    shards = shards_of(folder, selection)
    lines = lines_of(extracted(InProcess(), Plan(url_filter=selection), shards))
    expected = [n for n in range(120) if wanted(n)]
    assert ids_of(lines) == expected
    if with_index:
        assert sum(len(shard.offsets or ()) for shard in shards) == len(expected)
