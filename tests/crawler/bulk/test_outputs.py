"""Where articles go, by the suffix of the file's name."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from backports import zstd

from crawler.bulk.outputs import opened
from tests.support.articles import an_article

if TYPE_CHECKING:
    from pathlib import Path

LINES = b"".join(an_article(number).to_bytes() + b"\n" for number in range(3))


def _written(path: Path, suffix: str) -> bytes:
    with opened(path, suffix) as output:
        output.write(LINES[:100] if suffix != ".parquet" else LINES)
        if suffix != ".parquet":
            output.write(LINES[100:])
    return path.read_bytes()


@pytest.mark.parametrize(
    ("suffix", "read"), [(".jsonl", bytes), (".jsonl.gz", gzip.decompress), (".jsonl.zst", zstd.decompress)]
)
def test_lines_come_back_and_the_same_articles_give_the_same_bytes(
    tmp_path: Path, suffix: str, read: object
) -> None:
    one, other = _written(tmp_path / "one", suffix), _written(tmp_path / "other", suffix)
    assert one == other
    assert read(one) == LINES  # type: ignore[operator]


def test_a_table_has_a_column_for_each_field(tmp_path: Path) -> None:
    from pyarrow import parquet  # noqa: PLC0415

    _written(tmp_path / "a.parquet", ".parquet")
    rows = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    wanted = [json.loads(line) for line in LINES.splitlines()]
    assert [list(row) for row in rows] == [list(row) for row in wanted]
    assert [row["id"] for row in rows] == [row["id"] for row in wanted]
