"""The cross-check of a rule: how far trafilatura finds the same text on the page.

When a new template breaks a rule, the rule silently returns too much or too little text. trafilatura, which
knows nothing about the site, seldom makes the same mistake.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.unknown.trafilatura_body import body_by_trafilatura, trafilatura_version
from crawler.items import TextBlock

if TYPE_CHECKING:
    from crawler.items import Article

#: Below this the two texts differ. Where rules read a page correctly, the agreement is above .8; with half a
#: page of teasers in the text, or with half of the text missing, it is below .6.
THRESHOLD = 0.6


def agreement(article: Article, body: bytes, content_type: str | None = None) -> float | None:
    """Return how far trafilatura agrees with the text of *article* on its page *body*, from 0 to 1.

    The figure is the F1 score of the two texts' eight-character shingles, white space left out. None if
    there is nothing to compare: no page, no text, or a body found without a rule.
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
    """Return *article* with trafilatura's version, flagged `disagreement` for *figure* below `THRESHOLD`."""
    flags = {*article.flags, *(["disagreement"] if figure < THRESHOLD else [])}
    extractor = replace(article.extractor, trafilatura=trafilatura_version())
    return replace(article, flags=sorted(flags), extractor=extractor)


def _shingles(text: str) -> set[str]:
    letters = "".join(text.split())
    return {letters[start : start + 8] for start in range(max(0, len(letters) - 7))}
