"""How far trafilatura finds the same text on a page as a rule did: the cross-check of a rule.

When a new template breaks a rule, the rule returns too much or too little without noticing; another
extractor, which knows nothing of the site, seldom errs in the same way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.unknown.trafilatura_body import body_by_trafilatura, trafilatura_version
from crawler.items import TextBlock

if TYPE_CHECKING:
    from crawler.items import Article

#: Below this the two have found different texts. On pages that rules read correctly the figure is above .8;
#: with half a page of cards in the text, or half of the text missing, it is below.
THRESHOLD = 0.6


def agreement(article: Article, body: bytes, content_type: str | None = None) -> float | None:
    """Return how far trafilatura finds the text of *article* on its page *body*: 0 nothing, 1 exactly that.

    The figure is the F1 of the two texts' pieces of eight characters, without white space. None if there is
    nothing to compare: the body was found without a rule.
    """
    tree = parse_html(body, content_type)
    if tree is None or "fallback_extractor" in article.flags or not article.text:
        return None
    found = body_by_trafilatura(tree, article.url or "")
    theirs = _shingles("".join(block.text for block in found.blocks if isinstance(block, TextBlock)))
    ours = _shingles(article.text)
    shared = len(ours & theirs)
    return 2 * shared / (len(ours) + len(theirs)) if shared else float(not ours and not theirs)


def with_agreement(article: Article, figure: float) -> Article:
    """Return *article* after its cross-check: flagged `disagreement` if *figure* is below the threshold."""
    flags = {*article.flags, *(["disagreement"] if figure < THRESHOLD else [])}
    extractor = replace(article.extractor, trafilatura=trafilatura_version())
    return replace(article, flags=sorted(flags), extractor=extractor)


def _shingles(text: str) -> set[str]:
    letters = "".join(text.split())
    return {letters[start : start + 8] for start in range(max(0, len(letters) - 7))}
