"""Certain signs: what tells outright that a page is an error, a wall, a list or empty.

They alone decide these kinds, at known publishers too: such pages may repeat the address that was asked for.
A page that says in its head that it is an article, or when it was published, is doubted less.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.kinds import words
from crawler.extraction.kinds.notices import has_notice, share_of_notices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.extraction.kinds import PageKind
    from crawler.extraction.kinds.facts import PageFacts

# Sizes in letters, see `words.size`.
_TINY = 200
_VERY_SHORT = 350
_SHORT = 1_000
_MEDIUM = 2_000
_PART = 0.25  # of a text that are notices: less may be quoted
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
    own, body = facts.own_names, facts.body
    is_dated = facts.is_published or facts.says_article
    most = _SHORT if is_dated else _MEDIUM if facts.has_own_date else 2 * _MEDIUM
    if body < most and has_notice(facts.h1, words.ERROR, own):
        yield "error", f"its headline is {facts.h1!r}, and there is little text"
    most = _TINY if is_dated or facts.has_own_date else _MEDIUM
    if body < most and has_notice(facts.title, words.ERROR, own):
        yield "error", f"its title is {facts.title!r}, and there is little text"
    told = share_of_notices(facts.text, words.ERROR, own) if body < _SHORT else 0.0
    if told >= 0.5 and body < (_VERY_SHORT if is_dated else _SHORT):
        yield "error", "its text says little more than that something is missing or closed"
    if is_dated:
        return
    if body < _VERY_SHORT and (shell := words.SCRIPTS.search(_all(facts))):
        yield "empty", f"it says {shell[0]!r} in place of a text"
    if facts.has_own_date or body >= _SHORT:
        return
    said = words.ERROR.search(_all(facts))
    if said and words.APOLOGY.search(facts.text) and (told >= _PART or body < _VERY_SHORT):
        yield "error", f"it says {said[0]!r}, apologizes and has no date of its own"
    if named := words.ERROR.search(f"{facts.h1} | {facts.title}"):
        yield "error", f"it is called {named[0]!r}, is short and has no date of its own"
    if said and body < _VERY_SHORT:
        yield "error", f"it is very short, says {said[0]!r} and has no date of its own"


def _walls(facts: PageFacts) -> Iterator[tuple[PageKind, str]]:
    own, body = facts.own_names, facts.body
    is_dated = facts.is_published or facts.says_article
    told = share_of_notices(facts.text, words.LOGIN, own) if body < _SHORT else 0.0
    if told >= 0.5:
        yield "wall", "its text says little more than that readers must log in or pay"
    if body < (_TINY if is_dated else _SHORT) and has_notice(f"{facts.h1} | {facts.title}", words.LOGIN, own):
        yield "wall", "it is called a login, and there is little text"
    if is_dated or facts.has_own_date or body >= 2 * _MEDIUM:
        return
    cookies, consent = (len(pattern.findall(facts.text)) for pattern in (words.COOKIES, words.CONSENT))
    if body < _SHORT and (cookies >= 2 or (cookies and consent)):
        yield "wall", "it is short and speaks of cookies"
    asks = words.CONSENT.search(f"{facts.h1} | {facts.title}") or words.COOKIES.search(facts.h1)
    if asks and cookies + consent >= 4:
        yield "wall", "it asks for consent"
    said = words.LOGIN.search(facts.h1 if body >= _VERY_SHORT else _all(facts))
    has_password = facts.count["password"] > 0 and not facts.has_date
    if (said and body < _SHORT) or (has_password and body < 2 * _VERY_SHORT):
        yield "wall", "it asks for a login or a subscription, is short and has no date of its own"


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
    if facts.led >= 4 and facts.led >= (0.8 if facts.og_type == "article" else 0.6) * facts.long:
        yield "listing", f"{facts.led} of {facts.long} paragraphs stand below a headline that is a link"
    if cards >= 5 and facts.linked_inside > 0.5 * facts.body:
        yield "listing", "most of its text are headlines that are links"
    if words.SECTION.match(path) and len(facts.slug) <= 3 and cards >= 6 and facts.linked > facts.body / 2:
        yield "listing", "the address of a section, and headlines that are links"
    if cards >= 8 and facts.linked > 3 * facts.body and not facts.has_own_date:
        yield "listing", f"{cards} headlines that are links, and hardly any text"


def _all(facts: PageFacts) -> str:
    return f"{facts.title} {facts.h1} {facts.text}"
