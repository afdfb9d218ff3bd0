"""Loading more of a listing: both shapes of the API's answers, where it ends, and what robots.txt says to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crawler.discovery.load_more import first_page, next_page, page_number, read_more
from tests.crawler.test_politeness import PAGE, Site, _answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wire_server import Answer

BASE = "https://zh.vietnamplus.vn/"
CONFIG = "<script>var cmsConfig = {{ domainApi: '{api}', pageType: 'home', adsZone: {zone}, }};</script>"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (CONFIG.format(api="https://api.a.vn", zone=438), "https://api.a.vn/api/morenews-zone-438-1.html"),
        ('{"domainApi":"https://api.a.vn/","adsZone":"7"}', "https://api.a.vn/api/morenews-zone-7-1.html"),
        (CONFIG.format(api="https://api.a.vn", zone=0), None),
        (CONFIG.format(api="javascript:alert(1)", zone=438), None),
        ("var cmsConfig = {}", None),
    ],
)
def test_a_listing_says_where_more_is(script: str, expected: str | None) -> None:
    found = first_page(f"<html>{script}".encode(), "https://a.vn/")
    assert (found and found.partition("?")[0]) == expected


def test_pages_follow_one_another() -> None:
    first = "https://api.a.vn/api/morenews-zone-438-1.html?phrase=&page_size=30"
    assert next_page(first) == "https://api.a.vn/api/morenews-zone-438-2.html?phrase=&page_size=30"
    assert (page_number(first), page_number(next_page(first)), page_number(BASE)) == (1, 2, 0)


OBJECTS = {
    "data": {
        "load_more": True,
        "contents": [
            {"url": "/a-post1.vnp", "title": "A", "date": 1784500000},
            {"url": "https://zh.vietnamplus.vn/b-post2.vnp", "title": "B", "date": "1784400000"},
            {"url": "c-post3.vnp"},
        ],
    }
}
HTML = {
    "error_code": 0,
    "data": {
        "articles": "<article><h4><a class='cms-link' href='/a-post1.html'>A</a></h4>"
        "<time datetime='2026-07-20T06:31:56+0700' data-time='1784503916'></time></article>"
        "<article><a class='cms-link' href='https://nhandan.vn/b-post2.html'>B</a></article>"
    },
}


def test_a_list_of_objects() -> None:
    read = read_more(json.dumps(OBJECTS).encode(), BASE)
    assert read is not None
    found, follows = read
    assert [(a.url, a.date) for a in found] == [
        (BASE + "a-post1.vnp", datetime.fromtimestamp(1784500000, UTC)),
        (BASE + "b-post2.vnp", datetime.fromtimestamp(1784400000, UTC)),
        (BASE + "c-post3.vnp", None),
    ]
    assert (found.whole, follows) == (True, True)


def test_a_piece_of_html() -> None:
    read = read_more(json.dumps(HTML).encode(), "https://nhandan.vn/")
    assert read is not None
    found, follows = read
    assert [(a.url, a.date) for a in found] == [
        ("https://nhandan.vn/a-post1.html", datetime.fromtimestamp(1784503916, UTC)),
        ("https://nhandan.vn/b-post2.html", None),
    ]
    assert follows


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        ({"data": {**OBJECTS["data"], "load_more": False}}, 3),
        ({"data": {"contents": [], "load_more": True}}, 0),
        ({"data": {"articles": ""}}, 0),
        ({"error_code": 404, "data": None}, 0),
    ],
)
def test_the_last_answer(answer: dict[str, Any], count: int) -> None:
    read = read_more(json.dumps(answer).encode(), BASE)
    assert read is not None
    assert (len(read[0]), read[1]) == (count, False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"3",
        b'{"data": []}',
        b'{"data": {"articles": 3}}',
        b"[" * 100_000,
        b"\xff\xfe{",
    ],
)
def test_what_is_no_answer(body: bytes) -> None:
    assert read_more(body, BASE) is None


@pytest.mark.parametrize("date", [1e308, -1e18, "9" * 400, True, [], {}, None, "soon", float("nan")])
def test_broken_dates_and_addresses_cost_nothing_but_themselves(date: object) -> None:
    contents = [
        {"url": "/a-post1.vnp", "date": date},
        {"url": "http://[bad"},
        {"url": 7},
        7,
        {"url": "/\ud800-post2.vnp"},
        {"url": "/\0-post2.vnp"},
    ]
    read = read_more(json.dumps({"data": {"contents": contents}}).encode(), BASE)
    assert read is not None
    assert [(a.url, a.date) for a in read[0]] == [(BASE + "a-post1.vnp", None)]
    assert not read[0].whole


class Listing(Site):
    """An edition that announces through its front page and the API behind it alone, three articles an answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.robots = _answer(b"User-agent: *\nDisallow:\n")
        self.api = "https://zh-api.vietnamplus.vn"
        #: Numbers of the articles, the newest first, and how old each is.
        self.articles = {number: timedelta(hours=20 - number) for number in range(20, 0, -1)}
        self.fails: set[int] = set()
        self.special = self._listing

    def _listing(self, _host: str, path: str) -> Answer | None:
        numbers = list(self.articles)
        if "/api/morenews-zone-438-" in path:
            page = int(path.split("438-")[1].split(".", maxsplit=1)[0])
            chosen = numbers[3 * page : 3 * page + 3]
            contents = [
                {
                    "url": f"/a-post{number}.vnp",
                    "date": (datetime.now(UTC) - self.articles[number]).timestamp(),
                }
                for number in chosen
            ]
            data = {"contents": contents, "load_more": 3 * page + 3 < len(numbers)}
            return (
                _answer(b"", b"404 Not Found")
                if page in self.fails
                else _answer(json.dumps({"data": data}).encode())
            )
        if path == "/":
            links = "".join(f"<a href='/a-post{number}.vnp'>x</a>" for number in numbers[:3])
            return _answer((CONFIG.format(api=self.api, zone=438) + links).encode())
        return None if "-post" in path or path == "/robots.txt" else _answer(b"<urlset></urlset>")

    def pages(self) -> list[int]:
        """Return which answers of the API were asked for, and forget them."""
        found = [int(path.split("438-")[1].split(".")[0]) for path in self.asked("/api/")]
        self.log.clear()
        return found

    def ids(self, **given: Any) -> list[int]:
        return sorted(int(item["id"].rpartition(":")[2]) for item in self.crawl(edition="zh", **given).items)


@pytest.fixture
def listing(tmp_path: Path) -> Iterator[Listing]:
    site = Listing(tmp_path)
    with site.server:
        yield site


def test_more_is_loaded_to_the_end_and_then_only_while_there_is_news(listing: Listing) -> None:
    assert listing.ids() == list(range(1, 21))
    assert listing.pages() == [1, 2, 3, 4, 5, 6]
    assert listing.ids(later=60) == list(range(1, 21))
    assert listing.pages() == []
    listing.articles = {number: timedelta() for number in range(25, 20, -1)} | listing.articles
    assert listing.ids(later=120) == list(range(1, 26))
    # 25 to 23 stand in the listing, 22 and 21 on the first page, nothing new on the second.
    assert listing.pages() == [1, 2]


def test_it_ends_with_what_is_older_than_the_last_look(listing: Listing) -> None:
    listing.articles = {number: timedelta(hours=6 * (20 - number)) for number in range(20, 0, -1)}
    assert listing.ids() == [16, 17, 18, 19, 20]
    assert listing.pages() == [1, 2]


def test_an_answer_that_fails_is_asked_for_again_though_all_before_it_is_known(listing: Listing) -> None:
    listing.fails = {3}
    assert listing.ids() == list(range(12, 21))
    listing.fails = set()
    listing.log.clear()
    assert listing.ids(later=60) == list(range(1, 21))
    assert listing.pages() == [1, 2, 3, 4, 5, 6]


def test_robots_txt_may_forbid_it(listing: Listing) -> None:
    listing.robots = _answer(b"User-agent: *\nDisallow: /api/\n")
    ended = listing.crawl(edition="zh")
    assert sorted(item["id"] for item in ended.items) == [f"vna:zh:{number}" for number in (18, 19, 20)]
    assert listing.pages() == []
    assert "1 forbidden by robots.txt" in ended.out


def test_an_api_elsewhere_is_not_asked(listing: Listing) -> None:
    listing.api = "https://zh-api.evil.example"
    assert listing.ids() == [18, 19, 20]
    assert {host for _, host, _ in listing.log} == {"zh.vietnamplus.vn"}


def test_it_replays(listing: Listing, tmp_path: Path) -> None:
    listing.crawl(edition="zh")
    listing.articles = {21: timedelta()} | listing.articles
    live = listing.crawl(edition="zh", later=60)
    replayed = _replay(listing, tmp_path)
    assert sorted(item["id"] for item in replayed) == sorted(item["id"] for item in live.items)


def _replay(listing: Listing, tmp_path: Path) -> list[dict[str, Any]]:
    from tests.support.crawls import crawl  # noqa: PLC0415

    ended = crawl(
        "vna",
        tmp_path / "again",
        {"REPLAY": listing.folder / "c" / "vna", "EXTRACTION_WITNESS": False},
        edition="zh",
    )
    assert ended.status == 0, ended.err
    return ended.items


def test_a_source_without_end_is_left(listing: Listing) -> None:
    """Each answer names three articles more, for ever; without dates."""
    usual = listing.special

    def special(host: str, path: str) -> Answer | None:
        if "/api/" not in path:
            return _answer(PAGE, b"404 Not Found") if "-post" in path else usual(host, path)
        page = int(path.split("438-")[1].split(".", maxsplit=1)[0])
        contents = [{"url": f"/a-post{1000 + 3 * page + n}.vnp"} for n in range(3)]
        return _answer(json.dumps({"data": {"contents": contents}}).encode())

    listing.special = special
    assert listing.crawl(edition="zh").status == 0
    assert listing.pages() == list(range(1, 101))
