"""What is announced becomes due, is had, and becomes due again; nothing that a server says can undo that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.discovery.sitemaps import read_xml
from crawler.errors import StateError
from crawler.state import AnnouncedArticle, FetchFacts, SourceState, State
from crawler.state.schema import MIGRATIONS
from crawler.state.sqlite import Sqlite
from tests.crawler.test_politeness import PAGE, Site, _answer
from tests.crawls import FAST, ROOT, crawl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        yield state


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, count=1)
    with site.server:
        yield site


PLAIN = """
import scrapy

class Plain(scrapy.Spider):
    name = "plain"

    async def start(self):
        yield scrapy.Request(self.root + "/listing")

    def parse(self, response):
        yield response.follow("/article-post1.vnp", self.parse_page)

    def parse_page(self, response):
        yield {"offset": response.meta["capture"].offset}
"""


def test_a_spider_of_scrapys_works_beside_ours(site: Site, tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(PLAIN)
    environment = {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    settings = {**FAST, "SPIDER_MODULES": "plain", "LOG_LEVEL": "DEBUG", "ROBOTSTXT_OBEY": False}
    ended = crawl("plain", tmp_path, settings, environment=environment, timeout=60, root=site.server.root)
    assert ended.status == 0, ended.err
    assert len(site.server.log) == 2
    assert "'item_scraped_count': 1" in ended.err


def _wanted(dated: datetime | None, *, url: str = "https://a.vn/1", number: int = 1) -> AnnouncedArticle:
    return AnnouncedArticle(id=f"x:y:{number}", edition_key="x:y", url=url, date=dated)


def _due(state: State, now: datetime) -> list[str]:
    visits = state.frontier.lease(9, now)
    state.frontier.release_all()
    return [visit.url for visit in visits]


def _had(state: State, now: datetime, date: datetime | None = None) -> None:
    state.articles.record_fetch("x:y:1", FetchFacts(requested=now, date=date), "job")


def test_a_page_is_due_at_once_and_at_each_age(state: State) -> None:
    state.frontier.announce(1, [_wanted(NOW)], "job", NOW)
    ages, now = [], NOW
    while _due(state, NOW + timedelta(days=400)):
        due = state.database.value("SELECT due FROM article")
        now = max(NOW, datetime.fromtimestamp(due / 1000, UTC))
        ages.append((now - NOW).total_seconds())
        _had(state, now)
    assert ages == [0, 3_600, 21_600, 86_400, 604_800, 2_592_000]


def test_a_new_date_makes_it_due_and_an_old_one_does_not(state: State) -> None:
    state.frontier.announce(1, [_wanted(NOW)], "job", NOW)
    _had(state, NOW)
    state.frontier.announce(2, [_wanted(NOW - HOUR)], "job", NOW + HOUR / 2)
    state.frontier.announce(1, [_wanted(NOW)], "job", NOW + HOUR / 2)
    assert _due(state, NOW + HOUR / 2) == []
    state.frontier.announce(1, [_wanted(NOW + HOUR / 3)], "job", NOW + HOUR / 2)
    assert _due(state, NOW + HOUR / 2) == ["https://a.vn/1"]


@pytest.mark.parametrize("wrong", [datetime(2062, 1, 1, tzinfo=UTC), NOW + 7 * HOUR])
def test_a_date_in_the_future_hides_no_edit(state: State, wrong: datetime) -> None:
    state.frontier.announce(1, [_wanted(NOW)], "job", NOW)
    state.frontier.announce(2, [_wanted(wrong)], "job", NOW)
    _had(state, NOW, date=datetime(2099, 1, 1, tzinfo=UTC))
    state.frontier.announce(2, [_wanted(wrong)], "job", NOW + HOUR / 2)
    assert _due(state, NOW + HOUR / 2) == []
    state.frontier.announce(1, [_wanted(NOW + HOUR / 3)], "job", NOW + HOUR / 2)
    assert _due(state, NOW + HOUR / 2) == ["https://a.vn/1"]


def test_an_edit_on_the_day_of_the_last_visit_is_seen(state: State) -> None:
    today = NOW.replace(hour=0)
    state.frontier.announce(1, [_wanted(today - timedelta(days=3))], "job", NOW)
    _had(state, NOW)
    state.frontier.announce(1, [_wanted(today)], "job", NOW + HOUR / 2)
    assert _due(state, NOW + HOUR / 2) == ["https://a.vn/1"]
    _had(state, NOW + HOUR / 2)
    state.frontier.announce(1, [_wanted(today)], "job", NOW + HOUR * 0.7)
    assert _due(state, NOW + HOUR * 0.7) == []


def test_what_is_announced_while_the_page_is_on_its_way_counts(state: State) -> None:
    state.frontier.announce(1, [_wanted(NOW)], "job", NOW)
    state.frontier.announce(1, [_wanted(NOW + HOUR)], "job", NOW + HOUR)
    _had(state, NOW + HOUR / 2)
    _had(state, NOW + HOUR * 2)
    state.frontier.announce(1, [_wanted(NOW + HOUR * 3)], "job", NOW + HOUR * 3)
    _had(state, NOW + HOUR * 2.9)
    assert _due(state, NOW + HOUR * 3) == ["https://a.vn/1"]
    _had(state, NOW + HOUR * 3.1)
    assert _due(state, NOW + HOUR * 3.2) == []


def test_failures_wait_longer_each_time_and_end_after_a_month_of_them(state: State) -> None:
    state.frontier.announce(1, [_wanted(NOW)], "job", NOW)
    now, waits = NOW, []
    while (due := state.database.value("SELECT due FROM article")) is not None:
        moment = max(now, datetime.fromtimestamp(due / 1000, UTC))
        waits.append((moment - now).total_seconds() / 60)
        now = moment
        state.frontier.record_failure("x:y:1", "503", now)
    assert waits[:4] == [0, 10, 20, 40]
    assert max(waits) == 24 * 60
    assert timedelta(days=30) < now - NOW < timedelta(days=33)
    # An edit revives it, and one failure in good times ends nothing.
    _had(state, now)
    state.frontier.announce(1, [_wanted(now + 1000 * HOUR)], "job", now + 1000 * HOUR)
    state.frontier.record_failure("x:y:1", "503", now + 1000 * HOUR)
    assert _due(state, now + 1001 * HOUR) == ["https://a.vn/1"]


def test_the_address_announced_last_is_the_one_asked(state: State) -> None:
    state.frontier.announce(1, [_wanted(NOW, url="https://a.vn/old")], "job", NOW)
    state.frontier.announce(1, [_wanted(NOW, url="https://a.vn/new")], "job", NOW)
    assert _due(state, NOW) == ["https://a.vn/new"]


def test_a_lease_lasts_as_long_as_its_crawl(state: State) -> None:
    state.frontier.announce(1, [_wanted(NOW)], "job", NOW)
    assert len(state.frontier.lease(9, NOW)) == 1
    assert state.frontier.lease(9, NOW + 100 * HOUR) == []
    state.frontier.release_all()
    assert len(state.frontier.lease(9, NOW + 100 * HOUR)) == 1


def test_an_older_state_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    whole = list(MIGRATIONS)
    try:
        MIGRATIONS[:] = whole[:1]
        with closing(Sqlite(path)) as database:
            database.execute("INSERT INTO article VALUES ('x:y:1', 3, '{}', 'job')")
    finally:
        MIGRATIONS[:] = whole
    with closing(State(path)) as state:
        assert state.articles.knows("x:y:1")
        assert _due(state, NOW) == []
        state.frontier.announce(1, [_wanted(NOW)], "job", NOW)
        assert _due(state, NOW) == ["https://a.vn/1"]
        _had(state, NOW)
        # It is young no more: only an announcement brings it back.
        assert _due(state, NOW + 10_000 * HOUR) == []
    with closing(Sqlite(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError, match="schema version 99 is from a newer banluu"):
        State(path)


@pytest.mark.parametrize(
    ("lastmod", "read", "older"),
    [
        ("2026-06-01T10:00:00+00:00", "2026-06-01T11:00:00+00:00", False),
        ("2026-06-01T11:00:00+00:00", "2026-06-01T11:00:30+00:00", True),
        ("2026-06-01T00:00:00+00:00", "2026-06-01T11:00:00+00:00", True),
        ("2026-06-01T00:00:00+00:00", "2026-06-02T11:00:00+00:00", False),
    ],
)
def test_a_day_in_an_index_counts_to_its_end(lastmod: str, read: str, older: bool) -> None:  # noqa: FBT001
    moment = datetime.fromisoformat(lastmod)
    reading = SourceState(lastmod=moment, server_time=datetime.fromisoformat(read))
    assert reading.is_older_than(moment) is older
    assert reading.is_older_than(moment + HOUR)
    assert reading.is_older_than(None)


BROKEN = """<urlset>
<url><loc>https://a.vn/1</loc><news:news><news:title>A</news:title></news:news></url>
<url><loc>https://a.vn/2</loc><title>Lãi suất < 5%</title></url>
<url><loc>https://a.vn/3</loc><title><![CDATA[open</title></url>
<url><loc>https://a.vn/4</loc></url>
</urlset>"""


def test_one_broken_entry_spoils_no_other() -> None:
    found = read_xml(BROKEN.encode(), "https://a.vn/")
    assert found is not None
    assert [each.url for each in found] == [f"https://a.vn/{number}" for number in range(1, 5)]


def test_an_index_is_read_again_though_it_says_that_it_is_the_same(site: Site) -> None:
    """Its children have no dates, one of them fails, and articles come."""
    pages, failing = [1], [True]

    def special(host: str, path: str) -> object:
        if path == "/sitemap.xml":
            text = f"<sitemapindex><sitemap><loc>https://{host}/all.xml</loc></sitemap></sitemapindex>"
            return _answer(text.encode(), more=b'ETag: "same"\r\n')
        if path == "/all.xml":
            if failing.pop() if failing else False:
                return _answer(b"", b"404 Not Found")
            urls = (f"<url><loc>https://{host}/a-post{number}.vnp</loc></url>" for number in pages)
            return _answer(f"<urlset>{''.join(urls)}</urlset>".encode())
        return None if "-post" in path or path == "/robots.txt" else _answer(b"<urlset></urlset>")

    site.special = special  # type: ignore[assignment]
    assert site.crawl(edition="zh").items == []
    assert [item["id"] for item in site.crawl(edition="zh", later=60).items] == ["vna:zh:1"]
    pages.append(2)
    assert [item["id"] for item in site.crawl(edition="zh", later=120).items] == ["vna:zh:1", "vna:zh:2"]


def test_a_redirect_to_the_front_page_is_no_new_address(site: Site) -> None:
    site.crawl(edition="zh")
    site.special = lambda _host, path: (
        _answer(b"", b"302 Found", b"Location: /\r\n") if "-post" in path else None
    )
    site.crawl(edition="zh", later=3700)
    site.special = lambda _host, path: (
        _answer(PAGE.replace(b"A title", b"Another title")) if "-post" in path else None
    )
    items = site.crawl(edition="zh", later=22_000).items
    assert [item["revision"]["number"] for item in items] == [1, 2]


def test_redirects_do_not_leave_the_publisher(site: Site) -> None:
    site.special = lambda _host, path: (
        _answer(b"", b"302 Found", b"Location: https://evil.example/x\r\n") if "-post" in path else None
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
    site.special = lambda _host, path: _answer(PAGE, more=header) if "-post" in path else None
    assert len(site.crawl(edition="zh").items) == 1


def test_an_unasked_304_is_no_capture(site: Site) -> None:
    site.special = lambda _host, path: _answer(b"", b"304 Not Modified") if "-post" in path else None
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
        None if "-post" in path or path == "/robots.txt" else _answer(f"<urlset>{urls}</urlset>".encode())
    )
    ended = site.crawl(edition="zh")
    assert [item["id"] for item in ended.items] == ["vna:zh:1"]
    assert [path for path in site.asked("1.") if not path.endswith(".xml")] == ["/a-post1.vnp"]


def test_a_page_for_printing_is_asked_for_where_no_other_is_known(site: Site) -> None:
    site.special = lambda _host, path: (
        _answer(PAGE)
        if path.startswith("/print-")
        else None
        if path == "/robots.txt"
        else _answer(f"<urlset><url><loc>{TWINS[0]}</loc></url></urlset>".encode())
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
            return _answer(
                f"<urlset>{urls}</urlset>".encode(), more=b"Last-Modified: Mon, 01 Jun 2026 00:00:00 GMT\r\n"
            )
        return None if "-post" in path or path == "/robots.txt" else _answer(b"<urlset></urlset>")

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
    site.special = lambda _host, path: _answer(b"", b"410 Gone") if "-post" in path else None
    assert site.crawl(edition="zh", later=60).items == [item]
    with closing(State(ended.root / "state.sqlite")) as known:
        events = [(each.kind, each.number) for each in known.articles.history(item["id"])]
    assert events == [("revision", 1), ("removed", 0)]
