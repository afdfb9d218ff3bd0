"""Turns a page into an `Article`. Pure: no Scrapy, no network, no clock.

May import `archive` and, of crawler, only errors, items and version. The order: `publishers` chooses a page
class by URL, `page` reads each field (rule, JSON-LD, meta, markup), `unknown` finds the body if no rule does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extraction.agreement import agreement, with_agreement
from crawler.extraction.kinds import (
    THRESHOLD,
    KnownPages,
    PageKind,
    PageReading,
    Verdict,
    judge,
    names_itself,
    text_digest,
)
from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.onecms import OneCmsPage
from crawler.extraction.page import ArticlePage
from crawler.extraction.plaintext import extract_text as _extract_text
from crawler.extraction.publishers import load_publishers, page_class, project_modules, use_publishers
from crawler.extraction.unknown.repeated_blocks import RepeatedBlocks
from crawler.items import TextBlock

if TYPE_CHECKING:
    from datetime import date

    from archive import Capture
    from crawler.items import Article

# Begin and end of a document; analytics may come after its end. A fragment has neither.
_OPENED = re.compile(rb"<(?:html|body)\b", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
_END = 100_000  # bytes
# Vietnamese government hosts answer with a page whose script sets this cookie and reloads.
_CHALLENGE = re.compile(rb"document\.cookie\s*=\s*[\"']D1N=")


def is_challenge(body: bytes) -> bool:
    """Return whether *body* is a bot challenge: a page whose script sets a cookie and reloads."""
    return len(body) < 20_000 and _CHALLENGE.search(body) is not None


def extract(  # noqa: PLR0913  one argument for each fact of a capture
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    captured: date | None = None,
    capture: Capture | None = None,
    repeated: RepeatedBlocks | None = None,
    threshold: float = THRESHOLD,
) -> Article | None:
    """Return the article on the page *body*, fetched from *url*; None if it is no article: see `classify`.

    *body* is the page with transfer and content coding undone. *content_type* is the header's value, used
    for its charset. *captured* is the day of the capture; it selects among templates of different years.
    *capture* is copied into the article. *repeated* removes the blocks that an unknown site prints on many
    pages. On a site without rules, a page is an article from the score *threshold* on, see `classify`.
    Raises PublisherError if a publisher cannot be loaded, never for the content of a page.
    """
    return read(
        body,
        url,
        content_type=content_type,
        captured=captured,
        capture=capture,
        repeated=repeated,
        threshold=threshold,
    ).article


def classify(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    captured: date | None = None,
    is_cut: bool = False,
    threshold: float = THRESHOLD,
) -> Verdict:
    """Return the kind of the page *body*, fetched from *url*, with the reasons; see `read`."""
    return read(
        body, url, content_type=content_type, captured=captured, is_cut=is_cut, threshold=threshold
    ).verdict


def read(  # noqa: PLR0913  one argument for each fact of a capture
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    captured: date | None = None,
    capture: Capture | None = None,
    repeated: RepeatedBlocks | None = None,
    is_cut: bool = False,
    threshold: float = THRESHOLD,
) -> PageReading:
    """Return what the page *body*, fetched from *url*, is, and its article if it is one.

    The arguments are those of `extract`. *is_cut* says that the answer was cut off: bytes are missing.
    """
    if is_challenge(body):
        return _nothing("challenge")
    if is_cut:
        return _nothing("cut")
    if not is_address(url):
        return _nothing("other")
    page = page_class(url, captured)
    tree = parse_html(body, content_type)
    if tree is None:
        return _nothing("empty")
    removed = repeated.remove_from(tree, url) if repeated and not page.publisher else 0
    reader = page(tree, url)
    if not page.publisher and reader.select(".cms-body"):
        reader = OneCmsPage(tree, url)
    if removed:
        reader.doubt("learned_blocks")
    verdict = judge(reader, is_closed=_is_closed(body), threshold=threshold)
    article = misplaced = None
    if verdict.kind == "article" and (article := reader.to_item(capture)) is None:
        verdict = Verdict(kind="empty", reasons=("- no text",))
    if verdict.names:
        misplaced = reader.to_item(capture)
    text = "\n".join(block.text for block in reader.body().blocks if isinstance(block, TextBlock))
    return PageReading(
        verdict=verdict,
        article=article,
        misplaced=misplaced,
        text_digest=text_digest(text, url),
        proves_itself=names_itself(reader),
    )


def _is_closed(body: bytes) -> bool:
    """Return whether the document in *body* has an end, if it has a beginning."""
    return _CLOSED.search(body[-_END:]) is not None or _OPENED.search(body) is None


def _nothing(kind: PageKind) -> PageReading:
    return PageReading(verdict=Verdict(kind=kind))


def extract_text(text: str, url: str | None = None, capture: Capture | None = None) -> Article | None:
    """Return the article in the plain-text capture *text*; see `crawler.extraction.plaintext`.

    None if *text* holds no article, or if *url* is invalid or not an article's.
    Raises PublisherError if a publisher cannot be loaded.
    """
    load_publishers()
    return _extract_text(text, url, capture) if url is None or is_address(url) else None


def is_address(url: str) -> bool:
    """Return whether *url* can be parsed."""
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


__all__ = [
    "THRESHOLD",
    "ArticlePage",
    "KnownPages",
    "OneCmsPage",
    "PageKind",
    "PageReading",
    "RepeatedBlocks",
    "Verdict",
    "agreement",
    "classify",
    "extract",
    "extract_text",
    "is_address",
    "is_challenge",
    "load_publishers",
    "page_class",
    "parse_html",
    "project_modules",
    "read",
    "use_publishers",
    "with_agreement",
]
