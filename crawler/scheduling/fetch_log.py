"""How visits to pages that were due went, for the state to remember."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from crawler import clock
from crawler.recording.output import Visited
from crawler.downloader.politeness import RestingError
from crawler.state import Answer, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.recording.recorder import Recorder
    from crawler.state import State, Visit

OK = 200
NOT_MODIFIED = 304
GONE = (404, 410)
#: Why a request failed that robots.txt forbids.
FORBIDDEN = "forbidden by robots.txt"


class Visits:
    """Notes what visits brought, in the state of *recorder*, which must have one."""

    def __init__(self, recorder: Recorder, crawler: Crawler) -> None:
        assert recorder.state  # noqa: S101
        self._recorder = recorder
        self._state: State = recorder.state
        self._stats = crawler.stats
        crawler.signals.connect(self._scheduled, signal=signals.request_scheduled)
        crawler.signals.connect(self._dropped, signal=signals.request_dropped)

    def _scheduled(self, request: Request, spider: Spider) -> None:
        # A redirect that leaves the publisher: Scrapy drops it, and tells nobody.
        if urlsplit(request.url).hostname not in spider.allowed_domains:  # type: ignore[attr-defined]
            self._dropped(request, "offsite")

    def _dropped(self, request: Request, reason: str = "redirected to what was asked already") -> None:
        """Note that a redirect was not followed."""
        visit: Visit | None = request.meta.get("visit")
        if visit:
            self._stats.inc_value(f"failures/{reason}")
            with self._recorder.required():
                self._state.frontier.failed(visit.id, reason, clock.now())

    @staticmethod
    def request(visit: Visit, callback: Callable[..., Any], errback: Callable[..., Any]) -> Request:
        """Return the request for a page that is due; only if it has changed, where that can be told."""
        return Request(
            visit.url,
            callback,
            errback=errback,
            headers=conditional(visit.etag, visit.modified),
            meta={"visit": visit, "handle_httpstatus_list": [NOT_MODIFIED, *GONE]},
        )

    def arrived(self, visit: Visit, response: Response, kind: str) -> None:
        """Note that a page came, and of what *kind* it is; an article is noted when it is stored."""
        capture = response.meta.get("capture")
        self._stats.inc_value("visits/asked")
        self._stats.inc_value("visits/had", kind != "challenge")
        with self._recorder.required():
            if kind == "challenge":
                self._state.frontier.failed(visit.id, kind, clock.now())
            elif kind == "article" and capture:
                self._recorder.expect(capture, Visited(id=visit.id, answer=answer_of(response)))
            elif self._state.articles.captured(visit.id):
                # Where there was an article is something else for now: a front page, a notice.
                self._state.articles.was_looked_at(visit.id, answer_of(response))
            else:
                self._state.frontier.failed(visit.id, kind, clock.now())

    def not_there(self, visit: Visit, response: Response) -> None:
        """Note that a page is as it was, or that it is gone."""
        articles = self._state.articles
        self._stats.inc_value("visits/asked")
        self._stats.inc_value("visits/had", response.status == NOT_MODIFIED or articles.captured(visit.id))
        with self._recorder.required():
            if response.status == NOT_MODIFIED and articles.captured(visit.id):
                self._stats.inc_value("pages/unmodified")
                self._had(visit, response)
            elif articles.captured(visit.id):
                self._stats.inc_value("pages/gone")
                if articles.was_removed(visit.id, answer_of(response), self._recorder.job.name):
                    self._stats.inc_value("articles/removed")
            else:
                self._stats.inc_value(f"failures/{response.status}")
                self._state.frontier.failed(visit.id, str(response.status), clock.now())

    def _had(self, visit: Visit, response: Response) -> None:
        job = self._recorder.job
        job.returned += self._state.articles.was_had(visit.id, answer_of(response), job.name)

    def failed(self, visit: Visit, failure: Failure, reason: str) -> None:
        """Note that a page could not be had, for *reason*."""
        if self._recorder.error:
            return
        with self._recorder.required():
            if isinstance(failure.value, RestingError):
                self._state.frontier.release(visit.id, failure.value.until)
            else:
                self._stats.inc_value("visits/asked")
                self._state.frontier.failed(visit.id, reason or "refused", clock.now())


def reason_of(failure: Failure) -> str:
    """Return why a request failed, in a word or two; empty where a replay has counted it."""
    error = failure.value
    response = getattr(error, "response", None)
    if response is not None:
        return str(response.status)
    for words, reason in _REFUSALS.items():
        if words in str(error):
            return reason
    return "" if isinstance(error, IgnoreRequest) else type(error).__name__


# Scrapy tells these apart by words alone.
_REFUSALS = {
    "robots.txt cannot be had": "robots.txt unreachable",
    "Forbidden by robots.txt": FORBIDDEN,
    "offsite": "offsite",
    "is a private address": "private address",
    " rests until ": "site rests",
}


def conditional(etag: str | None, modified: str | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it is no longer the one with these validators."""
    headers = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in headers.items() if value}


def reading_of(response: Response, scope: str, since: datetime | None, lastmod: datetime | None) -> Reading:
    """Return how the source of *response* was read: for which editions, from when on, dated how."""
    answer = answer_of(response)
    return Reading(
        scope=scope,
        since=since,
        lastmod=lastmod,
        etag=answer.etag,
        modified=answer.modified,
        there=answer.there,
    )


def answer_of(response: Response) -> Answer:
    """Return what *response* says of its page."""

    def header(name: str) -> str | None:
        value = (response.headers.get(name) or b"").decode("latin-1").strip()
        return value if value.isprintable() else None

    try:
        date = parsedate_to_datetime(header("Date") or "")
        date = date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        date = None
    is_page = response.status == OK
    capture = response.meta.get("capture")
    return Answer(
        # When it went out: what is announced from then on it cannot know.
        asked=datetime.fromisoformat(capture.date) if capture else clock.now(),
        url=response.url if is_page else None,
        date=date,
        is_unmodified=response.status == NOT_MODIFIED,
        etag=header("ETag") or None,
        modified=header("Last-Modified") or None,
    )
