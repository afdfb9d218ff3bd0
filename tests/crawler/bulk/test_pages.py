"""Articles out of records, saved pages and plain text; what cannot be read is reported."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
from backports import zstd

from archive import Originals, find_sources
from crawler.bulk import Plan, UrlFilter, find_shards
from crawler.bulk.pages import articles_in, described, learned_from, readings_in, readings_of, records_of
from crawler.bulk.tasks import extract_shard
from crawler.extraction import PageReading, Verdict
from crawler.extraction.kinds.known_pages import KnownPages
from crawler.items import Article
from tests.support.crawls import SEEDS
from tests.support.exchanges import exchange, message, write
from tests.support.site import PAGE
from tests.support.warcs import response, shards_of

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://zh.vietnamplus.vn/a-post{}.vnp"
HTML = b"Content-Type: text/html\r\n"


def _read(path: Path, url: str | None = None) -> tuple[list[str], list[str]]:
    told: list[str] = []
    return [article.id for article in articles_in(path, url, told.append)], told


def test_a_saved_page_needs_its_address(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    assert _read(page, URL.format(7)) == (["vna:zh:7"], [])
    assert _read(page) == ([], [f"{page}: a saved HTML page needs its URL; give --url"])
    assert _read(tmp_path / "none.html", URL.format(7)) == (
        [],
        [f"{tmp_path / 'none.html'}: No such file or directory"],
    )


def test_a_plain_text_is_known_by_itself(tmp_path: Path) -> None:
    text = min(SEEDS.glob("*.txt"))
    (found,), told = _read(text)
    assert (found.rpartition(":")[0], told) == ("vna:zh", [])
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe\xff")
    assert "latin.txt" in _read(tmp_path / "latin.txt")[1][0]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (message(PAGE, extra=HTML), ["vna:zh:1"]),
        (message(PAGE, status=b"203 Fine", extra=HTML), ["vna:zh:1"]),
        (message(PAGE, status=b"404 Not Found", extra=HTML), []),
        (message(PAGE, extra=b"Content-Type: image/png\r\n"), []),
        (
            message(
                b"<script>document.cookie='D1N=1234567890abcdef';window.location.reload()</script>",
                extra=HTML,
            ),
            [],
        ),
        (b"SSH-2.0-OpenSSH\r\n", []),
    ],
    ids=["page", "203", "404", "picture", "challenge", "no HTTP"],
)
def test_only_pages_that_came_hold_articles(tmp_path: Path, received: bytes, expected: list[str]) -> None:
    write(tmp_path / "c", exchange(0, received, url=URL.format(1)))
    assert _read(tmp_path / "c") == (expected, [])


def test_a_revisit_has_the_body_of_its_original_or_is_reported(tmp_path: Path) -> None:
    received = message(PAGE, extra=HTML)
    write(tmp_path / "c", *(exchange(n, received, url=URL.format(n)) for n in (1, 2)))
    assert _read(tmp_path / "c") == (["vna:zh:1", "vna:zh:2"], [])


def test_publishers_teach_nothing(tmp_path: Path) -> None:
    write(tmp_path / "c", *(exchange(n, message(PAGE, extra=HTML), url=URL.format(n)) for n in range(9)))
    repeated = learned_from(find_sources([tmp_path / "c" / "archive"]))
    assert _read(tmp_path / "c")[0] == [f"vna:zh:{n}" for n in range(9)]
    assert repeated is not None


def _message(body: bytes, more: bytes = b"", length: int | None = None) -> bytes:
    said = b"Content-Length: %d\r\n" % (len(body) if length is None else length) if length != -1 else b""
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%b%b\r\n%b" % (more, said, body)


def _encoded(coding: bytes, body: bytes) -> bytes:
    return _message(body, b"Content-Encoding: %b\r\n" % coding)


CHUNKED = b"Transfer-Encoding: chunked\r\n"
GZIPPED = gzip.compress(PAGE)
#: Records of pages that are not whole, and what else their heads say.
CUT = {
    "the record says it": (_message(PAGE), "WARC-Truncated: length"),
    "shorter than its length": (_message(PAGE, length=len(PAGE) + 1),),
    "no last chunk": (_message(b"%x\r\n%b\r\n" % (len(PAGE), PAGE), CHUNKED, -1),),
    "a chunk that is cut": (_message(b"%x\r\n%b" % (len(PAGE) + 9, PAGE), CHUNKED, -1),),
    "gzip": (_encoded(b"gzip", GZIPPED[:-9]),),
    "a second gzip member": (_encoded(b"gzip", GZIPPED + GZIPPED[:40]),),
    "deflate": (_encoded(b"deflate", zlib.compress(PAGE)[:-5]),),
    "raw deflate": (_encoded(b"deflate", zlib.compress(PAGE)[2:-12]),),
    "brotli": (_encoded(b"br", brotli.compress(PAGE)[:-3]),),
    "zstd": (_encoded(b"zstd", zstd.compress(PAGE * 2)[:-3]),),
}


@pytest.mark.parametrize("name", CUT)
def test_a_page_that_was_cut_off_gives_no_article_that_does_not_say_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / "cut.warc.gz"
    block, *more = CUT[name]
    path.write_bytes(response(URL.format(1), block, "2026-01-02T03:04:05Z", *more))
    assert [reading.kind for reading in readings_in(path, None, pytest.fail)] == ["cut"]
    assert _read(path) == ([], [])
    (shard,) = shards_of(path)
    assert extract_shard(Plan(), shard).kinds == {"cut": 1}
    asked_for = extract_shard(Plan(with_cut=True), shard)
    for line in asked_for.lines.splitlines():
        assert "cut" in Article.from_json(line).flags
    assert asked_for.count == asked_for.kinds.get("article", 0)
    assert asked_for.count or "zstd" in name


def test_a_body_that_ends_with_its_connection_or_stored_decoded_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "whole.warc.gz"
    blocks = (
        _message(PAGE, length=-1),
        _encoded(b"gzip", PAGE),
        _encoded(b"gzip", GZIPPED + b"\0\0"),
        _message(PAGE, CHUNKED, -1),
        # More than the length says, as some servers send it: the rest is not the page's.
        _message(PAGE + b"\r\n", length=len(PAGE)),
    )
    dates = (f"2026-01-0{day}T00:00:00Z" for day in range(1, 9))
    path.write_bytes(
        b"".join(response(URL.format(1), block, date) for block, date in zip(blocks, dates, strict=False))
    )
    assert _read(path) == (["vna:zh:1"] * 5, [])


def test_a_body_that_cannot_be_decoded_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "broken.warc.gz"
    broken = GZIPPED[:100] + b"broken" + GZIPPED[106:]
    blocks = _encoded(b"gzip", broken), _encoded(b"x-press", PAGE), _encoded(b"gzip", broken[:-9])
    path.write_bytes(b"".join(response(URL.format(1), block, "2026-01-02T03:04:05Z") for block in blocks))
    readings = list(readings_in(path, None, pytest.fail))
    assert {reading.kind for reading in readings} <= {"not_text", "cut"}
    assert described(readings[1]) == "not_text: - unknown content coding b'x-press'"


REVISIT = (
    "WARC-Type: revisit",
    "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
)


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_revisit_is_as_whole_as_its_original(tmp_path: Path, *, is_cut: bool) -> None:
    path = tmp_path / "revisit.warc.gz"
    date = "2026-01-02T03:04:05Z"
    original = response(URL.format(1), _message(PAGE), date, *["WARC-Truncated: time"] * is_cut)
    # Some tools mark each revisit so: its body is elsewhere.
    more = *REVISIT, f"WARC-Refers-To: <urn:x:{URL.format(1)}:{date}>", "WARC-Truncated: length"
    revisit = gzip.decompress(response(URL.format(2), _message(b"", length=len(PAGE)), date, *more))
    bare = response(URL.format(3), b"", date, *more)
    revisits = (each.replace(b"WARC-Type: response\r\n", b"", 1) for each in (revisit, gzip.decompress(bare)))
    path.write_bytes(original + b"".join(map(gzip.compress, revisits)))
    kinds = [reading.kind for reading in readings_in(path, None, pytest.fail)]
    assert kinds == ["cut" if is_cut else "article"] * 3


def test_a_text_record_can_be_cut_too(tmp_path: Path) -> None:
    text = min(SEEDS.glob("*.txt")).read_bytes()
    path = tmp_path / "a.warc.wet.gz"
    for more in ((), ("WARC-Truncated: length",)):
        record = gzip.decompress(response(URL.format(7), text, "2026-01-02T03:04:05Z", *more))
        path.write_bytes(gzip.compress(record.replace(b"WARC-Type: response", b"WARC-Type: conversion", 1)))
        assert [reading.kind for reading in readings_in(path, None, pytest.fail)] == [
            "cut" if more else "article"
        ]


def test_a_kind_is_told_with_its_strongest_reasons() -> None:
    verdict = Verdict(kind="listing", reasons=("- one", "- two", "- three", "- four"))
    assert described(PageReading(verdict=verdict)) == "listing: - one; - two; - three"
    assert described(PageReading(verdict=Verdict(kind="empty"))) == "empty"


def test_a_page_whose_html_is_cut_is_read_where_that_is_asked_for(tmp_path: Path) -> None:
    open_page = PAGE.removesuffix(b"</body></html>")
    page = tmp_path / "page.html"
    page.write_bytes(open_page)
    (saved,) = find_shards([str(page)], URL.format(1), UrlFilter(), [], pytest.fail)
    write(tmp_path / "c", exchange(0, message(open_page, extra=HTML), url=URL.format(1)))
    for shard in (saved, *shards_of(tmp_path / "c")):
        assert extract_shard(Plan(), shard).kinds == {"cut": 1}
        asked_for = extract_shard(Plan(with_cut=True), shard)
        assert asked_for.kinds == {"article": 1}
        assert "cut" in Article.from_json(asked_for.lines).flags


def test_what_a_site_says_on_its_error_pages_is_known_again_with_status_200(tmp_path: Path) -> None:
    text = (
        b"This corner of the paper has been emptied for good. Our readers find much else on the other pages. "
        * 4
    )
    lost = (
        b"<html><head><meta property=og:type content=article></head><body><h1>Nothing left of all this today</h1>"
        b"<p>1 January 2026</p><article><p>%b</p></article></body></html>" % text
    )
    urls = [f"https://paper.example/news/what-happened-in-town-{n}.html" for n in (1, 2)]
    write(
        tmp_path / "c",
        exchange(0, message(lost, status=b"404 Not Found", extra=HTML), url=urls[0]),
        exchange(1, message(lost, extra=HTML), url=urls[1]),
    )
    sources, errors = find_sources([tmp_path / "c"]), KnownPages()
    learned_from(sources, errors)
    found = []
    for known in (None, errors):
        records = records_of(sources[0], pytest.fail)
        readings = readings_of(records, sources[0], Originals(sources), pytest.fail, errors=known)
        found.append([reading.kind for reading in readings])
    assert found == [["article"], ["error"]]
