"""`ParsedPage`: what can be asked of any page, whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.extraction.dates import parse_date
from crawler.extraction.identity import SiteIdentity
from crawler.extraction.markup.metadata import PageMetadata
from crawler.extraction.markup.selectors import ElementIndex
from crawler.extraction.markup.text import readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement


class ParsedPage(SiteIdentity):
    """A page's tree, the URL it was fetched from, and the doubts met while it is read."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self.tree = tree
        self.url = url
        self.elements = ElementIndex(tree)
        #: What relative addresses on the page are relative to.
        self.base = _base(self.elements, url)
        self.metadata = PageMetadata(self.elements, url, self.base)
        self._flags: set[str] = set()

    def doubt(self, flag: str) -> None:
        """Flag the article with the name of what is doubtful about it."""
        self._flags.add(flag)

    def select(self, selector: str, root: HtmlElement | None = None) -> list[HtmlElement]:
        """Return the elements that the CSS *selector* finds below *root*, the page, in document order."""
        return self.elements.select(selector, root)

    def first_text(self, selector: str, root: HtmlElement | None = None) -> str:
        """Return the readable text of the first element found, below *root*, that has any."""
        return next((t for e in self.select(selector, root) if (t := readable(e))), "")

    def first_date(self, values: Iterable[str]) -> str | None:
        """Return the first of *values* that is an instant, one with a zone before one without.

        Flags it when the zone is assumed, or when dates lack one and none can be.
        """
        assumed = None
        for value in values:
            moment, naive = parse_date(value, self.zone)
            if moment and not naive:
                return moment
            if naive:
                self._flags.add("naive_datetime")
                assumed = assumed or moment
        return assumed


def _base(elements: ElementIndex, url: str) -> str:
    """Return the address in the first `base` element, if it is one of the web; else *url*."""
    for element in elements.select("base[href]"):
        try:
            base = urljoin(url, (element.get("href") or "").strip())
            return base if urlsplit(base).scheme in {"http", "https"} else url
        except ValueError:
            break
    return url
