"""`NewsSpider`: discovery and extraction, shared by all publishers.

A publisher declares where it announces its articles; what an announcement means is `crawler.discovery`'s
matter, what a page says its page class's.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals

from crawler import clock
from crawler.arguments import parse_arguments
from crawler.discovery import Window, read_links, read_xml
from crawler.extraction import ArticlePage, is_challenge
from crawler.politeness import received
from crawler.reading import asked_url, content_type_of, read_page, with_witness
from crawler.recorder import Recorder
from crawler.state import Reading, Scope, Wanted
from crawler.visits import NOT_MODIFIED, OK, Visits, conditional, reading_of, reason_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from archive import Playback
    from crawler.items import Article
    from crawler.state import State, Visit


class NewsSpider(Spider):
    """Base of every publisher's spider."""

    page: ClassVar[type[ArticlePage]] = ArticlePage
    #: Any language tag is an edition.
    any_edition: ClassVar[bool] = False
    #: Paths on each edition's host.
    sitemaps: ClassVar[Sequence[str]] = ()
    feeds: ClassVar[Sequence[str]] = ()
    listings: ClassVar[Sequence[str]] = ()
    #: With `{section}` in them.
    section_feed: ClassVar[str] = ""
    section_listing: ClassVar[str] = ""
    #: Names of sections by edition; the key "" is for editions that have no entry.
    sections: ClassVar[Mapping[str, Sequence[str]]] = {}

    def __init__(self, **given: str) -> None:
        super().__init__()
        # scrapyd names each of its jobs in an argument.
        given.pop("_job", None)
        #: The arguments as given.
        self.given = given
        self.arguments = parse_arguments(
            given, editions=self.page.editions, any_edition=self.any_edition, sections=self.sections
        )
        hosts = {urlsplit(url).hostname or "" for url in self.arguments.urls}
        self.allowed_domains = sorted({*self.page.editions.values(), *hosts})
        self._windows: dict[str, Window] = {}
        self._requested: set[str] = set()
        #: Editions of which some announcement could not be read.
        self._unread: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.spider_error, signal=signals.spider_error)
        return spider

    @property
    def _recorder(self) -> Recorder | None:
        return self.crawler.get_extension(Recorder)

    @property
    def _playback(self) -> Playback | None:
        return self._recorder.playback if self._recorder else None

    @property
    def _state(self) -> State | None:
        """What earlier crawls know; None in a replay."""
        return self._recorder.state if self._recorder else None

    @cached_property
    def _visits(self) -> Visits | None:
        """What notes how visits went; None in a replay."""
        recorder = self._recorder
        return Visits(recorder, self.crawler) if recorder and recorder.state else None

    @property
    def editions(self) -> list[str]:
        """The editions whose announcements are looked through."""
        wanted = () if self.any_edition else self.arguments.editions
        return [edition for edition in self.page.editions if not wanted or edition in wanted]

    @property
    def editions_looked_through(self) -> list[str]:
        """The editions of which this crawl has seen all that was announced since the last whole look."""
        arguments = self.arguments
        if arguments.urls or arguments.sections or arguments.until or not self._recorder:
            return []
        return [
            edition
            for edition in self.editions
            if edition not in self._unread
            and not (arguments.since and arguments.since > self._recorder.default_since(edition))  # type: ignore[operator]  # live
        ]

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

    def _announcing(self, edition: str) -> Iterator[Request]:
        """Yield requests for everything that announces articles of *edition*."""
        sections = self.arguments.sections
        if sections:
            xml = [self.section_feed.format(section=s) for s in sections if self.section_feed]
            listings = [self.section_listing.format(section=s) for s in sections]
        else:
            xml, listings = [*self.sitemaps, *self.feeds], list(self.listings)
        if xml and (self.arguments.since or self.arguments.until):
            # A listing tells no dates: it would bring what was not asked for.
            listings = []
        root = f"https://{self.page.editions[edition]}"
        for path in xml:
            yield from self._source_requests(root + path, self.parse_announcements, edition)
        for path in listings:
            yield from self._source_requests(root + path, self.parse_listing, edition)

    def _source_requests(
        self, url: str, callback: Callable[..., Any], edition: str, lastmod: datetime | None = None
    ) -> Iterator[Request]:
        """Yield the request for something that announces, unless it is known to have nothing new."""
        if self._playback and url in self._requested:
            return
        self._requested.add(url)
        for request in self._requests(url, callback, edition):
            if self._state is None:
                yield request
                continue
            reading = self._state.sources.reading(url)
            if reading is None or not reading.covers(self._editions_read, self._windows[edition].since):
                reading = Reading()
            if not reading.is_older_than(lastmod) and lastmod:
                self._stats("announcements/skipped")
                self.logger.debug("Skipped %s: read since it last changed, %s", url, lastmod.isoformat())
                continue
            yield request.replace(
                cb_kwargs={"edition": edition, "lastmod": lastmod},
                headers=conditional(reading.etag, reading.modified),
                meta={"handle_httpstatus_list": [NOT_MODIFIED]},
            )

    @property
    def _editions_read(self) -> str:
        """What a source was read for, so that another choice of editions reads it again."""
        return ",".join(sorted(self.arguments.editions))

    def _requests(
        self, url: str, callback: Callable[..., Any], edition: str | None = None
    ) -> Iterator[Request]:
        """Yield the request for *url*; in a replay one for each good answer that the archive holds."""
        kwargs = {} if edition is None else {"edition": edition}
        request = Request(url, callback, errback=self.failed, cb_kwargs=kwargs, priority=0 if edition else 1)
        captures = self._playback.count("GET", url) if self._playback else 1
        if captures <= 1:
            yield request
            return
        for number in range(captures):
            yield request.replace(meta={"replay_capture": number}, dont_filter=True)

    def visit_request(self, visit: Visit) -> Request:
        """Return the request for a page that is due."""
        assert self._visits  # noqa: S101  who has a state to be due in has these
        return self._visits.request(visit, self.parse_article, self.failed)

    def parse_announcements(
        self, response: Response, edition: str, lastmod: datetime | None = None
    ) -> Iterator[Request]:
        """Follow a sitemap index, a sitemap or a feed."""
        if self._is_unmodified(response):
            return
        announcements = read_xml(response.body, response.url)
        if announcements is None:
            self._unreadable(response, edition, "Neither sitemap nor feed")
        window = self._windows[edition]
        pages: list[tuple[str, datetime | None]] = []
        for announcement in announcements or ():
            if reason := window.excludes(announcement):
                self.logger.debug("Skipped %s: %s", announcement.url, reason)
            elif announcement.kind == "page":
                pages.append((announcement.url, announcement.date))
            elif self._is_own(announcement.url):
                yield from self._source_requests(
                    announcement.url, self.parse_announcements, edition, announcement.date
                )
        yield from self._announced(pages, response)
        if announcements is not None:
            received(self.crawler, response)
            if not announcements.whole:
                self._unreadable(response, edition, "Not whole")
            elif all(each.kind == "page" for each in announcements):
                # An index is read each time: what it lists may have failed, or changed without a word here.
                self._was_read(response, edition, lastmod)

    def _is_unmodified(self, response: Response) -> bool:
        if response.status != NOT_MODIFIED:
            return False
        self._stats("announcements/unmodified")
        self.logger.debug("Skipped %s: not modified", response.url)
        return True

    def _unreadable(self, response: Response, edition: str, words: str) -> None:
        self._stats("announcements/unreadable")
        self._unread.add(edition)
        self.logger.warning("%s: %s", words, response.url)

    def _was_read(self, response: Response, edition: str, lastmod: datetime | None) -> None:
        if self._state is None or self._recorder is None or self.arguments.until:
            return
        reading = reading_of(response, self._editions_read, self._windows[edition].since, lastmod)
        with self._recorder.required():
            self._state.sources.was_read(asked_url(response), reading, clock.now())

    def parse_listing(
        self, response: Response, edition: str, lastmod: datetime | None = None
    ) -> Iterator[Request]:
        """Follow the articles that a page of links shows, those known left out."""
        if self._is_unmodified(response):
            return
        if is_challenge(response.body):
            received(self.crawler, response, is_challenge=True)
            self._unreadable(response, edition, "A challenge, not a listing")
            return
        links = read_links(response.body, response.url, content_type_of(response))
        yield from self._announced([(url, None) for url in links], response)
        self._was_read(response, edition, lastmod)

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and parts.hostname in self.allowed_domains

    def _announced(
        self, pages: Iterable[tuple[str, datetime | None]], response: Response
    ) -> Iterator[Request]:
        """Take over the articles among *pages*, URLs with their dates; in a replay, yield their requests."""
        wanted: dict[tuple[str, datetime | None], Wanted] = {}
        for url, date in pages:
            if self.page.key(url) is None:
                continue
            self._stats("announcements/articles")
            for variant in self._variants(url):
                key, edition = self.page.key(variant), self.page.edition_of(variant)
                if key is None or not self._is_own(variant):
                    continue
                target, site = self.page.page_url(variant), f"{self.page.publisher}:{edition}"
                wanted[key, date] = Wanted(id=key, site=site, url=target, dated=date)
                if self._playback:
                    yield from self._replayed(variant, target)
        if self._state and self._recorder:
            with self._recorder.required():
                source = self._state.sources.key(asked_url(response))
                job = self._recorder.job.name
                new = self._state.frontier.announce(source, wanted.values(), job, clock.now())
            self.crawler.stats.inc_value("announcements/new", new)

    def _variants(self, url: str) -> Iterator[str]:
        """Yield *url* as it is in each of the editions wanted."""
        wanted = self.arguments.editions
        if self.any_edition and wanted:
            yield from (self.in_edition(url, edition) for edition in wanted)
        elif not wanted or self.page.edition_of(url) in wanted:
            yield url

    def _replayed(self, url: str, target: str) -> Iterator[Request]:
        """Yield the requests for one announced article, unless they were made already."""
        # Every address that the archive knows it by: which came first depends on timing.
        known = target if self._playback and self._playback.holds("GET", target) else url
        if known not in self._requested:
            self._requested.add(known)
            yield from self._requests(known, self.parse_article)

    @classmethod
    def in_edition(cls, url: str, edition: str) -> str:
        """Return where the article at *url* stands in another *edition*."""
        raise NotImplementedError

    def parse_article(self, response: Response) -> Iterator[Article]:
        """Extract the article of a page; what holds none is counted under its kind."""
        visit: Visit | None = response.meta.get("visit")
        if visit and self._visits and response.status != OK:
            received(self.crawler, response)
            self._visits.not_there(visit, response)
            return
        kind, article = read_page(response)
        if article and self.settings.getbool("EXTRACTION_WITNESS"):
            article = with_witness(article, response, self.crawler.stats)
        self._stats(f"pages/{kind}")
        received(self.crawler, response, is_challenge=kind == "challenge")
        if visit and self._visits:
            self._visits.arrived(visit, response, kind)
        if article:
            yield article
        else:
            self.logger.info("No article (%s): %s", kind, response.url)

    def failed(self, failure: Failure) -> None:
        """Count a request that brought no page."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        if edition := request.cb_kwargs.get("edition"):
            self._unread.add(edition)
        reason = reason_of(failure)
        if reason:
            self._stats(f"failures/{reason}")
        self.logger.info("Failed (%s): %s", reason or "not in the archive", request.url)
        visit: Visit | None = request.meta.get("visit")
        if visit and self._visits:
            self._visits.failed(visit, failure, reason)

    def spider_error(self, failure: Failure, response: Response) -> None:
        """Note what an error of ours lost: the page is tried again, its edition is not looked through."""
        if edition := response.cb_kwargs.get("edition"):
            self._unread.add(edition)
        visit: Visit | None = response.meta.get("visit")
        if visit and self._visits:
            self._visits.failed(visit, failure, type(failure.value).__name__)

    def _stats(self, key: str) -> None:
        self.crawler.stats.inc_value(key)
