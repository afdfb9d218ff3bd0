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

import lxml.html
from lxml.etree import ElementDefaultClassLookup, ParserError
from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding

from crawler.extraction import generic, witness
from crawler.extraction.boilerplate import Boilerplate
from crawler.extraction.onecms import OneCmsPage
from crawler.extraction.page import ArticlePage, registered
from crawler.extraction.plaintext import extract_text as _extract_text
from crawler.layout import SPIDER_MODULES

if TYPE_CHECKING:
    from datetime import date

    from archive import Capture
    from crawler.items import Article

# Vietnamese government hosts answer with a page whose script sets this cookie and reloads.
_CHALLENGE = re.compile(rb"document\.cookie\s*=\s*[\"']D1N=")

# Python's codecs that decode to text and yet are no charsets; pages name them all the same.
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_LEADS = [bytes([lead]) for lead in range(0xC3, 0xF0)]  # first bytes of UTF-8's longer characters
_BROKEN = 20  # times as many whole characters as broken ones make it UTF-8
_LONGEST_TAG = 20_000  # characters; what is longer is looked at
_LONG_TAG = re.compile(rf"<([A-Za-z][\w:.-]*)[^<>]{{{_LONGEST_TAG},}}>")
# lxml.html's own look-up asks Python for the class of every element, for forms that nobody fills in here.
_ONE_CLASS = ElementDefaultClassLookup(element=lxml.html.HtmlElement)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_ATTRIBUTES = 10_000  # characters of a tag besides its attributes' values


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


def _bounded_tag(tag: re.Match[str]) -> str:
    """Take its attributes from a tag that has thousands of them: libxml2 compares each with each."""
    return f"<{tag[1]}>" if len(_QUOTED.sub("", tag[0])) > _MAX_ATTRIBUTES else tag[0]


def is_address(url: str) -> bool:
    """Tell whether *url* can be taken apart at all."""
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _decode(body: bytes, content_type: str | None) -> str:
    """Decode *body*, which is no UTF-8, as its header or its markup says, or as it looks."""
    text = body.decode("utf-8", "replace")
    if _BROKEN * text.count("\ufffd") < sum(map(body.count, _LEADS)):
        # UTF-8 with a broken character here or there, whatever a header says.
        return text
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    if declared in _NO_CHARSETS:
        return body.decode("utf-8", "replace")
    try:
        return html_to_unicode(content_type, body)[1]
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


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


def parse_html(body: bytes, content_type: str | None = None) -> lxml.html.HtmlElement | None:
    """Parse *body* in the charset that its header, its markup or its bytes tell; None when empty."""
    try:
        # What decodes as UTF-8 is UTF-8, whatever a header or a meta element says.
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode(body, content_type)
    if max(map(len, text.split("<"))) > _LONGEST_TAG:
        text = _LONG_TAG.sub(_bounded_tag, text)
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        return lxml.html.document_fromstring(text.replace("\0", "\ufffd").encode(), parser=parser)
    except (ParserError, UnicodeEncodeError):
        return None


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
