"""`SourceReader`: requests the sitemaps and feeds of a publisher, and follows what they announce."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from scrapy import Request

from crawler.discovery.sitemaps import read_xml
from crawler.failures import count_failure
from crawler.responses import NOT_MODIFIED, fetch_facts, requested_url

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from datetime import datetime

    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector
    from twisted.python.failure import Failure

    from crawler.discovery.announcements import Announcement, Window
    from crawler.discovery.intake import Intake, Targets

logger = logging.getLogger(__name__)

_BATCH = 1_000  # articles that are handed over in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Paths, on each edition's host, of what announces its articles."""

    #: Sitemaps and feeds.
    dated: Sequence[str]
    #: Listing pages, which give no dates.
    listings: Sequence[str]
    #: Pages of the load-more API that are read for a listing at most.
    max_pages: int


class SourceReader:
    """Requests sitemaps and feeds, reads them, and hands articles among them to *intake*."""

    def __init__(self, sources: Sources, targets: Targets, intake: Intake, stats: StatsCollector) -> None:
        self.sources = sources
        self.targets = targets
        self.intake = intake
        self.stats = stats
        #: By edition, the window that is asked for.
        self.windows: dict[str, Window] = {}
        #: Editions of which something could not be read.
        self.unread: set[str] = set()

    def requests(self, edition: str) -> Iterator[Request]:
        """Yield the requests for the sitemaps and feeds of *edition*."""
        for path in self.sources.dated:
            yield from self.source_requests(self.root(edition) + path, self.parse, edition)

    def root(self, edition: str) -> str:
        """Return the root URL of *edition*."""
        return f"https://{self.targets.page.editions[edition]}"

    def source_requests(
        self, url: str, callback: Callable[..., Any], edition: str, lastmod: datetime | None = None
    ) -> Iterator[Request]:
        """Yield the requests for the source at *url*, none if it cannot have anything new."""
        kwargs = {"edition": edition, **({"lastmod": lastmod} if lastmod else {})}
        request = Request(url, callback, errback=self.failed, cb_kwargs=kwargs)
        yield from self.intake.source_requests(request, self.windows[edition].since, lastmod)

    def parse(self, response: Response, edition: str, lastmod: datetime | None = None) -> Iterator[Request]:
        """Follow a sitemap index, a sitemap or a feed."""
        if self.is_unmodified(response):
            return
        announcements = read_xml(response.body, response.url)
        if announcements is None:
            self.note_unreadable(response, edition, "Neither sitemap nor feed")
            return
        window = self.windows[edition]
        pages: list[Announcement] = []
        for announcement in announcements:
            if reason := window.excludes(announcement):
                logger.debug("Skipped %s: %s", announcement.url, reason)
            elif announcement.kind == "page":
                pages.append(announcement)
            elif self.targets.is_own(announcement.url):
                yield from self.source_requests(announcement.url, self.parse, edition, announcement.date)
        yield from self.announce(((page.url, page.date) for page in pages), response)
        if not announcements.whole:
            self.note_unreadable(response, edition, "Not whole")
        elif all(each.kind == "page" for each in announcements):
            # An index is read each time: what it lists may have failed, or changed without notice here.
            self.intake.record_reading(requested_url(response), fetch_facts(response), window.since, lastmod)

    def announce(
        self, pages: Iterable[tuple[str, datetime | None]], response: Response
    ) -> Generator[Request, None, int]:
        """Hand the articles among *pages*, URLs with their dates, to the intake; return how many are new."""
        new = 0
        rest = iter(pages)
        while batch := list(islice(rest, _BATCH)):
            articles = [(url, date) for url, date in batch if self.targets.page.key(url) is not None]
            self.stats.inc_value("announcements/articles", len(articles))
            wanted = [each for url, date in articles for each in self.targets.articles(url, date)]
            more, requests = self.intake.announce(wanted, requested_url(response))
            new += more
            yield from requests
        return new

    def is_unmodified(self, response: Response) -> bool:
        """Return whether *response* is a 304, and count it."""
        if response.status != NOT_MODIFIED:
            return False
        self.stats.inc_value("announcements/unmodified")
        logger.debug("Skipped %s: not modified", response.url)
        return True

    def note_unreadable(self, response: Response, edition: str, words: str) -> None:
        """Note that *edition* was not looked through: this source could not be read."""
        self.stats.inc_value("announcements/unreadable")
        self.unread.add(edition)
        logger.warning("%s: %s", words, response.url)

    def failed(self, failure: Failure) -> None:
        """Note that a source could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        self.unread.add(request.cb_kwargs["edition"])
        count_failure(failure, self.stats)
