"""`Intake`: decides which sources are requested, and passes announced articles on.

Live, a source is requested unless nothing in it can be new, and articles become rows of the frontier. In a
replay each capture of a source or an article in the archive is requested once.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import clock
from crawler.responses import NOT_MODIFIED, conditional_headers
from crawler.state import AnnouncedArticle, SourceState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from scrapy import Request
    from scrapy.statscollectors import StatsCollector

    from archive import Playback
    from crawler.arguments import CrawlArguments
    from crawler.extraction import ArticlePage
    from crawler.recording.session import CrawlSession
    from crawler.state import FetchFacts

logger = logging.getLogger(__name__)


class Targets:
    """Decides which announced URLs are articles that the crawl wants.

    *in_edition* gives an article's URL in another edition, for publishers whose editions share their
    articles.
    """

    def __init__(
        self,
        page: type[ArticlePage],
        arguments: CrawlArguments,
        hosts: Iterable[str],
        in_edition: Callable[[str, str], str] | None = None,
    ) -> None:
        self.page = page
        self.editions = arguments.editions
        #: Hosts of the publisher; nothing is requested from others.
        self.hosts = set(hosts)
        self._in_edition = in_edition

    def is_own(self, url: str) -> bool:
        """Return whether *url* is an http(s) URL on one of the publisher's hosts."""
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and parts.hostname in self.hosts

    def articles(self, url: str, date: datetime | None) -> Iterator[tuple[str, AnnouncedArticle]]:
        """Yield the article at *url* in each edition that is wanted, with its URL as announced there."""
        for variant in self._variants(url):
            key, target = self.page.key(variant), self.page.page_url(variant)
            if key is not None and self.is_own(target):
                edition_key = f"{self.page.publisher}:{self.page.edition_of(variant)}"
                yield (
                    variant,
                    AnnouncedArticle(
                        id=key,
                        edition_key=edition_key,
                        url=target,
                        date=date,
                        is_print=self.page.is_print(target),
                    ),
                )

    def _variants(self, url: str) -> Iterator[str]:
        if self._in_edition and self.editions:
            yield from (self._in_edition(url, edition) for edition in self.editions)
        elif not self.editions or self.page.edition_of(url) in self.editions:
            yield url


class Intake(ABC):
    """Receives sources and the articles that they announce."""

    @abstractmethod
    def page_requests(self, request: Request) -> Iterator[Request]:
        """Yield the requests to send for a page that was asked for by its URL."""

    @abstractmethod
    def source_requests(
        self, request: Request, since: datetime | None, lastmod: datetime | None = None
    ) -> Iterator[Request]:
        """Yield the requests to send for a source, if any.

        *since* is where the window begins that it is read for; *lastmod* the date its index gives for it.
        """

    @abstractmethod
    def more_requests(self, request: Request) -> Iterator[Request]:
        """Yield the requests to send for the next page of a listing, if any."""

    @abstractmethod
    def announce(
        self, articles: Iterable[tuple[str, AnnouncedArticle]], source: str
    ) -> tuple[int, list[Request]]:
        """Take over the *articles* that *source* announces, each with its URL there.

        Returns how many of them are new, and the requests to send for them at once.
        """

    @abstractmethod
    def may_have_more(self, source: str, since: datetime | None) -> bool:
        """Return whether unknown articles may follow known ones in *source*: it was never read to its end."""

    @abstractmethod
    def record_reading(
        self, source: str, facts: FetchFacts, since: datetime | None, lastmod: datetime | None = None
    ) -> None:
        """Record that *source* was read to its end, with the *facts* of its fetch."""


class LiveIntake(Intake):
    """Requests sources that may have something new; announced articles become rows of the frontier."""

    def __init__(self, session: CrawlSession, arguments: CrawlArguments, stats: StatsCollector) -> None:
        self._session = session
        self._sources = session.state.sources
        self._arguments = arguments
        self._stats = stats
        #: A source that was read for other editions is read again.
        self._editions = ",".join(sorted(arguments.editions))

    def page_requests(self, request: Request) -> Iterator[Request]:
        yield request

    def source_requests(
        self, request: Request, since: datetime | None, lastmod: datetime | None = None
    ) -> Iterator[Request]:
        known = self._last_read(request.url, since) or SourceState()
        if lastmod and not known.is_older_than(lastmod):
            self._stats.inc_value("announcements/skipped")
            logger.debug("Skipped %s: read since it last changed, %s", request.url, lastmod.isoformat())
            return
        yield request.replace(
            headers=conditional_headers(known.etag, known.last_modified),
            meta={"handle_httpstatus_list": [NOT_MODIFIED]},
        )

    def more_requests(self, request: Request) -> Iterator[Request]:
        # Never conditional: how many of its articles are new decides whether the next page is requested.
        yield request

    def _last_read(self, source: str, since: datetime | None) -> SourceState | None:
        """Return how *source* was last read to its end, if that reading covers the one at hand."""
        state = self._sources.last_read(source)
        return state if state and state.covers(self._editions, since) else None

    def announce(
        self, articles: Iterable[tuple[str, AnnouncedArticle]], source: str
    ) -> tuple[int, list[Request]]:
        chosen: dict[tuple[str, datetime | None], AnnouncedArticle] = {}
        for _, article in articles:
            if not article.is_print or (article.id, article.date) not in chosen:
                chosen[article.id, article.date] = article
        state = self._session.state
        with self._session.required():
            key = state.sources.key(source)
            new = state.frontier.announce(key, chosen.values(), self._session.name, clock.now())
        self._stats.inc_value("announcements/new", new)
        # They are requested when they are due.
        return new, []

    def may_have_more(self, source: str, since: datetime | None) -> bool:
        return self._last_read(source, since) is None

    def record_reading(
        self, source: str, facts: FetchFacts, since: datetime | None, lastmod: datetime | None = None
    ) -> None:
        if self._arguments.until:
            # What comes after it was left out.
            return
        state = SourceState(
            editions=self._editions,
            since=since,
            lastmod=lastmod,
            etag=facts.etag,
            last_modified=facts.last_modified,
            server_time=facts.server_time,
        )
        with self._session.required():
            self._sources.record_reading(source, state, clock.now())


class ReplayIntake(Intake):
    """Requests every capture of each source and each announced article in *playback*, once.

    *make_request* returns the request for the page of an article.
    """

    def __init__(self, playback: Playback, make_request: Callable[[str], Request]) -> None:
        self._playback = playback
        self._make_request = make_request
        self._requested: set[str] = set()

    def page_requests(self, request: Request) -> Iterator[Request]:
        captures = self._playback.count("GET", request.url)
        if captures <= 1:
            yield request
            return
        for number in range(captures):
            yield request.replace(meta={"replay_capture": number}, dont_filter=True)

    def source_requests(
        self,
        request: Request,
        since: datetime | None,  # noqa: ARG002  each capture is read
        lastmod: datetime | None = None,  # noqa: ARG002
    ) -> Iterator[Request]:
        if request.url not in self._requested:
            self._requested.add(request.url)
            yield from self.page_requests(request)

    def more_requests(self, request: Request) -> Iterator[Request]:
        if self._playback.holds("GET", request.url):
            yield from self.source_requests(request, None)

    def announce(
        self,
        articles: Iterable[tuple[str, AnnouncedArticle]],
        source: str,  # noqa: ARG002
    ) -> tuple[int, list[Request]]:
        requests: list[Request] = []
        for announced, article in articles:
            # By every URL that the archive has it under: which of them came first depends on timing.
            url = article.url if self._playback.holds("GET", article.url) else announced
            if url not in self._requested:
                self._requested.add(url)
                requests += self.page_requests(self._make_request(url))
        return 0, requests

    def may_have_more(self, source: str, since: datetime | None) -> bool:  # noqa: ARG002
        return True

    def record_reading(
        self, source: str, facts: FetchFacts, since: datetime | None, lastmod: datetime | None = None
    ) -> None:
        """Do nothing: a replay leaves no trace in what live crawls know."""
