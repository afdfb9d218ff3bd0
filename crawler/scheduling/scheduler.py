"""`FrontierScheduler`: Scrapy's scheduler, and behind it the pages that the state knows to be due.

Requests that a spider yields wait in memory, as ever. Pages of articles are rows of the state, leased in
small batches: neither memory nor a killed crawl depends on how many there are.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.core.scheduler import Scheduler

from crawler import clock
from crawler.domains import site_of
from crawler.recording.recorder import session_of
from crawler.responses import DUE_PAGE, GONE, NOT_MODIFIED, conditional_headers

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

    from crawler.recording.session import CrawlSession
    from crawler.state import DueFilter, DuePage

_BATCH = 64
_AHEAD = 2  # times a site's concurrent requests: no more of its pages are handed out


class FrontierScheduler(Scheduler):
    """Returns the spider's own requests first, then those of due pages, the least busy site first."""

    crawler: Crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        scheduler = super().from_crawler(crawler)
        scheduler.crawler = crawler
        return scheduler

    def open(self, spider: Spider) -> Deferred[None] | None:
        # Other spiders than NewsSpiders have no due pages: they get Scrapy's own scheduler.
        self._due_filter: DueFilter | None = getattr(spider, "due_filter", None)
        self._session: CrawlSession | None = session_of(self.crawler) if self._due_filter else None
        self._by_site: dict[str, deque[DuePage]] = {}
        self._exhausted_at = -1
        concurrency = self.crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._max_active = _AHEAD * concurrency
        return super().open(spider)

    def has_pending_requests(self) -> bool:
        return super().has_pending_requests() or self._has_due()

    def next_request(self) -> Request | None:
        request = super().next_request()
        if request is not None or not self._has_due():
            return request
        slots = self.crawler.engine.downloader.slots
        active = {site: len(slots[site].active) if site in slots else 0 for site in self._by_site}
        site = min(active, key=active.__getitem__)
        if active[site] >= self._max_active:
            return None
        pages = self._by_site[site]
        page = pages.popleft()
        if not pages:
            del self._by_site[site]
        self.stats.inc_value("frontier/leased")  # type: ignore[union-attr]
        return self._due_request(page)

    def _due_request(self, page: DuePage) -> Request:
        """Return the request for *page*, conditional if its server gave a validator last time."""
        spider: Any = self.crawler.spider
        return Request(
            page.url,
            spider.parse_article,
            errback=spider.failed,
            headers=conditional_headers(page.etag, page.last_modified),
            meta={DUE_PAGE: page, "handle_httpstatus_list": [NOT_MODIFIED, *GONE]},
        )

    def _has_due(self) -> bool:
        """Return whether any page is due, and lease some when none is at hand."""
        session = self._session
        if self._by_site or session is None:
            return bool(self._by_site)
        frontier = session.state.frontier
        if self._exhausted_at == frontier.version or session.error:
            return False
        version = frontier.version
        with session.required():
            pages = frontier.lease(_BATCH, clock.now(), self._due_filter)
        if len(pages) < _BATCH:
            self._exhausted_at = version
        for page in pages:
            self._by_site.setdefault(site_of(page.url), deque()).append(page)
        return bool(pages)
