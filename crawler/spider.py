"""`NewsSpider`: a publisher's declarations, wired to the parts that find, schedule and read its articles."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals

from crawler.arguments import parse_arguments
from crawler.cross_check import CrossCheck
from crawler.discovery.announcements import Window
from crawler.discovery.intake import Intake, LiveIntake, ReplayIntake, Targets
from crawler.discovery.listings import ListingReader
from crawler.discovery.sources import SourceReader, Sources
from crawler.errors import ArgumentError
from crawler.extraction import THRESHOLD, ArticlePage, load_publishers
from crawler.failures import count_failure, retry_at
from crawler.recording.recorder import recorder_of
from crawler.recording.session import ReplaySession
from crawler.responses import DUE_PAGE, MISPLACED, OK, read_page
from crawler.scheduling.fetch_log import FetchLog
from crawler.scheduling.scheduler import FrontierScheduler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from crawler.items import Article
    from crawler.recording.recorder import Recorder
    from crawler.recording.session import CrawlSession
    from crawler.state import DueFilter, DuePage


class NewsSpider(Spider):
    """Base of every publisher's spider. Paths are on the host of each edition."""

    #: The page class that knows the publisher's addresses and markup.
    page: ClassVar[type[ArticlePage]] = ArticlePage
    #: Every language tag is an edition; then `in_edition` is required.
    any_edition: ClassVar[bool] = False
    #: Paths of sitemaps or sitemap indexes.
    sitemaps: ClassVar[Sequence[str]] = ()
    #: Paths of RSS or Atom feeds.
    feeds: ClassVar[Sequence[str]] = ()
    #: Paths of pages that link to new articles.
    listings: ClassVar[Sequence[str]] = ()
    #: Path of a section's feed, with `{section}` in it.
    section_feed: ClassVar[str] = ""
    #: Path of a section's listing, with `{section}` in it.
    section_listing: ClassVar[str] = ""
    #: Names of sections by edition; the key "" is for editions without an entry.
    sections: ClassVar[Mapping[str, Sequence[str]]] = {}
    #: Pages of the load-more API that are read for a listing at most.
    max_pages: ClassVar[int] = 100

    def __init__(self, **given: str) -> None:
        super().__init__()
        # scrapyd passes its job's id as an argument.
        given.pop("_job", None)
        #: The arguments as given.
        self.given = given
        self.arguments = parse_arguments(
            given, editions=self.page.editions, any_edition=self.any_edition, sections=self.sections
        )
        hosts = {urlsplit(url).hostname or "" for url in self.arguments.urls}
        self.allowed_domains = sorted({*self.page.editions.values(), *hosts})

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # Scrapy's own scheduler would never request a due page.
        settings.set("SCHEDULER", FrontierScheduler, priority="addon")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        # A publisher that cannot be loaded stops the crawl here, not page by page.
        load_publishers()
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.spider_error, signal=signals.spider_error)
        return spider

    @classmethod
    def in_edition(cls, url: str, edition: str) -> str:
        """Return the URL of the article at *url* in another *edition*."""
        raise NotImplementedError

    # Wiring.

    @cached_property
    def _recorder(self) -> Recorder:
        recorder = recorder_of(self.crawler)
        if recorder is None:
            raise ArgumentError(
                f"{self.name}: a NewsSpider needs ADDONS = {{'crawler.addon.ArchiveAddon': 300}}"
            )
        return recorder

    @property
    def _session(self) -> CrawlSession:
        return self._recorder.session

    @cached_property
    def _intake(self) -> Intake:
        if isinstance(self._session, ReplaySession):
            return ReplayIntake(self._session.playback, self._page_request)
        return LiveIntake(self._session, self.arguments, self.crawler.stats)

    @cached_property
    def _sources(self) -> SourceReader:
        in_edition = self.in_edition if self.any_edition else None
        targets = Targets(self.page, self.arguments, self.allowed_domains, in_edition)
        return SourceReader(self._declared_sources(), targets, self._intake, self.crawler.stats)

    def _declared_sources(self) -> Sources:
        sections = self.arguments.sections
        if sections:
            dated = [self.section_feed.format(section=each) for each in sections if self.section_feed]
            listings = [
                self.section_listing.format(section=each) for each in sections if self.section_listing
            ]
        else:
            dated, listings = [*self.sitemaps, *self.feeds], [*self.listings]
        if dated and (self.arguments.since or self.arguments.until):
            # A listing gives no dates: it would add articles from outside the window.
            listings = []
        return Sources(dated=dated, listings=listings, max_pages=self.max_pages)

    @cached_property
    def _listings(self) -> ListingReader:
        return ListingReader(self._sources, self._allow_host)

    def _allow_host(self, host: str) -> None:
        self.allowed_domains = sorted({*self.allowed_domains, host})

    @cached_property
    def _fetch_log(self) -> FetchLog:
        return FetchLog(self._session, self.crawler.stats)

    @cached_property
    def _cross_check(self) -> CrossCheck | None:
        if not self.settings.getbool("EXTRACTION_WITNESS"):
            return None
        # A replay checks every article, to give the same result each time.
        is_replay = isinstance(self._session, ReplaySession)
        max_waiting = None if is_replay else self.settings.getint("EXTRACTION_WITNESS_WAITING")
        return CrossCheck(self.crawler.stats, max_waiting)

    # Requests.

    @property
    def editions(self) -> list[str]:
        """The editions whose sources are read."""
        wanted = () if self.any_edition else self.arguments.editions
        return [edition for edition in self.page.editions if not wanted or edition in wanted]

    @property
    def editions_looked_through(self) -> list[str]:
        """The editions of which this crawl has seen everything announced since their last complete look."""
        arguments = self.arguments
        if arguments.urls or arguments.sections or arguments.until:
            return []
        return [edition for edition in self.editions if self._is_looked_through(edition)]

    def _is_looked_through(self, edition: str) -> bool:
        since, default = self.arguments.since, self._session.default_since(edition)
        reaches_back = since is None or default is None or since <= default
        return edition not in self._sources.unread and reaches_back

    @property
    def due_filter(self) -> DueFilter | None:
        """Which due pages this crawl fetches; None if it only fetches the URLs that it was given."""
        if self.arguments.urls:
            return None
        return self.arguments.due_filter(self.page.publisher, self._session.name)

    async def start(self) -> AsyncIterator[Any]:
        self._fetch_log.watch(self.crawler.signals)
        for url in self.arguments.urls:
            for request in self._intake.page_requests(self._page_request(url)):
                yield request
        if self.arguments.urls:
            return
        for edition in self.editions:
            since, until = self.arguments.since, self.arguments.until
            if not (since or until):
                since = self._session.default_since(edition)
            self._sources.windows[edition] = Window(since=since, until=until)
            for request in self._sources.requests(edition):
                yield request
            for request in self._listings.requests(edition):
                yield request

    def _page_request(self, url: str) -> Request:
        return Request(url, self.parse_article, errback=self.failed, priority=1)

    # Responses.

    async def parse_article(self, response: Response) -> AsyncIterator[Article]:
        """Extract the article of a page; count a page without one under its kind."""
        due: DuePage | None = response.meta.get(DUE_PAGE)
        if due and response.status != OK:
            self._fetch_log.unchanged_or_gone(due, response)
            return
        page = read_page(response, self.settings.getfloat("EXTRACTION_THRESHOLD", THRESHOLD))
        kind, article = page.kind, page.article
        if page.misplaced and self._recorder.accepts_misplaced(page.misplaced):
            article = page.misplaced
            response.meta[MISPLACED] = True
        if article and self._cross_check:
            article = await self._cross_check.check(article, response)
        self.crawler.stats.inc_value(f"pages/{kind}")
        if article:
            yield article
            return
        self.logger.info("No article (%s: %s): %s", kind, "; ".join(page.verdict.reasons), response.url)
        if due:
            self._fetch_log.no_article(due, response, kind)

    def failed(self, failure: Failure) -> None:
        """Count a page that could not be fetched; a due one is tried again."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        reason = count_failure(failure, self.crawler.stats)
        due: DuePage | None = request.meta.get(DUE_PAGE)
        if due:
            self._fetch_log.failed(due, reason, retry_at(failure))

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        """After an exception in a callback, try the page again or count the edition as not looked through."""
        if response is None:
            # It was raised in `start`.
            return
        if edition := response.cb_kwargs.get("edition"):
            self._sources.unread.add(edition)
        due: DuePage | None = response.meta.get(DUE_PAGE)
        if due:
            self._fetch_log.failed(due, type(failure.value).__name__)


class OneCmsSpider(NewsSpider):
    """Base of the publishers on the vendor CMS of `crawler.extraction.OneCmsPage`: its usual sources."""

    sitemaps: ClassVar[Sequence[str]] = ("/sitemap.xml",)
    feeds: ClassVar[Sequence[str]] = ("/rss/home.rss",)
    listings: ClassVar[Sequence[str]] = ("/",)
