"""Offline crawls: the same bytes every time, no socket, clear words when the archive is not right."""

from __future__ import annotations

import gzip
import itertools
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import ArchiveIndex, Collection, Exchange, WarcWriter, WriterOptions, find_sources
from crawler.state import State
from tests.support.crawls import ROOT, SEEDS, crawl, records, run, run_apart

# Refuses every socket but the pair by which an event loop wakes itself.
NO_SOCKETS = """
import sys

def audit(event, arguments):
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}:
        raise RuntimeError(f"{event}{arguments}")
    if event == "socket.__new__" and arguments[1] != 1:
        raise RuntimeError(f"{event}{arguments}")

sys.addaudithook(audit)
"""


def test_replays_give_the_same_bytes_at_any_concurrency(tmp_path: Path) -> None:
    runs = [
        crawl("vna", tmp_path / name, {"REPLAY": SEEDS, **settings}, by=run_apart if name == "twice" else run)
        for name, settings in {
            "once": {},
            "twice": {},
            "one": {"CONCURRENT_REQUESTS": 1},
            "many": {"CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 32},
        }.items()
    ]
    first = runs[0].files()
    assert {Path(name).suffix for name in first} == {".gz", ".cdxj", ".jsonl"}
    assert len(runs[0].items) == 4
    for ended in runs:
        assert ended.status == 0, ended.err
        assert ended.files() == first


def test_a_replay_into_the_same_collection_changes_nothing(tmp_path: Path) -> None:
    first = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    files = first.files()
    second = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    assert second.files() == files
    assert second.out == first.out
    part = crawl("vna", tmp_path, {"REPLAY": SEEDS}, edition="vi")
    assert part.status == 0, part.err
    assert files.items() <= part.files().items()


@pytest.mark.parametrize(
    ("spider", "articles"), [("vna", 4), ("vietnamvn", 1), ("nhandan", 0), ("baotintuc", 0)]
)
def test_every_spider_replays_the_seeds(tmp_path: Path, spider: str, articles: int) -> None:
    ended = crawl(spider, tmp_path, {"REPLAY": SEEDS})
    assert ended.status == 0, ended.err
    assert ended.err == ""
    assert len(ended.items) == articles
    assert ended.out.splitlines()[0] == spider
    rows = dict(line.split(maxsplit=1) for line in ended.out.splitlines()[1:])
    assert rows["articles"] == str(articles)
    assert rows["failures"] == "0"


def test_a_replay_opens_no_socket(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKETS)
    path = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    refused = subprocess.run(
        [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"],
        capture_output=True, check=False, env={**os.environ, **path}, text=True,
    )  # fmt: skip
    assert "RuntimeError: socket." in refused.stderr
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": SEEDS}, environment=path, by=run_apart)
    assert ended.status == 0, ended.err
    assert len(ended.items) == 4


def test_what_the_archive_lacks_is_refused_and_counted(tmp_path: Path) -> None:
    urls = "https://zh.vietnamplus.vn/article-post268001.vnp,https://zh.vietnamplus.vn/article-post1.vnp"
    ended = crawl("vna", tmp_path, {"REPLAY": SEEDS}, urls=urls)
    assert [item["id"] for item in ended.items] == ["vna:zh:268001"]
    assert "1 request, to zh.vietnamplus.vn" in ended.out


def test_exchanges_are_copied_as_they_were(tmp_path: Path) -> None:
    ended = crawl("vietnamvn", tmp_path, {"REPLAY": SEEDS})
    originals = {e.url: e.read() for e in ArchiveIndex(find_sources([SEEDS / "seeds.warc.gz"]))}
    copies = {e.url: e.read() for e in ArchiveIndex(find_sources(ended.warcs))}
    assert len(copies) == 7
    assert copies == {url: originals[url] for url in copies}


def test_without_archiving_items_point_into_the_replayed_archive(tmp_path: Path) -> None:
    ended = crawl("vietnamvn", tmp_path, {"REPLAY": SEEDS, "ARCHIVE_ENABLED": False})
    assert ended.warcs == []
    (item,) = ended.items
    capture = item["capture"]
    assert capture["file"] == "seeds.warc.gz"
    (record,) = (r for r in records(SEEDS / "seeds.warc.gz") if r.offset == capture["offset"])
    assert record.get("WARC-Record-ID") == capture["record_id"]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def _overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[20_000:20_100] = bytes(100)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (Path.unlink, "no such file or folder"),
        (lambda path: path.write_bytes(b""), "holds no HTTP exchange"),
        (lambda path: path.write_bytes(b"<html>" * 100), "no WARC record begins with"),
        (_cut, "the file ends inside it"),
        (_overwritten, "record at offset"),
    ],
)
def test_a_broken_archive_stops_the_crawl_with_one_line(tmp_path: Path, spoil: object, words: str) -> None:
    archive = tmp_path / "broken.warc.gz"
    shutil.copy(SEEDS / "seeds.warc.gz", archive)
    spoil(archive)  # type: ignore[operator]
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": archive})
    assert ended.status == 1
    (line,) = ended.err.splitlines()
    assert line.startswith("vna: error: ")
    assert str(archive) in line
    assert words in line
    assert not list((tmp_path / "crawl").rglob("*.*"))


def test_a_collection_is_not_replayed_into_itself(tmp_path: Path) -> None:
    first = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    files = first.files()
    again = crawl("vna", tmp_path, {"REPLAY": first.root})
    assert again.status == 1
    assert "lies in the collection that this crawl writes" in again.err
    assert again.files() == files


def test_a_replay_leaves_no_trace_in_what_live_crawls_know(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    state = State(ended.root / "state.sqlite")
    assert state.sources.last_complete_crawl("zh") is None
    assert not state.articles.knows("vna:zh:268001")
    state.close()


def test_other_limits_give_another_job_and_a_rerun_replaces_its_own(tmp_path: Path) -> None:
    small = crawl("vna", tmp_path, {"REPLAY": SEEDS, "ARCHIVE_MAX_BYTES": 10_000})
    assert len(small.warcs) > 2
    files = small.files()
    assert crawl("vna", tmp_path, {"REPLAY": SEEDS, "ARCHIVE_MAX_BYTES": 10_000}).files() == files
    assert len(crawl("vna", tmp_path / "other", {"REPLAY": SEEDS}).warcs) == 1


def test_an_archive_gzipped_as_one_member_replays_alike(tmp_path: Path) -> None:
    archive = tmp_path / "seeds.warc.gz"
    archive.write_bytes(gzip.compress(gzip.decompress((SEEDS / "seeds.warc.gz").read_bytes())))
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": archive})
    usual = crawl("vna", tmp_path / "usual", {"REPLAY": SEEDS})
    texts = [item["text"] for item in ended.items]
    assert texts == [item["text"] for item in usual.items]
    assert [r.block for p in ended.warcs for r in records(p)][1:3] == [
        r.block for p in usual.warcs for r in records(p)
    ][1:3]


def test_leftovers_that_are_no_articles_do_not_block_a_collection(tmp_path: Path) -> None:
    first = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    leftover = first.root / "items" / "20260101000000-000000.jsonl.open"
    line = (first.root / "items").glob("*.jsonl").__next__().read_bytes().splitlines()[0]
    leftover.write_bytes(bytes(20) + b"\n" + line + b"\n" + b'{"torn')
    index = first.root / "indexes" / "index.cdxj"
    index.write_text("this is no CDXJ\n" + index.read_text())
    second = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    assert second.status == 0, second.err
    assert "2 lines that are not articles moved to 20260101000000-000000.jsonl.damaged" in second.err
    assert (first.root / "items" / "20260101000000-000000.jsonl").read_bytes() == line + b"\n"
    assert "no CDXJ" not in index.read_text()


def _record(url: str, date: str, status: int, body: bytes, content_type: bytes = b"text/html") -> Exchange:
    head = b"HTTP/1.1 %d X\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    return Exchange(
        url=url,
        method="GET",
        started=datetime.fromisoformat(date),
        sent=b"GET / HTTP/1.1\r\n\r\n",
        received=head % (status, content_type, len(body)) + body,
    )


def _archive(folder: Path, exchanges: list[Exchange]) -> Path:
    collection = Collection(folder)
    collection.acquire("a test")
    numbers = itertools.count()
    writer = WarcWriter(
        collection, "job", {}, options=WriterOptions(max_bytes=1 << 30, max_age=timedelta(days=1)),
        clock=lambda: datetime(2026, 1, 9, tzinfo=UTC), new_id=lambda _what: f"<urn:test:{next(numbers)}>",
    )  # fmt: skip
    for exchange in exchanges:
        writer.write(exchange)
    writer.close()
    collection.release()
    return folder


def _feed(*numbers: int) -> bytes:
    items = b"".join(b"<item><link>https://zh.vietnamplus.vn/a-post%d.vnp</link></item>" % n for n in numbers)
    return b"<rss><channel>" + items + b"</channel></rss>"


def _page(number: int, text: str) -> bytes:
    # So short a text proves nothing, so the page names itself.
    head = f'<link rel="canonical" href="https://zh.vietnamplus.vn/a-post{number}.vnp">'
    html = f"{head}<h1 class='article__title'>Title {number}</h1><div class='cms-body'><p>{text}</p></div>"
    return html.encode()


FEED = "https://zh.vietnamplus.vn/rss/home.rss"


def test_a_replay_covers_every_crawl_of_its_archive(tmp_path: Path) -> None:
    page = "https://zh.vietnamplus.vn/a-post{}.vnp"
    archive = _archive(
        tmp_path / "vna",
        [
            _record(FEED, "2026-01-01T00:00:00Z", 200, _feed(1), b"application/rss+xml"),
            _record(page.format(1), "2026-01-01T00:00:01Z", 200, _page(1, "first words")),
            _record(FEED, "2026-01-02T00:00:00Z", 200, _feed(2), b"application/rss+xml"),
            _record(page.format(2), "2026-01-02T00:00:01Z", 503, b"busy"),
            _record(page.format(2), "2026-01-02T00:00:02Z", 200, _page(2, "other words")),
            _record(page.format(1), "2026-01-03T00:00:00Z", 200, _page(1, "edited words")),
            _record(page.format(1), "2026-01-04T00:00:00Z", 404, b"gone"),
        ],
    )
    ended = crawl("vna", tmp_path / "again", {"REPLAY": archive}, edition="zh")
    found = [(item["id"], item["text"], item["revision"]) for item in ended.items]
    assert found == [
        ("vna:zh:1", "first words", {"number": 1, "changed": []}),
        ("vna:zh:2", "other words", {"number": 1, "changed": []}),
        ("vna:zh:1", "edited words", {"number": 2, "changed": ["body", "text"]}),
    ]
    copied = [e.status for e in ArchiveIndex(find_sources(ended.warcs))]
    assert sorted(copied) == [200, 200, 200, 200, 200, 404, 503]


def test_several_addresses_of_one_article_replay_alike_at_any_concurrency(tmp_path: Path) -> None:
    hosts = ("www", "en", "fr", "es", "zh", "ru")
    exchanges = []
    for second, host in enumerate(hosts):
        root = f"https://{host}.vietnamplus.vn"
        links = b"".join(
            b"<item><link>https://zh.vietnamplus.vn/%b%d-post7.vnp</link></item>" % (host.encode(), n)
            for n in range(3)
        )
        feed = b"<rss><channel>" + links + b"</channel></rss>"
        exchanges.append(
            _record(f"{root}/rss/home.rss", f"2026-01-01T00:00:{second:02}Z", 200, feed, b"text/xml")
        )
        exchanges += [
            _record(
                f"https://zh.vietnamplus.vn/{host}{n}-post7.vnp",
                f"2026-01-01T00:01:{second:02}Z",
                200,
                _page(7, "the same words"),
            )
            for n in range(3)
        ]
    archive = _archive(tmp_path / "vna", exchanges)
    runs = [
        crawl("vna", tmp_path / str(n), {"REPLAY": archive, "CONCURRENT_REQUESTS": n}).files()
        for n in (1, 2, 32)
    ]
    assert runs[0] == runs[1] == runs[2]
    assert sum(name.endswith(".jsonl") for name in runs[0]) == 1


def test_what_failed_live_fails_in_the_replay_and_is_copied(tmp_path: Path) -> None:
    url = "https://zh.vietnamplus.vn/a-post1.vnp"
    cut = replace(_record(url, "2026-01-01T00:00:00Z", 200, _page(1, "x")), truncated="disconnect")
    archive = _archive(tmp_path / "vna", [cut])
    ended = crawl("vna", tmp_path / "again", {"REPLAY": archive}, urls=url)
    assert "failures       1 (1 no whole answer)" in ended.out
    assert "not in archive 0 requests" in ended.out
    (copy,) = ArchiveIndex(find_sources(ended.warcs))
    assert copy.read() == cut


def test_an_article_with_half_a_surrogate_is_kept(tmp_path: Path) -> None:
    url = "https://zh.vietnamplus.vn/a-post1.vnp"
    ld = b'<script type="application/ld+json">{"@type": "NewsArticle", "description": "a\\ud800b"}</script>'
    archive = _archive(tmp_path / "vna", [_record(url, "2026-01-01T00:00:00Z", 200, ld + _page(1, "words"))])
    ended = crawl("vna", tmp_path / "again", {"REPLAY": archive}, urls=url)
    assert [item["description"] for item in ended.items] == ["a\ufffdb"]


def test_the_argument_that_scrapyd_adds_changes_nothing(tmp_path: Path) -> None:
    settings = {"REPLAY": SEEDS}
    one = crawl("vna", tmp_path / "one", settings, edition="zh")
    other = crawl("vna", tmp_path / "other", settings, edition="zh", _job="1efe137ce62911f1")
    assert (one.status, other.status) == (0, 0)
    assert one.files() == other.files()


def test_what_other_tools_say_of_an_exchange_is_no_answer(tmp_path: Path) -> None:
    """Heritrix writes metadata records that are concurrent to responses."""
    out = b""
    for record in records(SEEDS / "seeds.warc.gz"):
        data = (SEEDS / "seeds.warc.gz").read_bytes()[record.offset : record.offset + record.length]
        out += data
        if record.type == "response":
            out += gzip.compress(
                b"WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:x:%d>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
                b"WARC-Concurrent-To: %b\r\nContent-Type: application/warc-fields\r\nContent-Length: 14\r\n\r\n"
                b"fetchTimeMs: 9\r\n\r\n" % (record.offset, record.get("WARC-Record-ID").encode())
            )
    path = tmp_path / "heritrix.warc.gz"
    path.write_bytes(out)
    ended = crawl("vna", tmp_path / "again", {"REPLAY": path}, edition="zh")
    assert len(ended.items) == 4
