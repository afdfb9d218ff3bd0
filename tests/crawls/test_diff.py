"""`scrapy diff`, as a user runs it."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

from tests.support.crawls import run

if TYPE_CHECKING:
    from pathlib import Path


def _jsonl(path: Path, *articles: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles))
    return path


def test_diff_counts_fields(tmp_path: Path) -> None:
    first = {"id": "a", "headline": "x", "text": "long " * 50, "capture": 1}
    old = _jsonl(tmp_path / "a.jsonl", first, {"id": "b", "headline": "x"}, {"id": "c"})
    new = _jsonl(tmp_path / "b.jsonl", {**first, "headline": "y", "capture": 2}, {"id": "b", "headline": "z"})
    ended = run("diff", old, new)
    assert ended.returncode == 1
    assert ended.stdout.splitlines() == [
        "a headline", '  - "x"', '  + "y"', "b headline", '  - "x"', '  + "z"', f"c only in {old}",
        "2 articles in both, 1 in one", "  headline        2",
    ]  # fmt: skip
    assert run("diff", old, old).returncode == 0
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(old.read_bytes()))
    assert run("diff", old, packed).returncode == 0
    packed.write_bytes(packed.read_bytes()[:-9])
    cut = run("diff", old, packed)
    assert cut.returncode == 2
    assert "a.jsonl.gz: Compressed file ended" in cut.stderr
    assert "Traceback" not in cut.stderr
    assert "b.jsonl: line 1 is not an article" in run("diff", old, _jsonl(tmp_path / "b.jsonl", {})).stderr
    assert run("diff", old).returncode == 2
