"""Finds the article on a page that no rule knows: where the prose is, and what of it belongs.

1. The page is cut into runs of text, each with the clutter that it stands in.
2. Runs that read like prose give weight to the elements around them, less with each step up (as in
   Readability); what the page's own description quotes weighs more. The heaviest element is the article.
3. Boxes of another make than the paragraphs around them go.
4. Repairs: captions, repeated lines and link lines go, headings stay only before text, the lead comes back.

One configuration for every language; the numbers were chosen on news pages of 41 countries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction.unknown.asides import without_boxes
from crawler.extraction.unknown.boilerplate import is_named_clutter, is_notice, teasers
from crawler.extraction.unknown.cleanup import lead, repaired, stretch
from crawler.extraction.unknown.blocks import Run, cut, shingles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

_DECAY = 0.9  # of a run's weight, with each step up
_QUOTED = 3.0  # times the weight of a run that the page's description quotes
_COMMANDING = 0.4  # share of all prose that makes an element the page's own, whatever its name says
_ENOUGH = 0.4  # share of all prose that stands in no clutter; then no clutter is the page's own
_TOO_LITTLE = 200  # weight


def find_article(tree: HtmlElement, descriptions: Iterable[str]) -> list[Run]:
    """Return the runs of the article on the page *tree*, lead first; empty when there is no prose.

    *descriptions* is what the page's metadata says that it is about.
    """
    body = tree.find("body")
    root = tree if body is None else body
    elements = list(root.iter())  # held, as lxml makes an element anew at each look where nobody holds it
    everything = cut(root)
    quotes = [shingles(text) for text in dict.fromkeys(descriptions) if len(text) >= 30]
    _pardon(everything)
    runs = _without_notices(everything, teasers(elements))
    weights = _weights(runs, quotes)
    if not weights:
        return []
    live = _uncluttered(runs, weights)
    top = _heaviest(live, weights)
    inside = set(top.iter())
    own = without_boxes([run for run in live if run.element in inside], weights, top)
    article = repaired(stretch(own, weights))
    return lead(everything, article, quotes) + article


def _pardon(runs: list[Run]) -> None:
    """Take what holds the headline for no clutter where only its name says so: it frames the page."""
    headlines = [run for run in runs if run.element.tag == "h1" and run.linked < 0.5]
    framing = {element for run in headlines for element in run.clutter if is_named_clutter(element)}
    for run in runs if framing else ():
        run.clutter = tuple(element for element in run.clutter if element not in framing)


def _without_notices(runs: list[Run], cards: set[HtmlElement]) -> list[Run]:
    """Leave out notices, comments, and teasers (*cards*), unless next to nothing else is there."""
    notices = {element for run in runs for element in run.clutter}
    left_out = {element for element in notices if is_notice(element)} | cards
    inside = {element for each in left_out for element in each.iter()}
    kept = [run for run in runs if run.element not in inside and left_out.isdisjoint(run.clutter)]
    enough = sum(run.weight for run in kept if run.is_prose) >= _TOO_LITTLE
    return kept if enough else runs


def _weights(runs: list[Run], quotes: list[set[str]]) -> dict[Run, float]:
    """Return the weight of each run that reads like prose, or that the page's description quotes."""
    weights: dict[Run, float] = {}
    for run in runs:
        may_be_quoted = quotes and len(run.text) >= 30 and run.linked < 0.4 and not run.is_heading
        letters = "".join(run.text.lower().split()) if may_be_quoted else ""
        share = max((_share_of(quote, letters) for quote in quotes), default=0.0) if letters else 0.0
        if run.is_prose or share >= 0.6:
            weights[run] = run.weight * (_QUOTED if share >= 0.5 else 1.0)
    return weights


def _share_of(quote: set[str], letters: str) -> float:
    """Return how much of *quote* stands in *letters*; 0 where it cannot be half."""
    if 2 * len(letters) < len(quote):
        return 0.0
    return sum(map(letters.__contains__, quote)) / len(quote)


def _uncluttered(runs: list[Run], weights: dict[Run, float]) -> list[Run]:
    """Leave out what stands in clutter, but for clutter that holds much of the page's prose."""
    total = sum(weights.values())
    inside: dict[HtmlElement, float] = {}
    for run, weight in weights.items():
        for element in (run.element, *run.element.iterancestors()):
            inside[element] = inside.get(element, 0.0) + weight
    commanding = {element for element, weight in inside.items() if weight > _COMMANDING * total}
    plain = [run for run in runs if not run.clutter]
    if sum(weights.get(run, 0.0) for run in plain) >= max(_ENOUGH * total, _TOO_LITTLE):
        commanding = set()
    live = [run for run in runs if all(element in commanding for element in run.clutter)]
    left = sum(weights.get(run, 0.0) for run in live)
    return runs if left < max(0.15 * total, _TOO_LITTLE) else live


def _heaviest(runs: list[Run], weights: dict[Run, float]) -> HtmlElement:
    gathered: dict[HtmlElement, float] = {}
    for run in runs:
        weight = weights.get(run, 0.0) * (0.5 if run.element.tag == "li" else 1.0)
        parent = run.element.getparent()
        is_leaf = run.element.tag in {"p", "li", "blockquote"} and parent is not None
        element = parent if is_leaf else run.element
        while weight and element is not None:
            gathered[element] = gathered.get(element, 0.0) + weight
            weight *= _DECAY
            element = element.getparent()
    return max(gathered, key=lambda element: gathered[element])
