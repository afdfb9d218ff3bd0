"""Weighed signs: how much a page of an unknown site is like an article.

Logistic regression on the signs below; each weight is held to the only direction that its sign can mean,
so that what a news page merely lacks counts nothing. `tests/benchmarks/kinds.py` makes the table. JSON-LD was
not learned, as most pages learned from had none left: where it is there, it counts a fixed amount.
"""

from __future__ import annotations

import re
from math import exp, log10
from typing import TYPE_CHECKING

from crawler.extraction.kinds import words
from crawler.extraction.kinds.facts import says

if TYPE_CHECKING:
    from crawler.extraction.kinds.facts import PageFacts

#: Pages with a higher score are articles.
THRESHOLD = 0.5
_YOU = re.compile(r"\b(?:your?|our|we)\b")
_I = re.compile(r"\b(?:i|my|me|i'm|i've)\b")
_JSON_LD = 1.5
_NAMED = 6  # signs that are given as reasons

#: Version 2 of the table. Sign: weight; their sum with BIAS, through a logistic curve, is the score.
WEIGHTS = {
    "date near the headline": 1.31,
    "date of publication in meta": 0.52,
    "og:type article": 0.92,
    "og:type product": -2.53,
    "author in meta": 0.17,
    "byline": 0.83,
    "words in the headline": 1.36,
    "one article element": 1.05,
    "related box": 1.09,
    "share buttons": 0.40,
    "paragraphs side by side": 1.43,
    "paragraphs under one roof": 0.33,
    "sentences": 0.46,
    "who said what": 0.48,
    "subheadings": 0.65,
    "text is most of the page": 1.01,
    "address of an article": 0.36,
    "words in the address": 0.97,
    "few words in the address": -1.36,
    "address of a service": -2.85,
    "address of a forum": -2.03,
    "address of a product": -1.15,
    "address of documentation": -1.24,
    "documentation host": -3.16,
    "front page": -1.93,
    "code": -1.19,
    "you and we": -1.57,
    "I": -2.58,
    "forum's classes": -0.50,
    "thread's words": -0.60,
    "many authors": -2.85,
    "quotations": -0.98,
    "times": -0.40,
    "next page": -1.66,
    "cart": -0.96,
    "filters": -0.76,
    "prices": -0.96,
    "buttons": -0.60,
    "manual's words": -0.03,
    "headlines of others": -0.76,
    "offers": -1.42,
    "page numbers": -0.58,
}
BIAS = -1.73


def signs(facts: PageFacts) -> dict[str, float]:
    """Return the value of each sign, most of them from 0 to 1."""
    return _of_the_head(facts) | _of_the_text(facts) | _of_the_address(facts) | _of_other_kinds(facts)


def _of_the_head(facts: PageFacts) -> dict[str, float]:
    og = facts.og_type
    return {
        "date near the headline": facts.has_date,
        "date of publication in meta": facts.is_published,
        "og:type article": og in {"article", "news", "newsarticle", "blog", "post"}
        or og.startswith("article"),
        "og:type product": "product" in og,
        "author in meta": not words.AUTHOR.isdisjoint(facts.meta),
        "byline": facts.count["byline"] > 0,
        "words in the headline": min(10, _words(facts.h1)) / 10,
    }


def _words(text: str) -> int:
    """Return about how many words *text* has, in whatever script."""
    joined = len(words.CJK.findall(text)) // 2 + len(words.NO_SPACE.findall(text)) // 5
    return len(text.split()) + joined


def _of_the_text(facts: PageFacts) -> dict[str, float]:
    count = max(1, len(facts.text.split()))
    return {
        "one article element": facts.count["article"] == 1,
        "related box": facts.count["related"] > 0,
        "share buttons": facts.count["share"] > 0,
        "paragraphs side by side": facts.side_by_side,
        "paragraphs under one roof": facts.under_one_roof,
        "sentences": _log(len(words.SENTENCE.findall(facts.text)), 2.3),
        "who said what": _log(len(words.SAID.findall(facts.text)), 1.2),
        "subheadings": _log(facts.count["plain heading"], 2),
        "text is most of the page": facts.body / facts.total,
        "you and we": min(0.08, len(_YOU.findall(facts.text)) / count) * 10,
        "I": min(0.05, len(_I.findall(facts.text)) / count) * 10,
    }


def _of_the_address(facts: PageFacts) -> dict[str, float]:
    path, host, slug = facts.path, facts.host, len(facts.slug)
    return {
        "address of an article": bool(words.ARTICLE.search(path)),
        "words in the address": min(7, slug) / 7,
        "few words in the address": slug <= 2 and sum(map(str.isdigit, path)) < 5,
        "address of a service": bool(words.SERVICE.search(path)),
        "address of a forum": bool(words.FORUM.search(path) or words.FORUM_HOST.search(host)),
        "address of a product": bool(words.PRODUCT.search(path)),
        "address of documentation": bool(words.MANUAL.search(path)),
        "documentation host": bool(words.MANUAL_HOST.search(host)),
        "front page": bool(host) and not path.strip("/"),
    }


def _of_other_kinds(facts: PageFacts) -> dict[str, float]:
    count = facts.count
    return {
        "code": _log(count["code"], 2),
        "forum's classes": _log(count["forum"], 2.2),
        "thread's words": _log(says(words.THREAD, facts.shorts), 1.7),
        "many authors": count["p:author"] > 2,
        "quotations": _log(count["quotation"], 1),
        "times": _log(count["time"] - 2, 1.5),
        "next page": count["next"] > 0,
        "cart": _log(count["cart"], 1.2),
        "filters": _log(count["filter"], 1.5),
        "prices": _log(count["price"] + count["p:price"], 1.3),
        "buttons": _log(count["button"], 1.6),
        "manual's words": _log(says(words.MANUAL_WORDS, facts.shorts), 1.2),
        "headlines of others": facts.linked / (facts.body + facts.linked + 1),
        "offers": _log(says(words.OFFER, facts.shorts), 1.4),
        "page numbers": count["pages"] > 0,
    }


def _log(count: float, most: float) -> float:
    return min(most, log10(1 + max(0.0, count)))


def json_ld(facts: PageFacts) -> float:
    """Return what the types in JSON-LD add to the sum."""
    if facts.says_article:
        return _JSON_LD
    return -_JSON_LD if words.LD_OTHER.intersection(facts.types) else 0.0


def weigh(facts: PageFacts) -> tuple[float, tuple[str, ...], bool]:
    """Return the score of *facts*, its strongest reasons, and whether the page is rather a list of links."""
    found = signs(facts)
    shares = {name: weight * found[name] for name, weight in WEIGHTS.items()}
    if bonus := json_ld(facts):
        shares["JSON-LD says article" if bonus > 0 else "JSON-LD says something else"] = bonus
    score = 1 / (1 + exp(-max(-50.0, min(50.0, BIAS + sum(shares.values())))))
    strongest = sorted(
        (name for name in shares if abs(shares[name]) > 0.2), key=lambda name: -abs(shares[name])
    )
    reasons = tuple(f"{'+' if shares[name] > 0 else '-'} {name}" for name in strongest[:_NAMED])
    is_list = (
        found["headlines of others"] > 0.5
        or found["prices"] > 1
        or bool(found["page numbers"] and found["filters"] > 0.5)
    )
    return score, reasons, is_list
