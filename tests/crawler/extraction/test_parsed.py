"""What can be asked of any page."""

from __future__ import annotations

import pytest

from crawler.extraction import parse_html
from crawler.extraction.dates import HO_CHI_MINH
from crawler.extraction.parsed import ParsedPage

URL = "https://a.vn/x/1.html"


class Vietnamese(ParsedPage):
    zone = HO_CHI_MINH


def _page(markup: str, cls: type[ParsedPage] = ParsedPage) -> ParsedPage:
    tree = parse_html(markup.encode())
    assert tree is not None
    return cls(tree, URL)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("", URL),
        ("<base href='/y/'>", "https://a.vn/y/"),
        ("<base href='https://b.vn/'>", "https://b.vn/"),
        ("<base href='javascript:1'>", URL),
        ("<base href='http://['>", URL),
    ],
)
def test_what_addresses_are_relative_to(base: str, expected: str) -> None:
    assert _page(f"<head>{base}</head><p>x").base == expected


def test_the_first_element_that_has_text() -> None:
    page = _page("<h1> </h1><h1>A  head</h1><h1>Another</h1>")
    assert page.first_text("h1") == "A head"
    assert page.first_text("h2") == ""


def test_a_date_with_a_zone_goes_before_one_without() -> None:
    naive, exact = "2026-07-16T17:17:00", "2026-07-16T10:17:00Z"
    page = _page("<p>x", Vietnamese)
    assert page.first_date([exact, naive]) == "2026-07-16T10:17:00+00:00"
    assert page._flags == set()
    assert page.first_date(["soon", naive]) == "2026-07-16T17:17:00+07:00"
    assert page._flags == {"naive_datetime"}
    # Where no zone is known, such a date is no instant.
    assert _page("<p>x").first_date([naive]) is None
