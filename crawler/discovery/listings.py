"""`ListingReader`: requests listing pages, and further articles from the load-more API behind them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request

from crawler.discovery.links import read_links
from crawler.discovery.load_more import first_page, next_page, page_number, read_more
from crawler.domains import site_of
from crawler.extraction import is_challenge
from crawler.failures import FORBIDDEN, count_failure, reason_of
from crawler.responses import content_type_of, fetch_facts, requested_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.discovery.sources import SourceReader
    from crawler.state import FetchFacts

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Listing:
    """A listing of which more is being loaded."""

    url: str
    edition: str
    #: Of its first page, to be recorded when its end is reached.
    facts: FetchFacts
    #: Whether unknown articles may follow known ones.
    may_have_more: bool


class ListingReader:
    """Reads listings beside the sources of *reader*; *allow_host* permits requests to the API's host."""

    def __init__(self, reader: SourceReader, allow_host: Callable[[str], None]) -> None:
        self._reader = reader
        self._allow_host = allow_host

    def requests(self, edition: str) -> Iterator[Request]:
        """Yield the requests for the listings of *edition*."""
        for path in self._reader.sources.listings:
            url = self._reader.root(edition) + path
            yield from self._reader.source_requests(url, self.parse, edition)

    def parse(self, response: Response, edition: str) -> Iterator[Request]:
        """Hand over the articles that a page of links shows, and load more."""
        if self._reader.is_unmodified(response):
            return
        if is_challenge(response.body):
            self._reader.note_unreadable(response, edition, "A challenge, not a listing")
            return
        url, since = requested_url(response), self._reader.windows[edition].since
        may_have_more = self._reader.intake.may_have_more(url, since)
        listing = _Listing(url, edition, fetch_facts(response), may_have_more)
        links = read_links(response.body, response.url, content_type_of(response))
        new = yield from self._reader.announce([(link, None) for link in links], response)
        more = first_page(response.body, response.url)
        if more and site_of(more) == site_of(response.url) and (new or listing.may_have_more):
            self._allow_host(urlsplit(more).hostname or "")
            yield from self._more_requests(more, listing)
        else:
            self._reached_end(listing)

    def _more_requests(self, url: str, listing: _Listing) -> Iterator[Request]:
        kwargs = {"edition": listing.edition, "listing": listing}
        request = Request(url, self.parse_more, errback=self.more_failed, cb_kwargs=kwargs)
        yield from self._reader.intake.more_requests(request)

    def parse_more(self, response: Response, edition: str, listing: _Listing) -> Iterator[Request]:
        """Hand over the articles of an answer of the load-more API, and request the next one."""
        more = read_more(response.body, f"{self._reader.root(edition)}/")
        if more is None:
            self._reader.note_unreadable(response, edition, "Not an answer of a load-more API")
            return
        announcements, follows = more
        # The next answer is as deep as this one: DEPTH_LIMIT is for other chains.
        response.meta["depth"] = response.meta.get("depth", 1) - 1
        self._reader.stats.inc_value("announcements/loaded_more")
        window = self._reader.windows[edition]
        wanted = [(each.url, each.date) for each in announcements if not window.excludes(each)]
        new = yield from self._reader.announce(wanted, response)
        if not announcements.whole:
            self._reader.note_unreadable(response, edition, "Not whole")
        is_past = window.since and all(each.date and each.date < window.since for each in announcements)
        if follows and not is_past and (new or listing.may_have_more):
            url, max_pages = requested_url(response), self._reader.sources.max_pages
            if page_number(url) < max_pages:
                yield from self._more_requests(next_page(url), listing)
                return
            logger.info("No more than %d pages are loaded: %s", max_pages, listing.url)
        self._reached_end(listing)

    def _reached_end(self, listing: _Listing) -> None:
        since = self._reader.windows[listing.edition].since
        self._reader.intake.record_reading(listing.url, listing.facts, since)

    def more_failed(self, failure: Failure) -> None:
        """Note that an answer did not come; if robots.txt forbids the API, the listing itself was all."""
        if reason_of(failure) != FORBIDDEN:
            self._reader.failed(failure)
            return
        count_failure(failure, self._reader.stats)
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        self._reached_end(request.cb_kwargs["listing"])
