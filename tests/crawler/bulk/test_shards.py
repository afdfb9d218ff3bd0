"""Files are cut into shards, and each record is read once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crawler.bulk import InProcess, Plan, UrlFilter, extracted
from tests.support.exchanges import exchange, message, write
from tests.support.warcs import ids_of, lines_of, page, shards_of, warc

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("stretch", [1, 700, 4_000, 10**9])
def test_stretches_of_a_file_give_each_record_once(
    folder: Path, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.bulk.shards._RANGE", stretch)
    path = folder / "0.warc.gz"
    if stretch == 1:
        path = warc(folder.parent / "small.warc.gz", range(2))
    shards = shards_of(path)
    assert (len(shards) > 1) == (stretch < 10**6)
    assert ids_of(lines_of(extracted(InProcess(), Plan(), shards))) == list(range(2 if stretch == 1 else 30))


@pytest.mark.parametrize("stretch", [500, 1_500, 4_000])
def test_damage_is_told_once_wherever_the_stretches_meet(
    folder: Path, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "0.warc.gz"
    data = bytearray(path.read_bytes())
    starts = [match.start() for match in re.finditer(rb"\x1f\x8b\x08", data)]
    for number in (7, 8, 20):
        middle = (starts[number] + starts[number + 1]) // 2
        data[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    whole = list(extracted(InProcess(), Plan(), shards_of(path)))
    monkeypatch.setattr("crawler.bulk.shards._RANGE", stretch)
    parts = list(extracted(InProcess(), Plan(), shards_of(path)))
    assert len(parts) > 3
    assert b"".join(r.lines for _, r in parts) == b"".join(r.lines for _, r in whole)
    assert ids_of(b"".join(r.lines for _, r in whole)) == [n for n in range(30) if n not in {7, 8, 20}]
    assert [c for _, r in parts for c in r.complaints] == [c for _, r in whole for c in r.complaints]


def test_the_index_of_a_collection_is_found_and_its_revisits_too(tmp_path: Path) -> None:
    url = "https://www.vietnamplus.vn/mot-bai-post{}.vnp"
    body = message(page(0), extra=b"Content-Type: text/html\r\n")
    write(tmp_path / "c", *(exchange(n, body, url=url.format(n)) for n in range(3)))
    selection = UrlFilter(prefixes=(url.format(2),))
    shards = shards_of(tmp_path / "c", selection)
    assert [len(shard.offsets or ()) for shard in shards] == [1]
    # The original lies in a record that is not selected.
    assert ids_of(lines_of(extracted(InProcess(), Plan(url_filter=selection), shards))) == [2]
