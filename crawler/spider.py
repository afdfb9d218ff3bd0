"""`NewsSpider`: discovery and extraction, shared by all publishers.

A publisher declares where it announces its articles; what an announcement means is `crawler.discovery`'s
matter, what a page says its page class's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse

from crawler.arguments import parse_arguments
from crawler.discovery import Window, read_links, read_xml
from crawler.extraction import ArticlePage, agreement, extract, is_challenge, witnessed
from crawler.extraction.dates import parse_moment
from crawler.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from archive import Playback
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

    def __init__(self, **given: str) -> None:
        super().__init__()
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

    async def start(self) -> AsyncIterator[Any]:
        for url in self.arguments.urls:
            for request in self._requests(url, self.parse_article):
                yield request
        if self.arguments.urls:
            return
        for edition in self.editions:
            since, until, looked = self.arguments.since, self.arguments.until, None
            if not (since or until) and self._recorder:
                since, looked = self._recorder.default_since(edition), self._recorder.last_look(edition)
            self._windows[edition] = Window(since=since, until=until, looked=looked)
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
            yield from self._requests(root + path, self.parse_announcements, edition=edition)
        for path in listings:
            yield from self._requests(root + path, self.parse_listing, edition=edition)

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

    def parse_announcements(self, response: Response, edition: str) -> Iterator[Request]:
        """Follow a sitemap index, a sitemap or a feed."""
        announcements = read_xml(response.body, response.url)
        if announcements is None:
            self._stats("announcements/unreadable")
            self._unread.add(edition)
            self.logger.warning("Neither sitemap nor feed: %s", response.url)
        window = self._windows[edition]
        for announcement in announcements or ():
            if reason := window.excludes(announcement):
                self.logger.debug("Skipped %s: %s", announcement.url, reason)
            elif announcement.kind == "sitemap":
                if self._is_own(announcement.url):
                    yield from self._requests(announcement.url, self.parse_announcements, edition=edition)
            else:
                yield from self._announced(announcement.url, only_new=window.is_settled(announcement))

    def parse_listing(self, response: Response, edition: str) -> Iterator[Request]:
        """Follow the articles that a page of links shows, those known left out."""
        if is_challenge(response.body):
            self._stats("announcements/unreadable")
            self._unread.add(edition)
            self.logger.warning("A challenge, not a listing: %s", response.url)
        for url in read_links(response.body, response.url, _content_type(response)):
            yield from self._announced(url, only_new=True)

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and parts.hostname in self.allowed_domains

    def _announced(self, url: str, *, only_new: bool) -> Iterator[Request]:
        """Yield the requests for one announced article, unless they were made already.

        With *only_new*, none for an article that an earlier crawl stored.
        """
        if self.page.key(url) is None:
            return
        self._stats("announcements/articles")
        wanted = self.arguments.editions
        urls = [self.in_edition(url, edition) for edition in wanted] if self.any_edition and wanted else [url]
        for variant in urls:
            key = self.page.key(variant)
            if key is None or not self._is_own(variant):
                continue
            if only_new and self._recorder and self._recorder.knows(key):
                continue
            if wanted and self.page.edition_of(variant) not in wanted:
                continue
            target = self.page.page_url(variant)
            if self._playback:
                # Every address that the archive knows it by: which came first depends on timing.
                key = target = target if self._playback.holds("GET", target) else variant
            if key not in self._requested:
                self._requested.add(key)
                yield from self._requests(target, self.parse_article)

    @classmethod
    def in_edition(cls, url: str, edition: str) -> str:
        """Return where the article at *url* stands in another *edition*."""
        raise NotImplementedError

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
        if article and self.settings.getbool("EXTRACTION_WITNESS"):
            article = self._witnessed(article, response)
        self._stats(f"pages/{kind}")
        if article:
            yield article
        else:
            self.logger.info("No article (%s): %s", kind, response.url)

    def _witnessed(self, article: Article, response: Response) -> Article:
        """Compare *article* with the second witness, and count by publisher how they agree."""
        figure = agreement(article, response.body, _content_type(response))
        if figure is None:
            return article
        prefix = f"extraction/agreement/{article.publisher}"
        stats = self.crawler.stats
        stats.inc_value(f"{prefix}/pages")
        stats.inc_value(f"{prefix}/sum", figure, start=0.0)  # type: ignore[arg-type]  # a figure, not a count
        stats.min_value(f"{prefix}/min", figure)
        article = witnessed(article, figure)
        if "disagreement" in article.flags:
            stats.inc_value(f"{prefix}/disagreements")
        return article

    def _page_kind(self, response: Response) -> str:
        if not isinstance(response, TextResponse):
            return "not_text"
        return "challenge" if is_challenge(response.body) else "article"

    def failed(self, failure: Failure) -> None:
        """Count a request that brought no page."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
        if edition := request.cb_kwargs.get("edition"):
            self._unread.add(edition)
        reason = _reason(failure)
        if reason:
            self._stats(f"failures/{reason}")
        self.logger.info("Failed (%s): %s", reason or "not in the archive", request.url)

    def _stats(self, key: str) -> None:
        self.crawler.stats.inc_value(key)


def _reason(failure: Failure) -> str:
    """Return why a request failed, in a word or two; empty where a replay has counted it."""
    error = failure.value
    response = getattr(error, "response", None)
    if response is not None:
        return str(response.status)
    for words, reason in _REFUSALS.items():
        if words in str(error):
            return reason
    return "" if isinstance(error, IgnoreRequest) else type(error).__name__


# Scrapy tells these apart by words alone.
_REFUSALS = {
    "Forbidden by robots.txt": "forbidden by robots.txt",
    "offsite": "offsite",
    "is a private address": "private address",
}


def _content_type(response: Response) -> str | None:
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None
