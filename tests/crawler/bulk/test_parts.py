"""An interrupted run is taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crawler.bulk import InProcess, Parts, Plan, extracted, parts_key
from crawler.errors import ArgumentError
from tests.support.warcs import lines_of, shards_of, warc

if TYPE_CHECKING:
    from pathlib import Path


def test_an_interrupted_run_is_taken_up_again(folder: Path, tmp_path: Path) -> None:
    shards, out = shards_of(folder), tmp_path / "out.jsonl"
    expected = lines_of(extracted(InProcess(), Plan(), shards))
    key = parts_key(shards, Plan())
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
    with Parts(out, parts_key(shards_of(folder), Plan())) as parts:
        assert parts.was_stale
        with pytest.raises(ArgumentError, match="another process is writing it"):
            Parts(out, key)
    assert not parts.folder.exists()


def test_a_part_gives_back_its_result_and_any_line_of_it(folder: Path, tmp_path: Path) -> None:
    shards, plan = shards_of(folder / "0.warc.gz"), Plan(with_keys=True)
    ((_, result),) = extracted(InProcess(), plan, shards)
    assert len(result.frames) == 2
    with Parts(tmp_path / "out.jsonl", parts_key(shards, plan)) as parts:
        parts.put(0, result)
        assert parts.get(0) == result
        lines = result.lines.splitlines()
        assert [parts.line(0, index) for index in range(30)] == lines


@pytest.mark.parametrize(
    "other", [Plan(with_cut=True), Plan(with_keys=True), Plan(publishers=("a",))], ids=str
)
def test_parts_of_other_options_are_not_taken(folder: Path, other: Plan) -> None:
    shards = shards_of(folder)
    assert parts_key(shards, other) != parts_key(shards, Plan()) == parts_key(shards, Plan())
