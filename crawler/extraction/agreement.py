"""The second witness: how far trafilatura finds the same text on a page as a rule did.

A rule that a site's new template has broken gives too much or too little and does not notice; another
extractor, which knows nothing of the site, seldom errs in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction import generic
from crawler.items import TextBlock

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Below this the two do not speak of the same text. On pages that rules read rightly the figure lies
#: above .8; half a page of cards in the text, or half the text missing, brings it below.
THRESHOLD = 0.6


def agreement(text: str, tree: HtmlElement, url: str) -> float:
    """Return how far *text* is what trafilatura finds on the page *tree*: 0 nothing, 1 all and no more.

    The F1 of their pieces of eight characters, white space left out.
    """
    found = generic.by_trafilatura(tree, url)
    theirs = _pieces("".join(block.text for block in found.blocks if isinstance(block, TextBlock)))
    ours = _pieces(text)
    shared = len(ours & theirs)
    return 2 * shared / (len(ours) + len(theirs)) if shared else float(not ours and not theirs)


def _pieces(text: str) -> set[str]:
    letters = "".join(text.split())
    return {letters[start : start + 8] for start in range(max(0, len(letters) - 7))}
