"""What is announced becomes due and is fetched; nothing that a server says can undo that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.state import State
from tests.support.site import PAGE, Site, answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        yield state


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, count=1)
    with site.server:
        yield site


def test_an_index_is_read_again_though_it_says_that_it_is_the_same(site: Site) -> None:
    """Its children have no dates, one of them fails, and articles come."""
    pages, failing = [1], [True]

    def special(host: str, path: str) -> object:
        if path == "/sitemap.xml":
            text = f"<sitemapindex><sitemap><loc>https://{host}/all.xml</loc></sitemap></sitemapindex>"
            return answer(text.encode(), more=b'ETag: "same"\r\n')
        if path == "/all.xml":
            if failing.pop() if failing else False:
                return answer(b"", b"404 Not Found")
            urls = (f"<url><loc>https://{host}/a-post{number}.vnp</loc></url>" for number in pages)
            return answer(f"<urlset>{''.join(urls)}</urlset>".encode())
        return None if "-post" in path or path == "/robots.txt" else answer(b"<urlset></urlset>")

    site.special = special  # type: ignore[assignment]
    assert site.crawl(edition="zh").items == []
    assert [item["id"] for item in site.crawl(edition="zh", later=60).items] == ["vna:zh:1"]
    pages.append(2)
    assert [item["id"] for item in site.crawl(edition="zh", later=120).items] == ["vna:zh:1", "vna:zh:2"]


def test_a_redirect_to_the_front_page_is_no_new_address(site: Site) -> None:
    site.crawl(edition="zh")
    site.special = lambda _host, path: (
        answer(b"", b"302 Found", b"Location: /\r\n") if "-post" in path else None
    )
    site.crawl(edition="zh", later=3700)
    site.special = lambda _host, path: (
        answer(PAGE.replace(b"A title", b"Another title")) if "-post" in path else None
    )
    items = site.crawl(edition="zh", later=22_000).items
    assert [item["revision"]["number"] for item in items] == [1, 2]


def test_redirects_do_not_leave_the_publisher(site: Site) -> None:
    site.special = lambda _host, path: (
        answer(b"", b"302 Found", b"Location: https://evil.example/x\r\n") if "-post" in path else None
    )
    ended = site.crawl(edition="zh")
    assert {host for _, host, _ in site.log} == {"zh.vietnamplus.vn"}
    assert "1 offsite" in ended.out


@pytest.mark.parametrize(
    "header",
    [
        b"Date: Mon, 01 Jan 2024 00:00:00 +99999999999999999999\r\n",
        b"Date: Mon, 01 Jan 99999999 00:00:00 GMT\r\n",
        b"Date: \xff\xfe\r\n",
        b"ETag: \x01\xff\r\nLast-Modified: never\r\n",
    ],
)
def test_hostile_headers_cost_no_article(site: Site, header: bytes) -> None:
    site.special = lambda _host, path: answer(PAGE, more=header) if "-post" in path else None
    assert len(site.crawl(edition="zh").items) == 1


def test_an_unasked_304_is_no_capture(site: Site) -> None:
    site.special = lambda _host, path: answer(b"", b"304 Not Modified") if "-post" in path else None
    assert site.crawl(edition="zh").items == []
    site.special = lambda _host, _path: None
    assert len(site.crawl(edition="zh", later=900).items) == 1


TWINS = [
    "https://zh.vietnamplus.vn/print-1.html",
    "https://m.zh.vietnamplus.vn/a-post1.vnp",
    "https://zh.vietnamplus.vn/a-post1.amp",
    "https://zh.vietnamplus.vn/a-post1.vnp?utm_source=feed#top",
    "https://zh.vietnamplus.vn/print-1.html?x=1",
]


def test_twins_of_a_page_are_one_article_and_one_request(site: Site) -> None:
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in TWINS)
    site.special = lambda _host, path: (
        None if "-post" in path or path == "/robots.txt" else answer(f"<urlset>{urls}</urlset>".encode())
    )
    ended = site.crawl(edition="zh")
    assert [item["id"] for item in ended.items] == ["vna:zh:1"]
    assert [path for path in site.asked("1.") if not path.endswith(".xml")] == ["/a-post1.vnp"]


def test_a_page_for_printing_is_asked_for_where_no_other_is_known(site: Site) -> None:
    site.special = lambda _host, path: (
        answer(PAGE)
        if path.startswith("/print-")
        else None
        if path == "/robots.txt"
        else answer(f"<urlset><url><loc>{TWINS[0]}</loc></url></urlset>".encode())
    )
    assert [item["id"] for item in site.crawl(edition="zh").items] == ["vna:zh:1"]


def test_a_crawl_stops_before_the_disk_is_full(site: Site) -> None:
    ended = site.crawl({"ARCHIVE_MIN_FREE": 10**13}, edition="zh")
    assert ended.status == 1
    assert "ARCHIVE_MIN_FREE asks for 10,000,000,000,000" in ended.err
    assert not list(ended.root.rglob("*.open"))
    assert len(site.crawl(edition="zh").items) == 1


def test_another_choice_of_editions_reads_anew(site: Site) -> None:
    urls = "".join(
        f"<url><loc>https://{host}.vietnamplus.vn/a-post1.vnp</loc></url>" for host in ("zh", "en")
    )

    def special(host: str, path: str) -> object:
        if path == "/sitemaps/google-news.xml" and host.startswith("zh."):
            return answer(
                f"<urlset>{urls}</urlset>".encode(), more=b"Last-Modified: Mon, 01 Jun 2026 00:00:00 GMT\r\n"
            )
        return None if "-post" in path or path == "/robots.txt" else answer(b"<urlset></urlset>")

    site.special = special  # type: ignore[assignment]
    assert [item["id"] for item in site.crawl(edition="zh").items] == ["vna:zh:1"]
    assert [item["id"] for item in site.crawl(later=60).items] == ["vna:zh:1", "vna:en:1"]


def test_a_page_that_a_killed_crawl_recorded_and_did_not_read_gives_its_article(site: Site) -> None:
    ended = site.crawl(edition="zh")
    (item,) = ended.items
    # As a kill between record and item line leaves it.
    (lines,) = (ended.root / "items").iterdir()
    lines.write_bytes(b"")
    lines.rename(lines.with_name(f"{lines.name}.open"))
    with closing(sqlite3.connect(ended.root / "state.sqlite", isolation_level=None)) as state:
        state.execute(
            "UPDATE article SET fetched = NULL, captured = NULL, revision = 0, fields = NULL, due = announced"
        )
        state.execute("DELETE FROM event")
    site.special = lambda _host, path: answer(b"", b"410 Gone") if "-post" in path else None
    assert site.crawl(edition="zh", later=60).items == [item]
    with closing(State(ended.root / "state.sqlite")) as known:
        events = [(each.kind, each.number) for each in known.articles.history(item["id"])]
    assert events == [("revision", 1), ("removed", 0)]
