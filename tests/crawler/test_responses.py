"""What is read from Scrapy's responses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from archive import Capture
from crawler import clock
from crawler.responses import conditional_headers, fetch_facts, read_page, requested_url
from tests.support.site import PAGE

URL = "https://zh.vietnamplus.vn/a-post1.vnp"
CAPTURE = Capture(
    file="a.warc.gz",
    offset=7,
    length=9,
    record_id="<urn:1>",
    date="2026-06-01T12:00:00Z",
    payload_digest=None,
)
CHALLENGE = b"<script>document.cookie='D1N=1234567890abcdef';window.location.reload()</script>"


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (HtmlResponse(URL, body=PAGE), "article"),
        (HtmlResponse("https://zh.vietnamplus.vn/", body=b"<p>Welcome</p>"), "listing"),
        (HtmlResponse(URL, body=CHALLENGE), "challenge"),
        (Response(URL, body=b"\x89PNG"), "not_text"),
    ],
)
def test_a_page_is_of_a_kind(response: Response, kind: str) -> None:
    response.request = Request(response.url)
    page = read_page(response)
    assert page.kind == kind
    assert (page.article is not None) == (kind == "article")


def test_an_article_points_at_its_capture() -> None:
    response = HtmlResponse(URL, body=PAGE, request=Request(URL, meta={"capture": CAPTURE}))
    article = read_page(response).article
    assert article
    assert (article.id, article.capture) == ("vna:zh:1", CAPTURE)


def test_facts_of_a_fetch() -> None:
    headers = {"Date": "Mon, 01 Jun 2026 19:00:00 +0700", "ETag": ' "1" ', "Last-Modified": "yesterday"}
    response = Response(URL, headers=headers, request=Request(URL, meta={"capture": CAPTURE}))
    facts = fetch_facts(response)
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert (facts.requested, facts.date, facts.url) == (noon, noon, URL)
    assert (facts.etag, facts.last_modified, facts.is_unmodified) == ('"1"', "yesterday", False)
    unmodified = fetch_facts(replace_status(response, 304))
    assert (unmodified.url, unmodified.is_unmodified) == (None, True)


def replace_status(response: Response, status: int) -> Response:
    changed = response.replace(status=status)
    changed.request = response.request
    return changed


@pytest.mark.parametrize("date", ["", "soon", "Mon, 01 Jan 99999999 00:00:00 GMT", "\xff"])
def test_a_date_that_cannot_be_read_is_none(date: str) -> None:
    facts = fetch_facts(Response(URL, headers={"Date": date.encode("latin-1")}, request=Request(URL)))
    assert facts.date is None
    assert clock.now() - facts.requested < timedelta(minutes=1)


def test_what_was_asked_for_first_and_what_makes_a_request_conditional() -> None:
    redirected = Response(
        URL, request=Request(URL, meta={"redirect_urls": ["https://a.vn/1", "https://a.vn/2"]})
    )
    assert requested_url(redirected) == "https://a.vn/1"
    assert requested_url(Response(URL, request=Request(URL))) == URL
    assert conditional_headers('"1"', None) == {"If-None-Match": '"1"'}
    assert conditional_headers(None, "yesterday") == {"If-Modified-Since": "yesterday"}


def test_an_article_is_read_as_its_site_looked_when_it_was_captured() -> None:
    old = replace(CAPTURE, date="2019-01-01T00:00:00Z")
    request = Request(URL, meta={"capture": old})
    article = read_page(HtmlResponse(URL, body=PAGE, request=request)).article
    assert article
    assert article.capture == old
