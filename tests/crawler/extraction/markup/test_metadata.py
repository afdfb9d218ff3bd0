"""What pages of unknown sites say of themselves, in the ways that sites say it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler import Article, extract

PROSE = "".join(
    f"<p>Paragraph {n} of an article that is long enough to be read as prose, said the mayor on Monday.</p>"
    for n in range(3)
)


def _article(head: str = "", body: str = "") -> Article:
    html = f"<html><head>{head}</head><body>{body}<article>{PROSE}</article></body></html>"
    article = extract(html.encode(), "https://paper.example/2026/harbour")
    assert article
    return article


def _ld(**article: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **article})}</script>'


OG = '<meta property="og:title" content="The harbour opens again | The Paper | 28.04.2023">'


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        (OG, "<h1>The harbour opens again</h1>", "The harbour opens again"),
        # The h1 is a breadcrumb's, written for search engines; readers see the h2.
        (
            OG + _ld(headline="Harbour: all you need to know"),
            "<h1>Harbour: all you need to know</h1><h2><span>Town</span> <span>The harbour opens again</span></h2>",
            "The harbour opens again",
        ),
        # What follows a dash may be the headline's own.
        (
            '<meta property="og:title" content="The harbour opens again - joy in the whole old town">',
            "",
            "The harbour opens again - joy in the whole old town",
        ),
        (
            '<meta property="og:title" content="The harbour opens again - joy at last">',
            "<h1>The harbour opens again - joy at last</h1>",
            "The harbour opens again - joy at last",
        ),
        # A card's heading is a link, and not this page's.
        (
            OG + _ld(headline="The harbour reopens"),
            "<h1>The harbour reopens</h1><h2><a href='/x'>The harbour opens again</a></h2>",
            "The harbour reopens",
        ),
        ("", "<h1 class='logo'>The Paper</h1><h1>The harbour opens again</h1>", "The harbour opens again"),
        ("<title>The harbour opens again</title>", "", "The harbour opens again"),
    ],
)
def test_headlines(head: str, body: str, headline: str) -> None:
    assert _article(head, body).headline == headline


@pytest.mark.parametrize(
    "first", [{"headline": "The market closes"}, {"headline": "The bridge", "url": "https://a.example/b"}]
)
def test_of_several_articles_the_one_that_the_page_is_about(first: dict[str, str]) -> None:
    own = _ld(headline="The harbour opens again", datePublished="2025-05-02T08:00:00Z", author="Ann Lee")
    other = _ld(datePublished="2024-01-01T08:00:00Z", author="Bo Berg", **first)
    article = _article(f"<title>The harbour opens again - The Paper</title>{other}{own}")
    assert (article.authors, article.date_published) == (["Ann Lee"], "2025-05-02T08:00:00+00:00")


def test_a_quote_too_many_loses_no_date_and_no_author() -> None:
    broken = _ld(
        headline="The 'harbour' opens", datePublished="2025-05-02T08:00:00Z", author="Ann Lee"
    ).replace("'", '"')
    article = _article(f"<title>The harbour opens again</title>{broken}")
    assert (article.authors, article.date_published) == (["Ann Lee"], "2025-05-02T08:00:00+00:00")


PERSON = {"@type": "Person", "name": "Ann Lee"}
OFFICE = {"@type": "Organization", "name": "The Paper"}


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (_ld(author=PERSON), "", ["Ann Lee"]),
        (
            _ld(**{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "author": PERSON}}),
            "",
            ["Ann Lee"],
        ),
        (_ld(author="Ann Lee and Bo Berg"), "", ["Ann Lee", "Bo Berg"]),
        (_ld(author=OFFICE), "", ["The Paper"]),
        # Who wrote it goes before who published it.
        (
            _ld(author=OFFICE) + '<meta name="author" content="Ann Lee">',
            "",
            ["Ann Lee"],
        ),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">',
            "",
            ["Ann Lee"],
        ),
        ('<meta name="twitter:label1" content="Time"><meta name="twitter:data1" content="5 min">', "", []),
        ("", '<a rel="author" href="/a">Ann Lee</a>', ["Ann Lee"]),
        ("", '<div class="byline">By <b class="author">Ann Lee</b> 5:00 am</div>', ["Ann Lee"]),
        ("", '<div class="byline"><p>Ann Lee</p><p>Bo Berg</p></div>', ["Ann Lee", "Bo Berg"]),
        ("", '<p>By <a href="/authors/ann-lee/">Ann Lee</a></p>', ["Ann Lee"]),
        ("", '<blockquote>“No!” <span class="author">The mayor</span></blockquote>', []),
        ("", '<div class="comments"><p class="author">A reader</p></div>', []),
    ],
)
def test_authors(head: str, body: str, authors: list[str]) -> None:
    assert _article(f"<title>The harbour opens again</title>{head}", body).authors == authors
