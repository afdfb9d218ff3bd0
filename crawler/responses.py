"""From a response to the article in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http import TextResponse

from crawler.extraction import extract, is_challenge
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from scrapy.http import Response

    from crawler.items import Article


def read_page(response: Response) -> tuple[str, Article | None]:
    """Return what kind of page *response* is, and the article that it holds.

    Kinds: article, empty, challenge, not_text.
    """
    if not isinstance(response, TextResponse):
        return "not_text", None
    if is_challenge(response.body):
        return "challenge", None
    capture = response.meta.get("capture")
    captured = parse_moment(capture.date) if capture else None
    article = extract(
        response.body,
        response.url,
        content_type=content_type_of(response),
        captured=captured.date() if captured else None,
        capture=capture,
    )
    return "article" if article else "empty", article


def content_type_of(response: Response) -> str | None:
    """Return the Content-Type of *response*, as it came."""
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def asked_url(response: Response) -> str:
    """Return the URL that was asked for at first, before any redirect."""
    urls: list[str] = response.meta.get("redirect_urls", [])
    return urls[0] if urls else response.url
