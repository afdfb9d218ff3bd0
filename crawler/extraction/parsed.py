"""`ParsedPage`: a parsed page with the lookups that work on any page."""

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
    """A page's tree, the URL it was fetched from, and the flags set while it is read."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self.tree = tree
        self.url = url
        self.elements = ElementIndex(tree)
        #: Base of the relative addresses on the page.
        self.base = _base(self.elements, url)
        self.metadata = PageMetadata(self.elements, url, self.base)
        self._flags: set[str] = set()

    def doubt(self, flag: str) -> None:
        """Add *flag*, the name of something doubtful, to the article's flags."""
        self._flags.add(flag)

    def select(self, selector: str, root: HtmlElement | None = None) -> list[HtmlElement]:
        """Return the elements within *root*, by default the page, that match the CSS *selector*, in order.

        Raises cssselect.SelectorError, see `ElementIndex.select`.
        """
        return self.elements.select(selector, root)

    def first_text(self, selector: str, root: HtmlElement | None = None) -> str:
        """Return the readable text of the first match within *root* that has any; else an empty string."""
        return next((t for e in self.select(selector, root) if (t := readable(e))), "")

    def first_date(self, values: Iterable[str]) -> str | None:
        """Return the first of *values* that is an instant; those with a zone go first.

        If values without a zone precede it, the flag `naive_datetime` is set.
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
    """Return the address in the first `base` element if it is http(s); else *url*."""
    for element in elements.select("base[href]"):
        try:
            base = urljoin(url, (element.get("href") or "").strip())
            return base if urlsplit(base).scheme in {"http", "https"} else url
        except ValueError:
            break
    return url
