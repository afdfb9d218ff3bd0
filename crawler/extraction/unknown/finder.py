"""Finds the article on a page that no rule knows.

1. The page is cut into blocks of text, each with the boilerplate elements around it.
2. Blocks that read like prose give weight to the elements around them, less with each step up (as in
   Readability); a block that the page's description quotes weighs more. The heaviest element is the article.
3. Asides, which are built differently from the paragraphs around them, are removed.
4. Cleanup removes captions, repeated lines, lines of links and headings without text, and restores the lead.

One configuration serves every language; its numbers were chosen on news pages from 41 countries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.extraction.unknown.asides import without_asides
from crawler.extraction.unknown.blocks import Block, cut, shingles
from crawler.extraction.unknown.boilerplate import find_teasers, is_boilerplate_by_name, is_long_boilerplate
from crawler.extraction.unknown.cleanup import cleaned, lead, stretch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

_DECAY = 0.9  # factor on a block's weight for each step up
_QUOTED = 3.0  # factor on the weight of a block that the page's description quotes
_DOMINANT = 0.4  # share of all prose above which an element is not boilerplate, whatever its name
_ENOUGH = 0.4  # share of all prose outside boilerplate at which dominant elements no longer count
_TOO_LITTLE = 200  # weight


class FoundArticle(NamedTuple):
    """The blocks of the article on a page, lead first, and all blocks of the page."""

    article: list[Block]
    everything: list[Block]


def find_article(tree: HtmlElement, descriptions: Iterable[str]) -> FoundArticle:
    """Return the blocks of the article on the page *tree*; none if there is no prose.

    *descriptions* are those in the page's metadata.
    """
    body = tree.find("body")
    root = tree if body is None else body
    # Kept in a list: lxml creates an element anew for each access if nothing refers to it.
    elements = list(root.iter())
    everything = cut(root)
    quotes = [shingles(text) for text in dict.fromkeys(descriptions) if len(text) >= 30]
    _unmark_page_frames(everything)
    blocks = _without_long_boilerplate(everything, find_teasers(elements))
    weights = _weights(blocks, quotes)
    if not weights:
        return FoundArticle([], everything)
    kept = _without_boilerplate(blocks, weights)
    top = _heaviest(kept, weights)
    inside = set(top.iter())
    own = without_asides([block for block in kept if block.element in inside], weights, top)
    article = cleaned(stretch(own, weights))
    return FoundArticle(lead(everything, article, quotes) + article, everything)


def _unmark_page_frames(blocks: list[Block]) -> None:
    """Unmark boilerplate that holds the headline and is marked by name alone: it frames the whole page."""
    headlines = [block for block in blocks if block.element.tag == "h1" and block.linked < 0.5]
    framing = {
        element for block in headlines for element in block.boilerplate if is_boilerplate_by_name(element)
    }
    for block in blocks if framing else ():
        block.boilerplate = tuple(element for element in block.boilerplate if element not in framing)


def _without_long_boilerplate(blocks: list[Block], teasers: set[HtmlElement]) -> list[Block]:
    """Return *blocks* without consent notices, comments and *teasers*; all of them if too little is left."""
    marked = {element for block in blocks for element in block.boilerplate}
    left_out = {element for element in marked if is_long_boilerplate(element)} | teasers
    inside = {element for each in left_out for element in each.iter()}
    kept = [
        block for block in blocks if block.element not in inside and left_out.isdisjoint(block.boilerplate)
    ]
    enough = sum(block.weight for block in kept if block.is_prose) >= _TOO_LITTLE
    return kept if enough else blocks


def _weights(blocks: list[Block], quotes: list[set[str]]) -> dict[Block, float]:
    """Return the weight of each block that reads like prose, or that a description of the page quotes."""
    weights: dict[Block, float] = {}
    for block in blocks:
        may_be_quoted = quotes and len(block.text) >= 30 and block.linked < 0.4 and not block.is_heading
        letters = "".join(block.text.lower().split()) if may_be_quoted else ""
        share = max((_share_of(quote, letters) for quote in quotes), default=0.0) if letters else 0.0
        if block.is_prose or share >= 0.6:
            weights[block] = block.weight * (_QUOTED if share >= 0.5 else 1.0)
    return weights


def _share_of(quote: set[str], letters: str) -> float:
    """Return the share of the shingles *quote* that occur in *letters*; 0 if it cannot be half."""
    if 2 * len(letters) < len(quote):
        return 0.0
    return sum(map(letters.__contains__, quote)) / len(quote)


def _without_boilerplate(blocks: list[Block], weights: dict[Block, float]) -> list[Block]:
    """Return *blocks* outside boilerplate; all of them if too little is left.

    Boilerplate that holds much of the page's prose is not boilerplate, unless enough prose is outside it.
    """
    total = sum(weights.values())
    inside: dict[HtmlElement, float] = {}
    for block, weight in weights.items():
        for element in (block.element, *block.element.iterancestors()):
            inside[element] = inside.get(element, 0.0) + weight
    dominant = {element for element, weight in inside.items() if weight > _DOMINANT * total}
    plain = [block for block in blocks if not block.boilerplate]
    if sum(weights.get(block, 0.0) for block in plain) >= max(_ENOUGH * total, _TOO_LITTLE):
        dominant = set()
    kept = [block for block in blocks if all(element in dominant for element in block.boilerplate)]
    left = sum(weights.get(block, 0.0) for block in kept)
    return blocks if left < max(0.15 * total, _TOO_LITTLE) else kept


def _heaviest(blocks: list[Block], weights: dict[Block, float]) -> HtmlElement:
    gathered: dict[HtmlElement, float] = {}
    for block in blocks:
        weight = weights.get(block, 0.0) * (0.5 if block.element.tag == "li" else 1.0)
        parent = block.element.getparent()
        is_leaf = block.element.tag in {"p", "li", "blockquote"} and parent is not None
        element = parent if is_leaf else block.element
        while weight and element is not None:
            gathered[element] = gathered.get(element, 0.0) + weight
            weight *= _DECAY
            element = element.getparent()
    return max(gathered, key=lambda element: gathered[element])
