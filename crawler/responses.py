"""Reads Scrapy's responses: the article on a page, and the facts of a fetch."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy.http import TextResponse

from crawler import clock
from crawler.extraction import THRESHOLD, PageReading, Verdict, is_address, page_class, read
from crawler.extraction.dates import parse_moment
from crawler.state import FetchFacts

if TYPE_CHECKING:
    from scrapy.http import Response

OK = 200
NOT_MODIFIED = 304
GONE = (404, 410)
#: Key of `Request.meta` under which the request of a due page carries its `DuePage`.
DUE_PAGE = "due_page"
#: Key of `Request.meta` that marks a page that names another article than the one that was asked for.
MISPLACED = "misplaced"


def read_page(response: Response, threshold: float = THRESHOLD) -> PageReading:
    """Return what the page in *response* is, and its article if it is one.

    On a site without rules, a page is an article from the score *threshold* on.
    """
    if not isinstance(response, TextResponse):
        return PageReading(verdict=Verdict(kind="not_text"))
    capture = response.meta.get("capture")
    captured = parse_moment(capture.date) if capture else None
    return read(
        response.body,
        response.url,
        content_type=content_type_of(response),
        captured=captured.date() if captured else None,
        capture=capture,
        threshold=threshold,
    )


def content_type_of(response: Response) -> str | None:
    """Return the Content-Type header of *response*, unparsed."""
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def requested_url(response: Response) -> str:
    """Return the URL that was requested first, before any redirect."""
    urls: list[str] = response.meta.get("redirect_urls", [])
    return urls[0] if urls else response.url


def conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers of a conditional request (RFC 9110 13.1) with these validators."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def asked_id(response: Response) -> str | None:
    """Return the id of the article that was asked for, if *response* came by a redirect; else None."""
    asked = requested_url(response)
    return page_class(asked).key(asked) if asked != response.url and is_address(asked) else None


def fetch_facts(response: Response, kind: str | None = None) -> FetchFacts:
    """Return what *response*, a page of *kind*, says about its fetch."""

    def header(name: str) -> str | None:
        value = (response.headers.get(name) or b"").decode("latin-1").strip()
        return value if value.isprintable() else None

    try:
        date = parsedate_to_datetime(header("Date") or "")
        date = date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        date = None
    capture = response.meta.get("capture")
    return FetchFacts(
        # When the request was sent: the page may miss anything announced after that.
        requested=datetime.fromisoformat(capture.date) if capture else clock.now(),
        url=response.url if response.status == OK else None,
        date=date,
        status=response.status,
        kind=kind,
        digest=capture.payload_digest if capture else None,
        etag=header("ETag") or None,
        last_modified=header("Last-Modified") or None,
    )
