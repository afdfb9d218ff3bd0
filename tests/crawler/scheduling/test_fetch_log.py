"""What became of due pages that gave no article is in the state."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from archive import Collection
from crawler import clock
from crawler.recording.options import options_of
from crawler.recording.session import LiveSession
from crawler.responses import DUE_PAGE
from crawler.scheduling.fetch_log import FetchLog
from crawler.state import AnnouncedArticle, DuePage, FetchFacts
from tests.support.settings import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrapy.statscollectors import StatsCollector

    from crawler.extraction import PageKind

URL = "https://a.vn/1"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[LiveSession]:
    options = options_of(get_crawler(settings_dict={**DEFAULTS, "ARCHIVE_DIR": str(tmp_path)}), live=True)
    with closing(LiveSession(Collection(tmp_path / "x"), options)) as session:
        yield session


@pytest.fixture
def page(session: LiveSession) -> DuePage:
    session.state.frontier.announce(
        1, [AnnouncedArticle(id="x:y:1", edition_key="x:y", url=URL, date=None)], session.name, clock.now()
    )
    (page,) = session.state.frontier.lease(9, clock.now())
    return page


@pytest.fixture
def stats() -> StatsCollector:
    stats = get_crawler().stats
    assert stats
    return stats


@pytest.fixture
def log(session: LiveSession, stats: StatsCollector) -> FetchLog:
    return FetchLog(session, stats)


def _response(page: DuePage, status: int) -> Response:
    return Response(URL, status=status, request=Request(URL, meta={DUE_PAGE: page}))


def _reason(session: LiveSession) -> object:
    return session.state.database.value("SELECT reason FROM article")


def _captured(session: LiveSession) -> None:
    facts = FetchFacts(requested=clock.now() - timedelta(hours=1), url=URL)
    session.state.visits.record_article("x:y:1", facts, session.name, "new")


@pytest.mark.parametrize("status", [404, 410])
def test_what_was_never_had_has_failed(
    session: LiveSession, page: DuePage, log: FetchLog, stats: StatsCollector, status: int
) -> None:
    log.unchanged_or_gone(page, _response(page, status))
    assert _reason(session) == str(status)
    assert stats.get_value(f"failures/{status}") == stats.get_value("visits/asked") == 1
    assert stats.get_value("visits/had") == 0


def test_what_was_had_is_unchanged_removed_and_returns(
    session: LiveSession, page: DuePage, log: FetchLog, stats: StatsCollector
) -> None:
    _captured(session)
    log.unchanged_or_gone(page, _response(page, 304))
    for _ in range(2):
        log.unchanged_or_gone(page, _response(page, 410))
    log.unchanged_or_gone(page, _response(page, 304))
    counted = {name: stats.get_value(f"{name}") for name in ("pages/unmodified", "pages/gone")}
    assert counted == {"pages/unmodified": 2, "pages/gone": 2}
    assert (stats.get_value("articles/missing"), stats.get_value("articles/returned")) == (1, 1)


def test_another_page_in_its_place_is_no_removal(session: LiveSession, page: DuePage, log: FetchLog) -> None:
    log.no_article(page, _response(page, 200), "empty")
    assert _reason(session) == "empty"
    _captured(session)
    log.no_article(page, _response(page, 200), "empty")
    assert [event.kind for event in session.state.articles.history("x:y:1") if event.kind == "removed"] == []
    log.no_article(page, _response(page, 200), "challenge")
    assert _reason(session) == "challenge"


def _redirected(page: DuePage, target: str) -> Response:
    request = Request(target, meta={DUE_PAGE: page, "redirect_urls": [URL]})
    return Response(target, status=200, request=request)


def _removals(session: LiveSession) -> list[tuple[str | None, str | None]]:
    events = session.state.articles.history("x:y:1")
    return [(event.sort, event.target) for event in events if event.kind == "removed"]


@pytest.mark.parametrize("kind", ["listing", "error", "other"])
def test_a_redirect_to_another_page_is_a_removal_and_it_is_looked_at_again(
    session: LiveSession, page: DuePage, log: FetchLog, stats: StatsCollector, kind: PageKind
) -> None:
    _captured(session)
    log.no_article(page, _redirected(page, "https://a.vn/"), kind)
    assert _removals(session) == [("redirected", "https://a.vn/")]
    assert stats.get_value("articles/missing") == 1
    assert len(session.state.frontier.lease(9, clock.now() + timedelta(hours=2))) == 1


@pytest.mark.parametrize("kind", ["wall", "challenge", "cut", "empty"])
def test_a_redirect_to_what_stands_before_everything_is_a_failure(
    session: LiveSession, page: DuePage, log: FetchLog, kind: PageKind
) -> None:
    _captured(session)
    log.no_article(page, _redirected(page, "https://a.vn/login"), kind)
    assert (_removals(session), _reason(session)) == ([], kind)


def test_what_was_never_had_cannot_be_removed(session: LiveSession, page: DuePage, log: FetchLog) -> None:
    log.no_article(page, _redirected(page, "https://a.vn/"), "listing")
    assert (_removals(session), _reason(session)) == ([], "listing")


def test_a_redirect_that_is_not_followed_tells_where_it_led(
    session: LiveSession, page: DuePage, log: FetchLog
) -> None:
    target = Request("https://b.vn/", meta={DUE_PAGE: page, "redirect_urls": [URL]})
    log._dropped(target, "offsite")
    assert (_removals(session), _reason(session)) == ([], "offsite")
    _captured(session)
    log._dropped(target, "offsite")
    assert _removals(session) == [("redirected", "https://b.vn/")]


def test_what_was_put_off_is_due_at_that_time_and_has_not_failed(
    session: LiveSession, page: DuePage, log: FetchLog, stats: StatsCollector
) -> None:
    later = clock.now() + timedelta(hours=1)
    log.failed(page, "site rests", later)
    assert _reason(session) is None
    assert session.state.frontier.lease(9, later - timedelta(minutes=1)) == []
    assert len(session.state.frontier.lease(9, later)) == 1
    assert stats.get_value("visits/asked") is None
    log.failed(page, "503")
    assert _reason(session) == "503"


def test_a_crawl_that_records_no_more_notes_no_failures(
    session: LiveSession, page: DuePage, log: FetchLog
) -> None:
    session.fail(OSError("disk full"))
    log.failed(page, "503")
    assert _reason(session) is None
