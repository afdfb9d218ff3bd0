"""Teasers and lists that lead to other articles."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from crawler.extraction import parse_html
from crawler.extraction.teasers import is_link_list, read_teasers


def _absolute(url: str | None) -> str | None:
    return urljoin("https://a.vn/", url) if url else None


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("<a href=/1>A headline</a>", [("https://a.vn/1", "A headline")]),
        ("<a href=/1><img src=x></a><a href=/1>A headline</a>", [("https://a.vn/1", "A headline")]),
        (
            "<a href=/politics>Politics</a><h3><a href=/1>A headline</a></h3>",
            [("https://a.vn/1", "A headline")],
        ),
        ("<a href=/1 title='By its title'></a>", [("https://a.vn/1", "By its title")]),
        ("<a>leads nowhere</a>", []),
        ("<p>no link</p>", []),
    ],
)
def test_a_teaser_has_one_headline(card: str, expected: list[tuple[str, str]]) -> None:
    tree = parse_html(f"<div class=card>{card}</div>".encode())
    assert tree is not None
    found = read_teasers(tree.cssselect(".card"), _absolute)
    assert [(each.url, each.headline) for each in found] == expected


def test_an_article_is_named_once() -> None:
    tree = parse_html(b"<p class=card><a href=/1>First</a></p><p class=card><a href=/1>Again</a></p>")
    assert tree is not None
    assert [each.headline for each in read_teasers(tree.cssselect(".card"), _absolute)] == ["First"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ul><li><a href=/1>x</a> <li><a href=/2>y</a></ul>", True),
        ("<ul><li><a href=/1>x</a><li>and text</ul>", False),
        ("<ul><li><a href=//b.vn/1>x</a></ul>", False),
        ("<ul><li>no link</ul>", False),
    ],
)
def test_a_list_of_nothing_but_own_links(markup: str, *, expected: bool) -> None:
    tree = parse_html(markup.encode())
    assert tree is not None
    is_own = lambda url: bool(url) and not url.startswith("//")  # noqa: E731
    assert is_link_list(tree.cssselect("ul")[0], is_own) == expected
