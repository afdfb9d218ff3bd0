"""`scrapy extract`, as a user runs it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.archive.test_revisits import exchange, message, write
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


PLEA = "This paper lives by its readers alone, and the editors thank each of them for what they give us every month."


def _paper(path: Path, host: str, pages: int) -> Path:
    """Write a WARC of *pages* articles of one site, each with a paragraph of its own and one that all have."""
    records = []
    for number in range(pages):
        own = (
            f"Paragraph {number} tells what happened on this day in the town, and to whom it did, at length. "
            * 3
        )
        html = f"<title>Article {number}</title><article><p>{own}</p><p>{PLEA}</p></article>"
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(html)}\r\n\r\n{html}"
        records.append(
            "WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
            f"WARC-Record-ID: <urn:test:{number}>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
            f"WARC-Target-URI: https://{host}/{number}.html\r\nContent-Length: {len(block)}\r\n\r\n{block}\r\n\r\n"
        )
    path.write_bytes("".join(records).encode())
    return path


def test_what_a_site_prints_on_many_pages_can_be_learned(tmp_path: Path) -> None:
    many = _paper(tmp_path / "many.warc", "many.example", 6)
    few = _paper(tmp_path / "few.warc", "few.example", 3)

    def extracted(*options: str) -> list[dict[str, Any]]:
        ended = _scrapy("extract", many, few, *options)
        assert (ended.returncode, ended.stderr) == (0, "")
        return [json.loads(line) for line in ended.stdout.splitlines()]

    assert all(item["text"].endswith(PLEA) for item in extracted())
    items = extracted("-s", "EXTRACTION_LEARN=1")
    assert [PLEA in item["text"] for item in items] == [False] * 6 + [True] * 3
    assert ["learned_blocks" in item["flags"] for item in items] == [True] * 6 + [False] * 3
    assert [item["text"].split()[1] for item in items] == ["0", "1", "2", "3", "4", "5", "0", "1", "2"]
    # The same bytes give the same items, in any process.
    assert extracted("-s", "EXTRACTION_LEARN=1") == items
    ended = _scrapy("extract", many, "-s", "EXTRACTION_LEARN=maybe")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "EXTRACTION_LEARN=maybe: allowed: True, False, 1, 0" in ended.stderr


def test_a_saved_page_needs_its_address() -> None:
    ended = _scrapy("extract", PAGE, "--url", "https://zh.vietnamplus.vn/article-post268001.vnp")
    assert json.loads(ended.stdout)["id"] == "vna:zh:268001"
    ended = _scrapy("extract", PAGE)
    assert ended.returncode == 1
    assert ended.stderr.endswith("a saved HTML page needs its URL; give --url\n")


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
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(old.read_bytes()))
    assert _scrapy("diff", old, packed).returncode == 0
    packed.write_bytes(packed.read_bytes()[:-9])
    cut = _scrapy("diff", old, packed)
    assert cut.returncode == 2
    assert "a.jsonl.gz: Compressed file ended" in cut.stderr
    assert "Traceback" not in cut.stderr
    assert (
        "b.jsonl: line 1 is not an article" in _scrapy("diff", old, _jsonl(tmp_path / "b.jsonl", {})).stderr
    )
    assert _scrapy("diff", old).returncode == 2


def test_a_revisit_gives_the_article_of_the_page_it_refers_to(tmp_path: Path) -> None:
    url = "https://www.vietnamplus.vn/mot-bai-post{}.vnp"
    page = f"<h1 class=article__title>Title</h1><div class=cms-body><p>{PLEA}</p></div>".encode()
    received = message(page, extra=b"Content-Type: text/html\r\n")
    write(tmp_path / "c", *(exchange(n, received, url=url.format(n)) for n in range(2)))
    ended = _scrapy("extract", tmp_path / "c")
    assert (ended.returncode, ended.stderr) == (0, "")
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert (first["id"], second["id"]) == ("vna:vi:0", "vna:vi:1")
    assert first["text"] == second["text"] == PLEA
    assert first["capture"]["offset"] < second["capture"]["offset"]
