"""A page in, an `Article` out. No Scrapy, no network, no clock.

`extract` finds the page class by URL, then by the day of the capture; a page of an unknown host is read by
`ArticlePage`, one without any article gives None.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extraction import generic, witness
from crawler.extraction.unknown.repeated_blocks import Boilerplate
from crawler.extraction.onecms import OneCmsPage
from crawler.extraction.page import ArticlePage, registered
from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.plaintext import extract_text as _extract_text
from crawler.import_guard import SPIDER_MODULES

if TYPE_CHECKING:
    from datetime import date

    from archive import Capture
    from crawler.items import Article

# Vietnamese government hosts answer with a page whose script sets this cookie and reloads.
_CHALLENGE = re.compile(rb"document\.cookie\s*=\s*[\"']D1N=")


@cache
def load_publishers() -> None:
    """Import every publisher once, so that their page classes are registered."""
    for name in SPIDER_MODULES:
        package = import_module(name)
        for module in walk_packages(package.__path__, f"{name}."):
            import_module(module.name)


def page_class(url: str, captured: date | None = None) -> type[ArticlePage]:
    """Return the class for the page at *url* as its site looked on *captured*, by default lately."""
    load_publishers()
    candidates = [cls for cls in registered() if cls.edition_of(url)]
    if captured is None:
        return max(candidates, key=lambda cls: cls.valid_until, default=ArticlePage)
    candidates = [cls for cls in candidates if captured <= cls.valid_until]
    return min(candidates, key=lambda cls: cls.valid_until, default=ArticlePage)


def is_challenge(body: bytes) -> bool:
    """Tell whether *body* is a page that only tests the visitor."""
    return len(body) < 20_000 and _CHALLENGE.search(body) is not None


def extract(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    captured: date | None = None,
    capture: Capture | None = None,
    boilerplate: Boilerplate | None = None,
) -> Article | None:
    """Return the article on the page *body*, fetched from *url*; None when it holds none.

    *body* is the page without transfer and content coding; *content_type* the header's value, for its
    charset; *captured* the day of the capture, which decides between templates of different years;
    *capture* goes into the article as it is; *boilerplate* is what was learned of sites that no rule
    knows. Never raises on what a page holds.
    """
    if is_challenge(body) or not is_address(url):
        return None
    page = page_class(url, captured)
    if page.publisher and page.article_id(url) is None:
        return None
    tree = parse_html(body, content_type)
    if tree is None:
        return None
    removed = boilerplate.remove_from(tree, url) if boilerplate and not page.publisher else 0
    reader = page(tree, url)
    if not page.publisher and reader.select(".cms-body"):
        reader = OneCmsPage(tree, url)
    if removed:
        reader.doubt("learned_blocks")
    return reader.to_item(capture)


def extract_text(text: str, url: str | None = None, capture: Capture | None = None) -> Article | None:
    """Return the article in the plain-text capture *text*; see `crawler.extraction.plaintext`.

    None where *text* holds none, or *url* is that of another page of a publisher, or no address.
    """
    load_publishers()
    return _extract_text(text, url, capture) if url is None or is_address(url) else None


def is_address(url: str) -> bool:
    """Tell whether *url* can be taken apart at all."""
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def agreement(article: Article, body: bytes, content_type: str | None = None) -> float | None:
    """Return how far trafilatura finds the text of *article* on its page *body*, between 0 and 1.

    None where there is nothing to compare: the body was found without a rule.
    """
    tree = parse_html(body, content_type)
    if tree is None or "fallback_extractor" in article.flags or not article.text:
        return None
    return witness.agreement(article.text, tree, article.url or "")


def witnessed(article: Article, agreement: float) -> Article:
    """Return *article* as the second witness leaves it: flagged where the two disagree."""
    flags = {*article.flags, *(["disagreement"] if agreement < witness.THRESHOLD else [])}
    extractor = replace(article.extractor, trafilatura=generic.trafilatura_version())
    return replace(article, flags=sorted(flags), extractor=extractor)


__all__ = [
    "ArticlePage",
    "Boilerplate",
    "OneCmsPage",
    "agreement",
    "extract",
    "extract_text",
    "is_address",
    "is_challenge",
    "load_publishers",
    "page_class",
    "parse_html",
    "witnessed",
]
