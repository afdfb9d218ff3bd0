"""Finds the region of a page that holds its article; other articles and teasers may surround it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from crawler.extraction.markup.selectors import position

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class ArticleRegion(NamedTuple):
    """The part of a page that holds the headline and the body of its article."""

    root: HtmlElement
    headline: HtmlElement | None
    body: HtmlElement | None


def find_region(tree: HtmlElement, headlines: list[HtmlElement], bodies: list[HtmlElement]) -> ArticleRegion:
    """Return the region of the first article on the page *tree*.

    *headlines* and *bodies* are the candidates in document order. A headline precedes its body.
    """
    bodies = outermost(bodies)
    if not bodies:
        return ArticleRegion(tree, headlines[0] if headlines else None, None)
    around = Counter(ancestor for body in bodies for ancestor in (body, *body.iterancestors()))
    headline = next((each for each in headlines if around[each] == 0), None)
    if headline is not None and not position(headline) < position(bodies[-1]):
        headline = None
    root = body = _longest(bodies)
    if headline is not None:
        root = next(each for each in (headline, *headline.iterancestors()) if around[each])
        inside = [each for each in bodies if each is root or root in set(each.iterancestors())]
        if body not in inside and position(body) < position(headline):
            # The headline is the next article's; no rule matches this article's own.
            root, headline = body, None
        else:
            body = _longest(inside)
    # Without a headline, widen the region until it would include another body.
    while (parent := root.getparent()) is not None and parent.tag not in {"body", "html"}:
        if headline is not None or around[parent] > around[root]:
            break
        root = parent
    return ArticleRegion(root, headline, body)


def outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Return those of *elements* that are inside none of the others."""
    all_of_them = set(elements)
    return [each for each in elements if all_of_them.isdisjoint(each.iterancestors())]


def _longest(bodies: list[HtmlElement]) -> HtmlElement:
    return bodies[0] if len(bodies) == 1 else max(bodies, key=lambda body: len(body.text_content()))
