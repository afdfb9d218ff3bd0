"""What says of itself that it is not the article."""

from __future__ import annotations

import pytest

from crawler.extraction import parse_html
from crawler.extraction.unknown.boilerplate import (
    cjk_count,
    find_teasers,
    is_boilerplate,
    is_menu,
    speaks_of_consent,
)


def _first(markup: str, tag: str) -> object:
    tree = parse_html(markup.encode())
    assert tree is not None
    return next(tree.iter(tag))


@pytest.mark.parametrize(
    ("markup", "tag", "expected"),
    [
        ("<div class=sidebar>x</div>", "div", True),
        ("<div hidden>x</div>", "div", True),
        ("<div style='display: none'>x</div>", "div", True),
        ("<div role=navigation>x</div>", "div", True),
        ("<aside>x</aside>", "aside", True),
        ("<div class=article-text>x</div>", "div", False),
        ("<p>x</p>", "p", False),
    ],
)
def test_by_name_role_and_style(markup: str, tag: str, *, expected: bool) -> None:
    assert is_boilerplate(_first(markup, tag)) == expected  # type: ignore[arg-type]


def test_a_menu_that_holds_the_page_is_none() -> None:
    assert is_menu(_first("<nav><a href=/>Home</a></nav>", "nav"))  # type: ignore[arg-type]
    assert not is_menu(_first("<nav><p>All of the page</p></nav>", "nav"))  # type: ignore[arg-type]


def test_three_headlines_alike_are_teasers() -> None:
    item = "<li><a href=/{0}>A headline that is long enough to be one, number {0}</a></li>"
    for count, expected in ((2, 0), (3, 3), (5, 5)):
        tree = parse_html(f"<ul>{''.join(item.format(n) for n in range(count))}</ul>".encode())
        assert tree is not None
        assert len(find_teasers(tree.iter())) == expected


def test_words_about_cookies_and_characters_that_weigh_more() -> None:
    assert speaks_of_consent("We use cookies and similar technologies")
    assert not speaks_of_consent("The river rose by two metres")
    assert (cjk_count("abc"), cjk_count("a越南b")) == (0, 2)
