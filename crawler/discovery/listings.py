"""`ListingsSpider`: pages of links that announce articles, and what the load-more API has behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from crawler.discovery.sources import AnnouncementsSpider
from crawler.discovery.sitemaps import read_links
from crawler.domains import site_of
from crawler.extraction import is_challenge
from crawler.discovery.load_more import first_page, next_page, page_number, read_more
from crawler.downloader.politeness import received
from crawler.responses import asked_url, content_type_of
from crawler.scheduling.fetch_log import FORBIDDEN, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.state import Reading


@dataclass(frozen=True, slots=True)
class _Listing:
    """A listing of which more is being loaded."""

    url: str
    #: How it was read, to be noted when its end is reached.
    reading: Reading
    #: Whether its end was never reached: what is known may have unknown articles behind it.
    has_gaps: bool


class ListingsSpider(AnnouncementsSpider):
    """Reads listings beside sitemaps and feeds."""

    #: Paths on each edition's host.
    listings: ClassVar[Sequence[str]] = ()
    #: With `{section}` in it.
    section_listing: ClassVar[str] = ""
    #: So many answers of the load-more API are read for a listing at most.
    most_pages: ClassVar[int] = 100

    def _announcing(self, edition: str) -> Iterator[Request]:
        yield from super()._announcing(edition)
        sections = self.arguments.sections
        paths = (
            [self.section_listing.format(section=each) for each in sections] if sections else self.listings
        )
        has_dates = self.section_feed if sections else [*self.sitemaps, *self.feeds]
        if has_dates and (self.arguments.since or self.arguments.until):
            # A listing tells no dates: it would bring what was not asked for.
            return
        for path in paths:
            yield from self._source_requests(self._root(edition) + path, self.parse_listing, edition)

    def parse_listing(self, response: Response, edition: str) -> Iterator[Request]:
        """Follow the articles that a page of links shows, those known left out, and load more."""
        if self._is_unmodified(response):
            return
        if is_challenge(response.body):
            received(self.crawler, response, is_challenge=True)
            self._unreadable(response, edition, "A challenge, not a listing")
            return
        url = asked_url(response)
        listing = _Listing(url, self._reading_of(response, edition), self._reading(url, edition) is None)
        links = read_links(response.body, response.url, content_type_of(response))
        new = yield from self._announced([(link, None) for link in links], response)
        more = first_page(response.body, response.url)
        if more and site_of(more) == site_of(response.url) and self._may_have_more(listing, new):
            self.allowed_domains = sorted({*self.allowed_domains, urlsplit(more).hostname or ""})
            yield from self._more_requests(more, edition, listing)
        else:
            self._was_read(listing.url, listing.reading)

    def _may_have_more(self, listing: _Listing, new: int) -> bool:
        """Tell whether behind a page with so many *new* articles others can be."""
        return bool(new or listing.has_gaps or self._playback)

    def _more_requests(self, url: str, edition: str, listing: _Listing) -> Iterator[Request]:
        if self._playback and not self._playback.holds("GET", url):
            return
        for request in self._source_requests(url, self.parse_more, edition, listing=listing):
            # In full each time: how many of its articles are new decides whether the next is asked for.
            yield request.replace(headers={}, errback=self.more_failed)

    def parse_more(self, response: Response, edition: str, listing: _Listing) -> Iterator[Request]:
        """Follow the articles of an answer of the load-more API, and ask for the next one."""
        more = read_more(response.body, f"https://{self.page.editions[edition]}/")
        if more is None:
            self._unreadable(response, edition, "No answer of a load-more API")
            return
        announcements, follows = more
        # The next answer is as deep as this one: DEPTH_LIMIT is for other chains.
        response.meta["depth"] = response.meta.get("depth", 1) - 1
        self._stats("announcements/loaded_more")
        window = self._windows[edition]
        wanted = [(each.url, each.date) for each in announcements if not window.excludes(each)]
        new = yield from self._announced(wanted, response)
        if not announcements.whole:
            self._unreadable(response, edition, "Not whole")
        is_past = window.since and all(each.date and each.date < window.since for each in announcements)
        if follows and not is_past and self._may_have_more(listing, new):
            url = asked_url(response)
            if page_number(url) < self.most_pages:
                yield from self._more_requests(next_page(url), edition, listing)
                return
            self.logger.info("No more than %d pages are loaded: %s", self.most_pages, listing.url)
        self._was_read(listing.url, listing.reading)

    def more_failed(self, failure: Failure) -> None:
        """Count an answer that did not come; where robots.txt forbids it, the listing itself was all."""
        if reason_of(failure) != FORBIDDEN:
            self.failed(failure)
            return
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        self._stats(f"failures/{FORBIDDEN}")
        self.logger.debug("Skipped %s: %s", request.url, FORBIDDEN)
        listing: _Listing = request.cb_kwargs["listing"]
        self._was_read(listing.url, listing.reading)
