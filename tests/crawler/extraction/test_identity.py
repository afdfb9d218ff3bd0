"""Which publisher, edition and article an address belongs to."""

from __future__ import annotations

import re

import pytest

from crawler.extraction.identity import SiteIdentity


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
