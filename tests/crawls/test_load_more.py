"""Loading more of a listing: where it ends, and what robots.txt says to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.site import PAGE, Site, answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wire_server import Answer


CONFIG = "<script>var cmsConfig = {{ domainApi: '{api}', pageType: 'home', adsZone: {zone}, }};</script>"


class Listing(Site):
    """An edition that announces through its front page and the API behind it alone, three articles an answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.robots = answer(b"User-agent: *\nDisallow:\n")
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
                answer(b"", b"404 Not Found")
                if page in self.fails
                else answer(json.dumps({"data": data}).encode())
            )
        if path == "/":
            links = "".join(f"<a href='/a-post{number}.vnp'>x</a>" for number in numbers[:3])
            return answer((CONFIG.format(api=self.api, zone=438) + links).encode())
        return None if "-post" in path or path == "/robots.txt" else answer(b"<urlset></urlset>")

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
    listing.robots = answer(b"User-agent: *\nDisallow: /api/\n")
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
            return answer(PAGE, b"404 Not Found") if "-post" in path else usual(host, path)
        page = int(path.split("438-")[1].split(".", maxsplit=1)[0])
        contents = [{"url": f"/a-post{1000 + 3 * page + n}.vnp"} for n in range(3)]
        return answer(json.dumps({"data": {"contents": contents}}).encode())

    listing.special = special
    assert listing.crawl(edition="zh").status == 0
    assert listing.pages() == list(range(1, 101))
