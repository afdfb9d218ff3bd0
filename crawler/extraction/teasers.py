"""Teasers and lists of links that lead to other articles of the same publisher."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from crawler.extraction.markup.text import fold, readable
from crawler.items import Related

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.html import HtmlElement

_MOST_LINKS = 10  # examined in one teaser
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def read_teasers(
    teasers: Iterable[HtmlElement], absolute: Callable[[str | None], str | None]
) -> list[Related]:
    """Return the headline and URL of each teaser, without duplicate URLs.

    *absolute* makes an address absolute; a link is skipped where it returns None.
    """
    found: dict[str, Related] = {}
    for teaser in teasers:
        named: list[tuple[HtmlElement, str]] = []
        for link in teaser.iter("a"):
            if len(link) and next(link.iter("img"), None) is not None:
                continue
            if text := readable(link) or fold(link.get("title")):
                named.append((link, text))
                if len(named) == _MOST_LINKS:
                    break
        if len(named) > 1:
            # A link to the section may precede the headline.
            named.sort(key=lambda each: not _is_headline(each[0]))
        for link, headline in named:
            if url := absolute(link.get("href")):
                found.setdefault(url, Related(url=url, headline=headline))
                break
    return list(found.values())


def _is_headline(link: HtmlElement) -> bool:
    around = islice(link.iterancestors(), 3)
    return any(each.tag in _HEADINGS or "heading" in (each.get("class") or "") for each in around)


def is_link_list(element: HtmlElement, is_own: Callable[[str | None], bool]) -> bool:
    """Return whether the list *element* holds only links for which *is_own* is true, and no nested list."""
    links = list(element.iter("a"))
    if not links or sum(1 for _ in element.iter("ul", "ol")) > 1:
        return False
    if not all(is_own(link.get("href")) for link in links):
        return False
    return fold(element.text_content()) == fold(" ".join(link.text_content() for link in links))
