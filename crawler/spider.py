"""`NewsSpider`: discovery and extraction, shared by all publishers.

A publisher declares where it announces its articles; what an announcement means is `crawler.discovery`'s
matter, what a page says its page class's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request, Spider
from scrapy.http import TextResponse

from crawler.arguments import parse_arguments
from crawler.discovery import Announcement, Window, read_links, read_xml
from crawler.extraction import ArticlePage, extract, is_challenge
from crawler.extraction.dates import parse_moment
from crawler.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.items import Article


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

    def __init__(self, name: str | None = None, **given: str) -> None:
        super().__init__(name)
        #: The arguments as given.
        self.given = given
        self.arguments = parse_arguments(
            given, editions=self.page.editions, any_edition=self.any_edition, sections=self.sections
        )
        hosts = {urlsplit(url).hostname for url in self.arguments.urls} - {None}
        self.allowed_domains = sorted({*self.page.editions.values(), *hosts})  # type: ignore[type-var]
        self._requested: set[str] = set()

    @property
    def _recorder(self) -> Recorder | None:
        return self.crawler.get_extension(Recorder)

    def _window(self) -> Window:
        since, until = self.arguments.since, self.arguments.until
        if since is None and until is None and self._recorder:
            since = self._recorder.default_since
        return Window(since=since, until=until)

    async def start(self) -> AsyncIterator[Any]:
        self.window = self._window()
        for url in self.arguments.urls:
            yield self._article_request(url)
        if self.arguments.urls:
            return
        hosts = {
            host
            for edition, host in self.page.editions.items()
            if self.any_edition or edition in (self.arguments.editions or self.page.editions)
        }
        for host in sorted(hosts):
            for request in self._announcing(f"https://{host}"):
                yield request

    def _announcing(self, root: str) -> Iterator[Request]:
        """Yield requests for everything on the host at *root* that announces articles."""
        sections = self.arguments.sections
        if sections:
            xml = [self.section_feed.format(section=s) for s in sections if self.section_feed]
            listings = [self.section_listing.format(section=s) for s in sections]
        else:
            xml, listings = [*self.sitemaps, *self.feeds], list(self.listings)
        if self.arguments.since or self.arguments.until:
            # A listing tells no dates: it would bring what was not asked for.
            listings = []
        for path in xml:
            yield Request(root + path, self.parse_announcements, errback=self.failed)
        for path in listings:
            yield Request(root + path, self.parse_listing, errback=self.failed)

    def parse_announcements(self, response: Response) -> Iterator[Request]:
        """Follow a sitemap index, a sitemap or a feed."""
        announcements = read_xml(response.body, response.url)
        if announcements is None:
            self._stats("announcements/unreadable")
            self.logger.warning("Neither sitemap nor feed: %s", response.url)
        for announcement in announcements or ():
            if reason := self.window.excludes(announcement):
                self.logger.debug("Skipped %s: %s", announcement.url, reason)
            elif announcement.kind == "sitemap":
                if self._is_own(announcement.url):
                    yield Request(announcement.url, self.parse_announcements, errback=self.failed)
            else:
                yield from self._announced(announcement)

    def parse_listing(self, response: Response) -> Iterator[Request]:
        """Follow the articles that a page of links shows, those known left out."""
        content_type = _content_type(response)
        for url in read_links(response.body, response.url, content_type):
            key = self.page.key(url)
            if key and not (self._recorder and self._recorder.knows(key)):
                yield from self._announced(Announcement(kind="page", url=url))

    def _is_own(self, url: str) -> bool:
        return urlsplit(url).hostname in self.allowed_domains

    def _announced(self, announcement: Announcement) -> Iterator[Request]:
        """Yield the requests for one announced article, unless they were made already."""
        if self.page.key(announcement.url) is None:
            return
        self._stats("announcements/articles")
        if self.any_edition and self.arguments.editions:
            urls = [self.in_edition(announcement.url, e) for e in self.arguments.editions]
        else:
            urls = [announcement.url]
        for url in urls:
            key = self.page.key(url)
            if key and key not in self._requested and self._is_own(url):
                self._requested.add(key)
                yield self._article_request(_bare(url))

    @classmethod
    def in_edition(cls, url: str, edition: str) -> str:
        """Return where the article at *url* stands in another *edition*."""
        raise NotImplementedError

    def _article_request(self, url: str) -> Request:
        return Request(url, self.parse_article, errback=self.failed, priority=1)

    def parse_article(self, response: Response) -> Iterator[Article]:
        """Extract the article of a page; what holds none is counted under its kind."""
        kind = self._page_kind(response)
        article = None
        if kind == "article":
            capture = response.meta.get("capture")
            captured = parse_moment(capture.date) if capture else None
            article = extract(
                response.body,
                response.url,
                content_type=_content_type(response),
                captured=captured.date() if captured else None,
                capture=capture,
            )
            kind = "article" if article else "empty"
        self._stats(f"pages/{kind}")
        if article:
            yield article
        else:
            self.logger.info("No article (%s): %s", kind, response.url)

    def _page_kind(self, response: Response) -> str:
        if not isinstance(response, TextResponse):
            return "not_text"
        return "challenge" if is_challenge(response.body) else "article"

    def failed(self, failure: Failure) -> None:
        """Count a request that brought no page."""
        response = getattr(failure.value, "response", None)
        reason = response.status if response is not None else type(failure.value).__name__
        if reason != "IgnoreRequest":
            self._stats(f"failures/{reason}")
        request = getattr(failure, "request", None)
        self.logger.info("Failed (%s): %s", reason, getattr(request, "url", "?"))

    def _stats(self, key: str) -> None:
        self.crawler.stats.inc_value(key)


def _content_type(response: Response) -> str | None:
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def _bare(url: str) -> str:
    """Return *url* without query and fragment, AMP twins as the page itself."""
    parts = urlsplit(url)
    path = parts.path.removesuffix(".amp") + (".vnp" if parts.path.endswith(".amp") else "")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
