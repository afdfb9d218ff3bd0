"""What becomes of announcements: rows of the frontier live, requests in a replay."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from archive import Collection, Playback, find_sources
from crawler import clock
from crawler.arguments import CrawlArguments
from crawler.discovery.intake import LiveIntake, ReplayIntake, Targets
from crawler.recording.options import options_of
from crawler.recording.session import LiveSession
from crawler.state import FetchFacts
from spiders.vietnamvn import VietnamvnPage, VietnamvnSpider
from spiders.vna import VnaPage
from tests.support.crawls import SEEDS
from tests.support.settings import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANY = CrawlArguments(editions=())
URL = "https://zh.vietnamplus.vn/article-post268001.vnp"
SITEMAP = "https://zh.vietnamplus.vn/sitemap.xml"


def _targets(arguments: CrawlArguments = ANY) -> Targets:
    return Targets(VnaPage, arguments, VnaPage.editions.values())


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        (URL, True),
        ("http://zh.vietnamplus.vn/", True),
        ("https://evil.example/a-post1.vnp", False),
        ("file://zh.vietnamplus.vn/etc/hostname", False),
    ],
)
def test_nothing_is_asked_of_others(url: str, *, is_own: bool) -> None:
    assert _targets().is_own(url) == is_own


def test_twins_of_an_article_are_one_and_other_pages_none() -> None:
    targets = _targets()
    for url in (URL, URL.replace(".vnp", ".amp"), f"{URL}?utm_source=x#top"):
        ((variant, article),) = targets.articles(url, None)
        assert variant == url
        assert (article.id, article.edition_key, article.url) == ("vna:zh:268001", "vna:zh", URL)
    assert list(targets.articles("https://zh.vietnamplus.vn/politics/", None)) == []


def test_only_the_editions_asked_for() -> None:
    targets = _targets(CrawlArguments(editions=("en",)))
    assert list(targets.articles(URL, None)) == []
    assert len(list(targets.articles(URL.replace("zh.", "en."), None))) == 1


def test_an_article_that_all_editions_share_is_asked_for_in_each() -> None:
    arguments = CrawlArguments(editions=("zh", "no"))
    hosts = VietnamvnPage.editions.values()
    targets = Targets(VietnamvnPage, arguments, hosts, VietnamvnSpider.in_edition)
    found = [article.edition_key for _, article in targets.articles("https://www.vietnam.vn/mot-bai", None)]
    assert found == ["vietnamvn:zh", "vietnamvn:no"]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[LiveSession]:
    options = options_of(get_crawler(settings_dict={**DEFAULTS, "ARCHIVE_DIR": str(tmp_path)}), live=True)
    with closing(LiveSession(Collection(tmp_path / "x"), options)) as session:
        yield session


def _live(session: LiveSession, arguments: CrawlArguments = ANY) -> LiveIntake:
    stats = get_crawler().stats
    assert stats
    return LiveIntake(session, arguments, stats)


def test_announced_articles_become_due_once(session: LiveSession) -> None:
    intake = _live(session)
    articles = list(_targets().articles(URL, None))
    assert intake.announce(articles, SITEMAP) == (1, [])
    assert intake.announce(articles, SITEMAP) == (0, [])
    assert [page.url for page in session.state.frontier.lease(9, clock.now())] == [URL]


def test_a_source_is_asked_for_conditionally_and_not_at_all_while_its_index_says_it_is_the_same(
    session: LiveSession,
) -> None:
    intake = _live(session)
    lastmod = datetime(2026, 6, 1, 9, tzinfo=UTC)
    (first,) = intake.source_requests(Request(SITEMAP), None, lastmod)
    assert "If-None-Match" not in first.headers
    assert intake.may_have_more(SITEMAP, None)
    asked = datetime(2026, 6, 1, 12, tzinfo=UTC)
    intake.record_reading(SITEMAP, FetchFacts(requested=asked, date=asked, etag='"1"'), None, lastmod)
    assert not intake.may_have_more(SITEMAP, None)
    assert list(intake.source_requests(Request(SITEMAP), None, lastmod)) == []
    (again,) = intake.source_requests(Request(SITEMAP), None, lastmod + timedelta(hours=9))
    assert again.headers["If-None-Match"] == b'"1"'
    # Read for some editions, it was not read for all.
    (other,) = _live(session, CrawlArguments(editions=("en",))).source_requests(
        Request(SITEMAP), None, lastmod
    )
    assert "If-None-Match" not in other.headers


def test_in_a_replay_what_the_archive_holds_is_asked_for_once() -> None:
    playback = Playback(find_sources([SEEDS / "seeds.warc.gz"]))
    intake = ReplayIntake(playback, Request)
    articles = list(_targets().articles(URL, None))
    new, requests = intake.announce(articles, SITEMAP)
    assert (new, [request.url for request in requests]) == (0, [URL])
    assert intake.announce(articles, SITEMAP) == (0, [])
    assert list(intake.more_requests(Request("https://zh-api.vietnamplus.vn/api/x"))) == []
