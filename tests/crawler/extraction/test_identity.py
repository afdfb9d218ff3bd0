"""Which publisher, edition and article an address belongs to."""

from __future__ import annotations

import re

import pytest

from crawler import extract
from crawler.extraction.identity import SiteIdentity, article_path_and_query, without_tracking


class Paper(SiteIdentity):
    publisher = "paper"
    editions = {"vi": "www.paper.example", "en": "en.paper.example", "sport": "www.paper.example"}  # noqa: RUF012
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:html|amp)$")
    print_path = re.compile(r"/print\?id=(?P<id>\d+)$")
    page_suffix = ".html"


@pytest.mark.parametrize(
    ("url", "edition"),
    [
        ("https://www.paper.example/x", "vi"),
        ("http://paper.example/x", "vi"),
        ("https://m.paper.example/x", "vi"),
        ("https://en.paper.example/x", "en"),
        ("https://fr.paper.example/x", None),
        ("https://paper.example.evil.example/", None),
        ("/x", None),
    ],
)
def test_a_host_is_an_edition_the_first_where_several_share_it(url: str, edition: str | None) -> None:
    assert Paper.edition_of(url) == edition


@pytest.mark.parametrize(
    ("url", "key", "own"),
    [
        ("https://paper.example/a-post7.html?x=1#y", "paper:vi:7", "https://www.paper.example/a-post7.html"),
        ("https://m.paper.example/a-post7.amp", "paper:vi:7", "https://www.paper.example/a-post7.html"),
        ("https://en.paper.example/print?id=7", "paper:en:7", "https://en.paper.example/print?id=7"),
        ("https://en.paper.example/politics/", None, "https://en.paper.example/politics/"),
        ("https://evil.example/a-post7.html", None, "https://evil.example/a-post7.html"),
    ],
)
def test_an_article_has_one_key_and_one_address(url: str, key: str | None, own: str) -> None:
    assert Paper.key(url) == key
    assert Paper.page_url(url) == own
    assert Paper.is_print(url) == ("print" in url)


@pytest.mark.parametrize(
    ("url", "named", "clean"),
    [
        ("http://a.example/news.asp?id=1001", "/news.asp?id=1001", "http://a.example/news.asp?id=1001"),
        (
            "http://a.example/news.asp?id=1002&PHPSESSID=1a2b&utm_source=x",
            "/news.asp?id=1002",
            "http://a.example/news.asp?id=1002",
        ),
        ("http://a.example/news.asp?b=2&a=1#top", "/news.asp?a=1&b=2", "http://a.example/news.asp?b=2&a=1"),
        ("http://a.example/?p=12&fbclid=Iw", "/?p=12", "http://a.example/?p=12"),
        ("http://a.example", "/", "http://a.example"),
        ("http://a.example/read;jsessionid=1F?nid=5", "/read?nid=5", "http://a.example/read?nid=5"),
        ("http://a.example/story.php?sid=4711", "/story.php?sid=4711", "http://a.example/story.php?sid=4711"),
        ("http://a.example/story.php?sid=9f8e7d6c5b4a", "/story.php", "http://a.example/story.php"),
        ("http://a.example/xem-tin?ma=15", "/xem-tin?ma=15", "http://a.example/xem-tin?ma=15"),
        # The path names the article.
        (
            "http://a.example/the-old-bridge-7.html?x=y",
            "/the-old-bridge-7.html",
            "http://a.example/the-old-bridge-7.html?x=y",
        ),
        (
            "http://a.example/the-old-bridge.html?gclid=1&share=zalo",
            "/the-old-bridge.html",
            "http://a.example/the-old-bridge.html",
        ),
        (
            "http://a.example/the-old-bridge.html?page=2",
            "/the-old-bridge.html?page=2",
            "http://a.example/the-old-bridge.html?page=2",
        ),
        (
            "http://a.example/the-old-bridge.html?page=1",
            "/the-old-bridge.html",
            "http://a.example/the-old-bridge.html?page=1",
        ),
    ],
)
def test_what_of_a_query_names_an_article(url: str, named: str, clean: str) -> None:
    assert article_path_and_query(url) == named
    assert without_tracking(url) == clean


def test_ids_and_addresses_of_unknown_sites() -> None:
    text = "<p>The town council decided on Monday that the old bridge is to be built again, and soon.</p>"
    html = f"<html lang=en><title>A bridge</title><h1>A bridge</h1>{text * 2}"
    first = extract(html.encode(), "http://a.example/news.asp?id=1001&utm_source=x")
    second = extract(html.encode(), "http://a.example/news.asp?sessionid=5&id=1002")
    assert first
    assert second
    assert (first.id, second.id) == ("a.example:en:/news.asp?id=1001", "a.example:en:/news.asp?id=1002")
    assert first.canonical_url == "http://a.example/news.asp?id=1001"
    # One address for all articles is no article's.
    shared = html.replace("<title>", "<link rel=canonical href=/news.asp><title>")
    third = extract(shared.encode(), "http://a.example/news.asp?id=1003")
    assert third
    assert third.canonical_url == "http://a.example/news.asp?id=1003"


def test_a_query_without_end_is_no_trouble() -> None:
    assert (
        article_path_and_query("http://a.example/a.php?" + "&".join(f"a{n}=1" for n in range(9999)))
        == "/a.php"
    )
