"""`NewsSpider`: discovery and extraction, shared by all publishers.

A publisher declares where it announces its articles; how that is read is the matter of
`crawler.discovery.sources` and `crawler.discovery.listings`, what a page says its page class's.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals

from crawler.discovery.sitemaps import Window
from crawler.discovery.listings import ListingsSpider
from crawler.downloader.politeness import received
from crawler.responses import read_page
from crawler.scheduling.fetch_log import OK, Visits, reason_of
from crawler.cross_check import Witness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.items import Article
    from crawler.state import Scope, Visit


class NewsSpider(ListingsSpider):
    """Base of every publisher's spider."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.spider_error, signal=signals.spider_error)
        return spider

    @cached_property
    def _visits(self) -> Visits | None:
        """What notes how visits went; None in a replay."""
        recorder = self._recorder
        return Visits(recorder, self.crawler) if recorder and recorder.state else None

    @property
    def scope(self) -> Scope:
        """Which of the pages that are due this crawl is to fetch."""
        return self.arguments.scope(self.page.publisher, self._recorder.job.name if self._recorder else "")

    async def start(self) -> AsyncIterator[Any]:
        for url in self.arguments.urls:
            for request in self._requests(url, self.parse_article):
                yield request
        if self.arguments.urls:
            return
        for edition in self.editions:
            since, until = self.arguments.since, self.arguments.until
            if not (since or until) and self._recorder:
                since = self._recorder.default_since(edition)
            self._windows[edition] = Window(since=since, until=until)
            for request in self._announcing(edition):
                yield request

    def visit_request(self, visit: Visit) -> Request:
        """Return the request for a page that is due."""
        assert self._visits  # noqa: S101  who has a state to be due in has these
        return self._visits.request(visit, self.parse_article, self.failed)

    @cached_property
    def _witness(self) -> Witness | None:
        """The second opinion on articles, if wanted; a replay hears it on all, to give the same always."""
        if not self.settings.getbool("EXTRACTION_WITNESS"):
            return None
        most = None if self._playback else self.settings.getint("EXTRACTION_WITNESS_WAITING")
        return Witness(self.crawler.stats, most)

    async def parse_article(self, response: Response) -> AsyncIterator[Article]:
        """Extract the article of a page; what holds none is counted under its kind."""
        visit: Visit | None = response.meta.get("visit")
        if visit and self._visits and response.status != OK:
            received(self.crawler, response)
            self._visits.not_there(visit, response)
            return
        kind, article = read_page(response)
        if article and self._witness:
            article = await self._witness.hear(article, response)
        self._stats(f"pages/{kind}")
        received(self.crawler, response, is_challenge=kind == "challenge")
        if visit and self._visits:
            self._visits.arrived(visit, response, kind)
        if article:
            yield article
        else:
            self.logger.info("No article (%s): %s", kind, response.url)

    def failed(self, failure: Failure) -> None:
        super().failed(failure)
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        visit: Visit | None = request.meta.get("visit")
        if visit and self._visits:
            self._visits.failed(visit, failure, reason_of(failure))

    def spider_error(self, failure: Failure, response: Response) -> None:
        super().spider_error(failure, response)
        # The page is tried again.
        visit: Visit | None = response.meta.get("visit")
        if visit and self._visits:
            self._visits.failed(visit, failure, type(failure.value).__name__)
