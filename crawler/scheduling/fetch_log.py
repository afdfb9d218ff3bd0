"""`FetchLog`: records in the state how the fetch of each due page went.

An article is not recorded here: its state row follows its JSONL line, see `crawler.recording.output`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals

from crawler import clock
from crawler.extraction import is_address, page_class
from crawler.responses import DUE_PAGE, fetch_facts, requested_url
from crawler.state import FetchFacts

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.signalmanager import SignalManager
    from scrapy.statscollectors import StatsCollector

    from crawler.extraction import PageKind
    from crawler.recording.session import CrawlSession
    from crawler.state import DuePage

#: What stands at the end of a redirect from an article that was taken down.
_LEFT = {"listing", "error", "other", "article"}


class FetchLog:
    """Records in the state of *session* what became of due pages that gave no article."""

    def __init__(self, session: CrawlSession, stats: StatsCollector) -> None:
        self._session = session
        self._state = session.state
        self._stats = stats

    def watch(self, manager: SignalManager) -> None:
        """Also record pages whose redirects Scrapy does not follow; no callback sees these."""
        manager.connect(self._scheduled, signal=signals.request_scheduled)
        manager.connect(self._dropped, signal=signals.request_dropped)

    def _scheduled(self, request: Request, spider: Spider) -> None:
        # Scrapy drops a redirect that leaves the publisher's hosts without any signal.
        if urlsplit(request.url).hostname not in spider.allowed_domains:  # type: ignore[attr-defined]
            self._dropped(request, "offsite")

    def _dropped(self, request: Request, reason: str = "redirected to what was asked already") -> None:
        """Record that a redirect to the URL of *request* was not followed."""
        page: DuePage | None = request.meta.get(DUE_PAGE)
        if page is None:
            return
        target = request.url
        key = page_class(target).key(target) if is_address(target) else None
        with self._session.required():
            if key and self._state.articles.first_id(key) == page.id:
                # The same article at its new address: due again by that fetch, unless it failed.
                self._state.frontier.release(page.id)
                if self._state.frontier.is_due(page.id, clock.now()):
                    self._fail(page, reason)
            elif self._state.visits.was_captured(page.id):
                self._missing(page, FetchFacts(requested=clock.now(), status=302), "redirected", target)
            else:
                self._fail(page, reason)

    def no_article(self, page: DuePage, response: Response, kind: PageKind) -> None:
        """Record that a page of *kind*, not the article, came with status 200.

        A redirect to another page is a removal of an article that was had before. Everything else is a
        failure, and tried again soon: an error page, the front page, a notice may stand there for an hour.
        """
        facts = fetch_facts(response, kind)
        self._stats.inc_value("visits/asked")
        with self._session.required():
            leads_elsewhere = requested_url(response) != response.url and (
                page_class(response.url).key(response.url) != page.id
            )
            if leads_elsewhere and kind in _LEFT and self._state.visits.was_captured(page.id):
                self._stats.inc_value("visits/had")
                self._missing(page, facts, "redirected", response.url)
            else:
                self._fail(page, kind, facts)

    def unchanged_or_gone(self, page: DuePage, response: Response) -> None:
        """Record a 304, 404 or 410."""
        visits, facts = self._state.visits, fetch_facts(response)
        known = visits.was_captured(page.id)
        self._stats.inc_value("visits/asked")
        self._stats.inc_value("visits/had", known)
        with self._session.required():
            if not known:
                self._fail(page, str(response.status), facts)
            elif facts.is_unmodified:
                self._stats.inc_value("pages/unmodified")
                returned = visits.record_article(page.id, facts, self._session.name, "unmodified")
                self._stats.inc_value("articles/returned", returned)
            else:
                self._stats.inc_value("pages/gone")
                self._missing(page, facts, "gone")

    def failed(self, page: DuePage, reason: str, retry_at: datetime | None = None) -> None:
        """Record that a page could not be fetched, for *reason*, which is counted already.

        With *retry_at* it was not requested at all, and is due again at that time.
        """
        if self._session.error:
            return
        with self._session.required():
            if retry_at:
                self._state.frontier.release(page.id, retry_at)
            else:
                self._stats.inc_value("visits/asked")
                now = clock.now()
                self._state.visits.record_failure(page.id, reason or "refused", now, self._session.name)

    def _missing(self, page: DuePage, facts: FetchFacts, sort: str, target: str | None = None) -> None:
        """Record that the article of *page* is not served."""
        first = self._state.visits.record_missing(
            page.id, facts, self._session.name, sort=sort, target=target
        )
        self._stats.inc_value("articles/missing", first)

    def _fail(self, page: DuePage, reason: str, facts: FetchFacts | None = None) -> None:
        """Record that *page* could not be had, and count it."""
        self._stats.inc_value(f"failures/{reason}")
        removed = self._state.visits.record_failure(page.id, reason, clock.now(), self._session.name, facts)
        self._stats.inc_value("articles/missing", removed)
