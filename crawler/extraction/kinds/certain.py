"""Certain signs: what tells outright that a page is an error, a wall, a list or empty.

They alone decide these kinds, at known publishers too: such pages may repeat the address that was asked for.
A page that says in its head that it is an article, or when it was published, is doubted less.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.kinds import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.extraction.kinds import PageKind
    from crawler.extraction.kinds.facts import PageFacts

# Sizes in letters, see `words.size`.
_TINY = 200
_VERY_SHORT = 350
_SHORT = 1_000
_MEDIUM = 2_000
_SEARCH_PATH = re.compile(r"search|tim-kiem|recherche|buscar|poisk", re.IGNORECASE)


def certain(facts: PageFacts) -> tuple[PageKind, str] | None:
    """Return the kind that *facts* tell outright, and the reason; None if they tell none."""
    return next(_found(facts), None)


def _found(facts: PageFacts) -> Iterator[tuple[PageKind, str]]:
    yield from _errors(facts)
    yield from _walls(facts)
    yield from _lists(facts)
    if facts.is_footer:
        yield "empty", "no text but the site's imprint"


def _errors(facts: PageFacts) -> Iterator[tuple[PageKind, str]]:
    in_title, in_h1 = words.ERROR.search(facts.title), words.ERROR.search(facts.h1)
    named = in_h1 or in_title
    is_dated = facts.is_published or facts.says_article
    if named and facts.body < _TINY and in_title and (in_h1 or not facts.h1):
        yield "error", f"it is called {named[0]!r} and has hardly any text"
    if is_dated:
        return
    if facts.body < _VERY_SHORT and (shell := words.SCRIPTS.search(_all(facts))):
        yield "empty", f"it says {shell[0]!r} in place of a text"
    if named and facts.body < _VERY_SHORT:
        yield "error", f"it is called {named[0]!r}, is very short and has no date of publication"
    if named and facts.body < _MEDIUM and (in_title and in_h1):
        yield "error", f"its title and its headline say {named[0]!r}, and it has no date of publication"
    if facts.has_date:
        return
    if named and facts.body < _SHORT:
        yield "error", f"it is called {named[0]!r}, is short and has no date"
    if facts.body < _VERY_SHORT and (said := words.ERROR.search(facts.text)):
        yield "error", f"it is very short, says {said[0]!r} and has no date"


def _walls(facts: PageFacts) -> Iterator[tuple[PageKind, str]]:
    if facts.is_published or facts.says_article:
        return
    cookies, consent = (len(pattern.findall(facts.text)) for pattern in (words.COOKIES, words.CONSENT))
    title, h1 = facts.title, facts.h1
    if facts.body < _SHORT and (cookies >= 2 or (cookies and consent)):
        yield "wall", "it is short and speaks of cookies"
    asks = words.CONSENT.search(h1) or words.CONSENT.search(title) or words.COOKIES.search(h1)
    if facts.body < 2 * _MEDIUM and asks and cookies + consent >= 4 and not facts.has_date:
        yield "wall", "it asks for consent"
    has_password = facts.count["password"] > 0
    named = words.LOGIN.search(h1) or words.LOGIN.search(title)
    if (
        facts.body < _SHORT
        and named
        and (has_password or (words.LOGIN.search(h1) and words.LOGIN.search(title)))
    ):
        yield "wall", f"it is called {named[0]!r} and is short"
    if facts.has_date:
        return
    said = named or (words.LOGIN.search(facts.text) if facts.body < _VERY_SHORT else None)
    if facts.body < _SHORT and (said or (has_password and facts.body < 2 * _VERY_SHORT)):
        yield "wall", "it asks for a login or a subscription, is short and has no date"


def _lists(facts: PageFacts) -> Iterator[tuple[PageKind, str]]:
    path, is_dated = facts.path, facts.is_published or facts.says_article
    named = f"{facts.title} | {facts.h1}"
    if words.SEARCH.search(named) and (facts.query or _SEARCH_PATH.search(path)):
        yield "listing", "a search"
    is_front = facts.host and words.FRONT.match(path) and not any(map(str.isdigit, facts.query))
    if is_front and not facts.says_article:
        yield "listing", "the address of a front page"
    if words.LISTS.search(path) and not is_dated:
        yield "listing", "the address of a list"
    if facts.og_type == "profile" or ("ProfilePage" in facts.types and not is_dated):
        yield "listing", "it says that it is about a person"
    if is_dated:
        return
    cards = facts.count["linked heading"]
    if facts.led >= 4 and facts.led >= 0.6 * facts.paragraphs and facts.og_type != "article":
        yield "listing", f"{facts.led} of {facts.paragraphs} paragraphs stand below a headline that is a link"
    if words.SECTION.match(path) and len(facts.slug) <= 3 and cards >= 6 and facts.linked > facts.body / 2:
        yield "listing", "the address of a section, and headlines that are links"
    if cards >= 8 and facts.linked > 3 * facts.body and not facts.has_date:
        yield "listing", f"{cards} headlines that are links, and hardly any text"


def _all(facts: PageFacts) -> str:
    return f"{facts.title} {facts.h1} {facts.text}"
