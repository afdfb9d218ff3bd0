"""`scrapy extract`, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.crawls import ROOT, SEEDS, crawl

if TYPE_CHECKING:
    from pathlib import Path

PAGE = SEEDS / "pages" / "000_64e55b9a19bdb261.html"


def _scrapy(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crawler", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)


def test_the_documents(tmp_path: Path) -> None:
    out = tmp_path / "articles.jsonl"
    ended = _scrapy("extract", *sorted(SEEDS.glob("*.txt")), "-o", out)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"5 articles from 5 inputs in {out}\n"
    articles = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert [a["id"].rpartition(":")[0] for a in articles] == [
        "vna:zh", "vna:zh", "vietnamvn:und", "vna:zh", "vna:zh",
    ]  # fmt: skip


def test_archives_give_the_articles_of_the_crawl(tmp_path: Path) -> None:
    crawled = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    ended = _scrapy("extract", crawled.root)
    assert (ended.returncode, ended.stderr) == (0, "")
    extracted = [json.loads(line) for line in ended.stdout.splitlines()]
    # The crawl heard a second witness.
    assert all(item["extractor"].pop("trafilatura") for item in crawled.items)
    for item in (*extracted, *(items := crawled.items)):
        del item["extractor"]["trafilatura"]
    assert extracted == items


def test_a_saved_page_needs_its_address() -> None:
    ended = _scrapy("extract", PAGE, "--url", "https://zh.vietnamplus.vn/article-post268001.vnp")
    assert json.loads(ended.stdout)["id"] == "vna:zh:268001"
    ended = _scrapy("extract", PAGE)
    assert ended.returncode == 1
    assert ended.stderr.endswith("where the page came from must be known; give --url\n")


def test_one_bad_input_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes((SEEDS / "seeds.warc.gz").read_bytes()[:-100])
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe\xff")
    ended = _scrapy("extract", tmp_path / "none.warc", bad, tmp_path / "latin.txt", SEEDS / "seeds.warc.gz")
    assert ended.returncode == 1
    assert len(ended.stdout.splitlines()) == 10
    messages = ended.stderr.splitlines()
    assert len(messages) == 3
    assert "none.warc: no such file or folder" in messages[0]
    assert "bad.warc.gz: record at offset" in messages[1]
    assert "latin.txt" in messages[2]


def test_help_and_wrong_use() -> None:
    assert "--url" in _scrapy("extract", "-h").stdout
    assert _scrapy("extract").returncode == 2
    ended = _scrapy("extract", PAGE, "-o", "/nowhere/x")
    assert ended.returncode == 2
    assert "/nowhere/x: No such file" in ended.stderr
    assert {"baotintuc", "nhandan", "vietnamvn", "vna"} <= set(_scrapy("list").stdout.split())


def _jsonl(path: Path, *articles: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles))
    return path


def test_diff_counts_fields(tmp_path: Path) -> None:
    first = {"id": "a", "headline": "x", "text": "long " * 50, "capture": 1}
    old = _jsonl(tmp_path / "a.jsonl", first, {"id": "b", "headline": "x"}, {"id": "c"})
    new = _jsonl(tmp_path / "b.jsonl", {**first, "headline": "y", "capture": 2}, {"id": "b", "headline": "z"})
    ended = _scrapy("diff", old, new)
    assert ended.returncode == 1
    assert ended.stdout.splitlines() == [
        "a headline", '  - "x"', '  + "y"', "b headline", '  - "x"', '  + "z"', f"c only in {old}",
        "2 articles in both, 1 in one", "  headline        2",
    ]  # fmt: skip
    assert _scrapy("diff", old, old).returncode == 0
    assert "b.jsonl: line 1 is no article" in _scrapy("diff", old, _jsonl(tmp_path / "b.jsonl", {})).stderr
    assert _scrapy("diff", old).returncode == 2
