"""An interrupted run is taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crawler.bulk import InProcess, Parts, Plan, UrlFilter, extracted, parts_key
from crawler.errors import ArgumentError
from tests.support.warcs import lines_of, shards_of, warc

if TYPE_CHECKING:
    from pathlib import Path


def test_an_interrupted_run_is_taken_up_again(folder: Path, tmp_path: Path) -> None:
    shards, out = shards_of(folder), tmp_path / "out.jsonl"
    expected = lines_of(extracted(InProcess(), Plan(), shards))
    key = parts_key(shards, UrlFilter(), learns=False)
    with Parts(out, key) as parts:
        half = extracted(InProcess(), Plan(), shards, parts)
        next(half), next(half)
    asked = []

    class Watched:
        def results(self, plan: Plan, numbered: Any) -> Any:
            for number, shard in numbered:
                asked.append(number)
                yield from InProcess().results(plan, [(number, shard)])

    with Parts(out, key) as parts:
        assert not parts.was_stale
        assert lines_of(extracted(Watched(), Plan(), shards, parts)) == expected
        assert asked == [2, 3]
    # Another input gives another key.
    warc(folder / "3.warc.gz", range(90, 121))
    with Parts(out, parts_key(shards_of(folder), UrlFilter(), learns=False)) as parts:
        assert parts.was_stale
        with pytest.raises(ArgumentError, match="another process is writing it"):
            Parts(out, key)
    assert not parts.folder.exists()
