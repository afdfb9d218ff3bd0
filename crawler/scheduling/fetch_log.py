"""`FetchLog`: records in the state how the fetch of each due page went.

An article is not recorded here: its state row follows its JSONL line, see `crawler.recording.output`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals

from crawler import clock
from crawler.responses import DUE_PAGE, NOT_MODIFIED, fetch_facts

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.signalmanager import SignalManager
    from scrapy.statscollectors import StatsCollector

    from crawler.recording.session import CrawlSession
    from crawler.state import DuePage


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
        """Record that a redirect was not followed."""
        page: DuePage | None = request.meta.get(DUE_PAGE)
        if page:
            self._stats.inc_value(f"failures/{reason}")
            with self._session.required():
                self._state.frontier.record_failure(page.id, reason, clock.now())

    def no_article(self, page: DuePage, response: Response, kind: str) -> None:
        """Record that a page of *kind*, not an article, came with status 200."""
        self._stats.inc_value("visits/asked")
        self._stats.inc_value("visits/had", kind != "challenge")
        with self._session.required():
            if kind != "challenge" and self._state.articles.was_captured(page.id):
                # Something else is at the article's address for now: the front page, a notice.
                self._state.articles.record_other_page(page.id, fetch_facts(response))
            else:
                self._state.frontier.record_failure(page.id, kind, clock.now())

    def unchanged_or_gone(self, page: DuePage, response: Response) -> None:
        """Record a 304, 404 or 410."""
        articles = self._state.articles
        known = articles.was_captured(page.id)
        self._stats.inc_value("visits/asked")
        self._stats.inc_value("visits/had", response.status == NOT_MODIFIED or known)
        with self._session.required():
            if response.status == NOT_MODIFIED and known:
                self._stats.inc_value("pages/unmodified")
                returned = articles.record_fetch(page.id, fetch_facts(response), self._session.name)
                self._stats.inc_value("articles/returned", returned)
            elif known:
                self._stats.inc_value("pages/gone")
                if articles.record_removal(page.id, fetch_facts(response), self._session.name):
                    self._stats.inc_value("articles/removed")
            else:
                self._stats.inc_value(f"failures/{response.status}")
                self._state.frontier.record_failure(page.id, str(response.status), clock.now())

    def failed(self, page: DuePage, reason: str, retry_at: datetime | None = None) -> None:
        """Record that a page could not be fetched, for *reason*.

        With *retry_at* it was not requested at all, and is due again at that time.
        """
        if self._session.error:
            return
        with self._session.required():
            if retry_at:
                self._state.frontier.release(page.id, retry_at)
            else:
                self._stats.inc_value("visits/asked")
                self._state.frontier.record_failure(page.id, reason or "refused", clock.now())
