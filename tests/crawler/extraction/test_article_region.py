"""Which part of a page is its article."""

from __future__ import annotations

import pytest

from crawler.extraction import parse_html
from crawler.extraction.article_region import find_region, outermost

ARTICLE = "<article id=a><h1>Head</h1><div class=body id=own>{}</div></article>"
NEXT = "<article id=b><h1>Next</h1><div class=body id=next>The next article, which is longer than this.</div></article>"


@pytest.mark.parametrize(
    ("page", "root", "headline", "body"),
    [
        (ARTICLE.format("text"), "a", "Head", "own"),
        (ARTICLE.format("text") + NEXT, "a", "Head", "own"),
        ("<h1>Head</h1>", None, "Head", None),
        ("<div class=body id=own>text</div>", "own", None, "own"),
        ("<p>nothing</p>", None, None, None),
    ],
)
def test_the_first_article_with_its_headline(
    page: str, root: str | None, headline: str | None, body: str | None
) -> None:
    tree = parse_html(f"<main>{page}</main>".encode())
    assert tree is not None
    region = find_region(tree, tree.cssselect("h1"), tree.cssselect(".body"))
    assert (region.headline.text_content() if region.headline is not None else None) == headline
    assert (region.body.get("id") if region.body is not None else None) == body
    if root:
        # With what stands around it, up to the next article.
        inside = {element.get("id") for element in region.root.iter()}
        assert body in inside
        assert "next" not in inside


def test_only_the_outermost_count() -> None:
    tree = parse_html(b"<div id=a><div id=b></div></div><div id=c></div>")
    assert tree is not None
    assert [each.get("id") for each in outermost(tree.cssselect("div"))] == ["a", "c"]
