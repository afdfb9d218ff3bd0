"""`AnnouncementsSpider`: what a publisher announces is asked for, read, and handed to the frontier.

What an announcement means is `crawler.discovery.sitemaps`'s matter.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider

from crawler import clock
from crawler.arguments import parse_arguments
from crawler.discovery.sitemaps import Window, read_xml
from crawler.extraction import ArticlePage
from crawler.downloader.politeness import received
from crawler.responses import asked_url
from crawler.recording.recorder import Recorder
from crawler.state import Reading, Wanted
from crawler.scheduling.fetch_log import NOT_MODIFIED, conditional, reading_of, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from archive import Playback
    from crawler.discovery.sitemaps import Announcement
    from crawler.state import State

_AT_ONCE = 1_000  # articles that are handed over in one transaction


class AnnouncementsSpider(Spider):
    """What a publisher declares of its sources, and the callbacks that read them."""

    page: ClassVar[type[ArticlePage]] = ArticlePage
    #: Any language tag is an edition.
    any_edition: ClassVar[bool] = False
    #: Paths on each edition's host.
    sitemaps: ClassVar[Sequence[str]] = ()
    feeds: ClassVar[Sequence[str]] = ()
    #: With `{section}` in them.
    section_feed: ClassVar[str] = ""
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

    def _announcing(self, edition: str) -> Iterator[Request]:
        """Yield requests for everything that announces articles of *edition*."""
        sections = self.arguments.sections
        if sections:
            paths = [self.section_feed.format(section=each) for each in sections if self.section_feed]
        else:
            paths = [*self.sitemaps, *self.feeds]
        for path in paths:
            yield from self._source_requests(self._root(edition) + path, self.parse_announcements, edition)

    def _root(self, edition: str) -> str:
        return f"https://{self.page.editions[edition]}"

    def _source_requests(
        self, url: str, callback: Callable[..., Any], edition: str, **given: Any
    ) -> Iterator[Request]:
        """Yield the request for something that announces, unless it is known to have nothing new.

        *given* is passed on to *callback*; `lastmod` in it is what an index says of it.
        """
        if self._playback and url in self._requested:
            return
        self._requested.add(url)
        lastmod = given.get("lastmod")
        for request in self._requests(url, callback, edition, **given):
            if self._state is None:
                yield request
                continue
            reading = self._reading(url, edition) or Reading()
            if lastmod and not reading.is_older_than(lastmod):
                self._stats("announcements/skipped")
                self.logger.debug("Skipped %s: read since it last changed, %s", url, lastmod.isoformat())
                continue
            yield request.replace(
                headers=conditional(reading.etag, reading.modified),
                meta={"handle_httpstatus_list": [NOT_MODIFIED]},
            )

    def _reading(self, url: str, edition: str) -> Reading | None:
        """Return how the source at *url* was last read to its end; None if never for what is asked now."""
        reading = self._state.sources.reading(url) if self._state else None
        since = self._windows[edition].since
        return reading if reading and reading.covers(self._editions_read, since) else None

    @property
    def _editions_read(self) -> str:
        """What a source was read for, so that another choice of editions reads it again."""
        return ",".join(sorted(self.arguments.editions))

    def _requests(
        self, url: str, callback: Callable[..., Any], edition: str | None = None, **given: Any
    ) -> Iterator[Request]:
        """Yield the request for *url*; in a replay one for each good answer that the archive holds."""
        kwargs = {"edition": edition, **given} if edition else given
        request = Request(url, callback, errback=self.failed, cb_kwargs=kwargs, priority=0 if edition else 1)
        captures = self._playback.count("GET", url) if self._playback else 1
        if captures <= 1:
            yield request
            return
        for number in range(captures):
            yield request.replace(meta={"replay_capture": number}, dont_filter=True)

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
        pages: list[Announcement] = []
        for announcement in announcements or ():
            if reason := window.excludes(announcement):
                self.logger.debug("Skipped %s: %s", announcement.url, reason)
            elif announcement.kind == "page":
                pages.append(announcement)
            elif self._is_own(announcement.url):
                yield from self._source_requests(
                    announcement.url, self.parse_announcements, edition, lastmod=announcement.date
                )
        yield from self._announced(((page.url, page.date) for page in pages), response)
        if announcements is not None:
            received(self.crawler, response)
            if not announcements.whole:
                self._unreadable(response, edition, "Not whole")
            elif all(each.kind == "page" for each in announcements):
                # An index is read each time: what it lists may have failed, or changed without a word here.
                self._was_read(asked_url(response), self._reading_of(response, edition, lastmod))

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

    def _reading_of(self, response: Response, edition: str, lastmod: datetime | None = None) -> Reading:
        return reading_of(response, self._editions_read, self._windows[edition].since, lastmod)

    def _was_read(self, url: str, reading: Reading) -> None:
        """Note that the source at *url* was read to its end."""
        if self._state is None or self._recorder is None or self.arguments.until:
            return
        with self._recorder.required():
            self._state.sources.was_read(url, reading, clock.now())

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and parts.hostname in self.allowed_domains

    def _announced(
        self, pages: Iterable[tuple[str, datetime | None]], response: Response
    ) -> Generator[Request, None, int]:
        """Take over the articles among *pages*, URLs with their dates; in a replay, yield their requests.

        Return how many of them are new.
        """
        new = 0
        rest = iter(pages)
        while some := list(islice(rest, _AT_ONCE)):
            wanted: dict[tuple[str, datetime | None], Wanted] = {}
            for url, date in some:
                if self.page.key(url) is None:
                    continue
                self._stats("announcements/articles")
                for variant in self._variants(url):
                    key, target = self.page.key(variant), self.page.page_url(variant)
                    if key is None or not self._is_own(target):
                        continue
                    is_print = self.page.is_print(target)
                    if not is_print or (key, date) not in wanted:
                        site = f"{self.page.publisher}:{self.page.edition_of(variant)}"
                        wanted[key, date] = Wanted(
                            id=key, site=site, url=target, dated=date, is_print=is_print
                        )
                    if self._playback:
                        yield from self._replayed(variant, target)
            new += self._take_over(wanted.values(), asked_url(response))
        return new

    def _take_over(self, wanted: Iterable[Wanted], source: str) -> int:
        """Hand what the *source* announces to the frontier; return how many of it are new."""
        if self._state is None or self._recorder is None:
            return 0
        with self._recorder.required():
            key = self._state.sources.key(source)
            new = self._state.frontier.announce(key, wanted, self._recorder.job.name, clock.now())
        self.crawler.stats.inc_value("announcements/new", new)
        return new

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

    def parse_article(self, response: Response) -> Any:
        """Read the page of an article."""
        raise NotImplementedError

    def failed(self, failure: Failure) -> None:
        """Count a request that brought nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        if edition := request.cb_kwargs.get("edition"):
            self._unread.add(edition)
        reason = reason_of(failure)
        if reason:
            self._stats(f"failures/{reason}")
        self.logger.info("Failed (%s): %s", reason or "not in the archive", request.url)

    def spider_error(self, failure: Failure, response: Response) -> None:  # noqa: ARG002
        """Note what an error of ours lost: the edition is not looked through."""
        if edition := response.cb_kwargs.get("edition"):
            self._unread.add(edition)

    def _stats(self, key: str) -> None:
        self.crawler.stats.inc_value(key)
