"""What proves that a page at a known publisher's article address is that article.

The page names it (canonical address, og:url, JSON-LD, a form), or the publisher's own rules find headline and
body. It must not name another article of the publisher. The body of a finder that knows no rules is no proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urldefrag, urlsplit

from crawler.extraction.kinds import words
from crawler.extraction.markup.text import readable
from crawler.items import MediaBlock, TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.extraction.page import ArticlePage

_ENOUGH = 80  # characters of a body; fewer, without media, may be left of a notice


class Proof(NamedTuple):
    """Whether the page is proven to be the article at its address, and the reasons."""

    is_proven: bool
    reasons: tuple[str, ...]
    #: The address of the other article that the page names.
    other: str | None = None


def prove(page: ArticlePage) -> Proof:
    """Return whether *page* is the article at its address."""
    own, article_id = page.key(page.url), page.article_id(page.url)
    reasons: list[str] = []
    named = False
    for source, url in _named(page):
        key = page.key(url)
        is_translated = page.editions_share_ids and key and page.article_id(url) == article_id
        if key == own or is_translated:
            named = True
            reasons.append(f"+ {source} names it")
        elif key is not None and not named:
            return Proof(is_proven=False, reasons=(f"- {source} names another article: {url}",), other=url)
        elif not named and source == "canonical address" and words.FRONT.match(urlsplit(url).path):
            return Proof(is_proven=False, reasons=(f"- {source} names the front page: {url}",))
    if any(field.get("value") == article_id for field in page.select(page.id_css)):
        reasons.append("+ its form names it")
    if is_ruled(page):
        reasons.append("+ the publisher's rules find headline and body")
    nothing = ("- nothing on it proves that it is the article at this address",)
    return Proof(is_proven=bool(reasons), reasons=tuple(reasons) or nothing)


def names_itself(page: ArticlePage) -> bool:
    """Return whether *page* names its own address."""
    own, address = page.key(page.url), _bare(page.url)
    return any(_bare(url) == address or (own and page.key(url) == own) for _, url in _named(page))


def _bare(url: str) -> str:
    return urldefrag(url)[0].partition("//")[2].removeprefix("www.").rstrip("/").lower()


def _named(page: ArticlePage) -> Iterator[tuple[str, str]]:
    """Yield what names the page, and the address that it gives; the most reliable first."""
    metadata = page.metadata
    for link in page.select("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (
            url := metadata.absolute(link.get("href"))
        ):
            yield "canonical address", url
            break
    if url := metadata.absolute(metadata.meta("og:url")):
        yield "og:url", url
    for name in ("mainEntityOfPage", "url", "@id"):
        value = metadata.article.get(name)
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str) and "//" in value and (url := metadata.absolute(value)):
            yield "JSON-LD", url


def is_ruled(page: ArticlePage) -> bool:
    """Return whether the rules for the site find both headline and body; media count as body."""
    reading, headline = page.body_reading, page.region.headline
    if reading.is_fallback or headline is None or not readable(headline):
        return False
    texts = (block.text for block in reading.body.blocks if isinstance(block, TextBlock))
    has_media = any(isinstance(block, MediaBlock) for block in reading.body.blocks)
    return has_media or sum(map(len, texts)) >= _ENOUGH
