"""`Frontier`: Scrapy's scheduler over what the state knows to be due.

What a spider asks for itself waits in memory, as ever. The pages of articles do not: they are rows of the
state, leased in small numbers, so that neither memory nor a killed crawl is a matter of how many there are.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from scrapy.core.scheduler import Scheduler

from crawler import clock
from crawler.domains import site_of
from crawler.recording.recorder import Recorder

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

    from crawler.state import State, Visit

_BATCH = 64
_AHEAD = 2  # times what a site may be asked at once, and no more of it is handed out


class Frontier(Scheduler):
    """Hands out what the spider asked for, then what is due."""

    crawler: Crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Frontier:
        frontier = super().from_crawler(crawler)
        frontier.crawler = crawler
        return frontier

    def open(self, spider: Spider) -> Deferred[None] | None:
        recorder = self.crawler.get_extension(Recorder)
        self._recorder = recorder
        # A spider that is no NewsSpider is served as by Scrapy's own scheduler.
        has_visits = hasattr(spider, "visit_request")
        self._state: State | None = recorder.state if recorder and has_visits else None
        self._by_site: dict[str, deque[Visit]] = {}
        self._exhausted_at = -1
        settings = self.crawler.settings
        self._most = _AHEAD * settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        return super().open(spider)

    def has_pending_requests(self) -> bool:
        return super().has_pending_requests() or self._has_due()

    def next_request(self) -> Request | None:
        request = super().next_request()
        if request is not None or not self._has_due():
            return request
        slots = self.crawler.engine.downloader.slots
        active = {name: len(slots[name].active) if name in slots else 0 for name in self._by_site}
        name = min(active, key=active.__getitem__)
        if active[name] >= self._most:
            return None
        visits = self._by_site[name]
        visit = visits.popleft()
        if not visits:
            del self._by_site[name]
        request = self.crawler.spider.visit_request(visit)  # type: ignore[union-attr]  # a NewsSpider
        self.stats.inc_value("frontier/leased")  # type: ignore[union-attr]
        return request  # type: ignore[no-any-return]

    def _has_due(self) -> bool:
        """Tell whether any page waits here or in the state, and lease some when none is at hand."""
        spider: Any = self.crawler.spider
        if self._by_site or self._state is None or self._recorder is None or spider is None:
            return bool(self._by_site)
        frontier = self._state.frontier
        if self._exhausted_at == frontier.version or self._recorder.error or spider.arguments.urls:
            return False
        version = frontier.version
        with self._recorder.required():
            visits = frontier.lease(_BATCH, clock.now(), spider.scope)
        if len(visits) < _BATCH:
            self._exhausted_at = version
        for visit in visits:
            self._by_site.setdefault(site_of(visit.url), deque()).append(visit)
        return bool(visits)
