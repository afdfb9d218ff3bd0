"""Recognises boilerplate on unknown sites by tags, roles and names; no site is named here.

Names are compared as whole words of a class or id, never as parts of words ("relat" is in "relative").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.extraction.markup.text import INLINE, fold
from crawler.extraction.markup.visibility import is_uncovered, is_unseen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

#: Elements that are never text.
SKIPPED = frozenset(
    "script style noscript template iframe svg select object embed canvas input textarea head link meta "
    "map video audio math option button".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_ELEMENTS = frozenset(
    "nav header footer form dialog menu figcaption aside picture label fieldset address".split()
)
_ROLES = frozenset(
    "navigation complementary contentinfo banner dialog search menu menubar alert alertdialog tooltip "
    "toolbar".split()
)
_WORDS = frozenset(
    "comment comments commentlist disqus related relateds relatednews relation recommended recommendation "
    "recommendations recommend newsletter newsletters share sharing shares sharebar social socials "
    "sidebar sidenav footer nav navigation navbar menu breadcrumb breadcrumbs promo promos promotion "
    "advert adverts advertisement advertising ads ad sponsored sponsor teaser teasers caption captions "
    "byline author authors authorbox bio tags tag taglist keywords paywall subscribe subscription signup "
    "popup modal overlay toolbar trending popular mostread readmore morenews pagination pager copyright "
    "disclaimer outbrain taboola recirc recirculation gallery slideshow carousel credit credits timestamp "
    "print tooltip srs screenreader visuallyhidden login register correction feedback poll survey donate "
    "donation follow rating ratings toc".split()
)
_CONSENT_WORDS = frozenset(
    "onetrust ot cookie cookies consent gdpr cmp didomi usercentrics truste cookiebot qc privacy "
    "cookiebanner cookieconsent cookiepolicy".split()
)
# Comments, and recommendations of other articles.
_OTHERS = frozenset(
    "comments commentlist disqus related relateds relatednews recommended recommendation recommendations "
    "recommend outbrain taboola recirc recirculation mostread morenews".split()
)
_CONSENT_TEXT = re.compile(
    r"cookie|einwilligung|datenschutz|privacy policy|akceptuj|consentement|隐私政策|personal data"
    r"|personenbezogen",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")
# Names with these beginnings describe a post's topic or the page's layout, not the element.
_ABOUT = re.compile(r"^(?:tag|category|post|type|format|has|no|with|is|js|page|single)-", re.IGNORECASE)

_TEASER_ELEMENTS = frozenset("li div article section a dl tr td".split())
_MAX_TEASER = 700  # characters of a teaser's text
_MAX_RAW_TEASER = 20_000  # the same with white space and scripts
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def words(element: HtmlElement) -> frozenset[str]:
    """Return the words in the class and id of *element*, in lower case."""
    return _words(_names(element))


def _names(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def first_class(element: HtmlElement) -> str:
    """Return the first class of *element*, which elements built alike share; empty if it has none."""
    names: str = element.get("class", "")
    return names.strip().partition(" ")[0]


@lru_cache(maxsize=8192)  # the same names recur on a page, and on a site's pages
def _words(names: str) -> frozenset[str]:
    return frozenset(
        word.lower() for name in names.split() if not _ABOUT.match(name) for word in _WORD.split(name) if word
    )


@lru_cache(maxsize=8192)
def _has_boilerplate_name(names: str) -> bool:
    return not _words(names).isdisjoint(_WORDS | _CONSENT_WORDS)


def is_boilerplate(element: HtmlElement) -> bool:
    """Return whether *element* is boilerplate by its tag, role, visibility or name."""
    tag = element.tag
    if tag in _ELEMENTS:
        return True
    if (tag in INLINE and tag not in {"span", "small", "time"}) or not element.keys():
        return False
    if element.get("aria-hidden") == "true" or element.get("role") in _ROLES:
        return True
    is_covered = False
    if element.get("style") or element.get("hidden") is not None:
        if is_unseen(element):
            return True
        is_covered = is_uncovered(element)
    return not is_covered and _has_boilerplate_name(_names(element)) and not _is_in_a_sentence(element)


def _is_in_a_sentence(element: HtmlElement) -> bool:
    """Return whether *element* is part of a line of text, with more of it on both sides."""
    if element.tag not in INLINE or not element.tail or element.tail.isspace():
        return False
    before, parent = element.getprevious(), element.getparent()
    ahead = before.tail if before is not None else parent.text if parent is not None else None
    return bool(ahead and not ahead.isspace())


def is_menu(element: HtmlElement) -> bool:
    """Return whether *element* is only a menu; one that is never closed holds the whole page."""
    return element.tag in {"nav", "footer"} and next(element.iter("p", "h1", "article"), None) is None


def is_boilerplate_by_name(element: HtmlElement) -> bool:
    """Return whether only its name may mark *element* as boilerplate: its tag and its role do not."""
    return element.tag not in _ELEMENTS and element.get("role") not in _ROLES


def is_long_boilerplate(element: HtmlElement) -> bool:
    """Return whether *element* is a consent notice, or holds comments or recommendations.

    Each of these can be longer than the article.
    """
    return not words(element).isdisjoint(_CONSENT_WORDS | _OTHERS)


def speaks_of_consent(text: str) -> bool:
    """Return whether *text* is about cookies or personal data."""
    return _CONSENT_TEXT.search(text, 0, _MAX_RAW_TEASER) is not None


def cjk_count(text: str) -> int:
    """Return the number of Chinese, Japanese and Korean characters in *text*."""
    return 0 if text.isascii() else len(_CJK.findall(text))


def find_teasers(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """Return the teasers below *elements*: three or more siblings built alike, with linked headlines."""
    found: set[HtmlElement] = set()
    for parent in elements:
        if not isinstance(parent.tag, str) or len(parent) < 3:
            continue
        alike: dict[tuple[str, str], list[HtmlElement]] = {}
        for child in parent:
            if child.tag in _TEASER_ELEMENTS:
                alike.setdefault((child.tag, first_class(child)), []).append(child)
        for items in alike.values():
            if len(items) >= 3 and _are_teasers(items):
                found.update(items)
    return found


def _are_teasers(items: list[HtmlElement]) -> bool:
    """Return whether at least three and at least 70 % of *items* are teasers."""
    others = min(len(items) - 3, 0.3 * len(items))
    for item in items:
        if not _is_teaser(item):
            others -= 1
            if others < 0:
                return False
    return True


def _is_teaser(item: HtmlElement) -> bool:
    if len(item.text_content()) > _MAX_RAW_TEASER:
        return False
    links = [a for a in item.iter("a") if (a.get("href") or "").strip()[:1] not in {"", "#"}]
    if not links:
        return bool(item.tag == "a")
    if not any(_is_headline(link, item) for link in links):
        return False
    paragraphs = sum(len(fold(p.text_content())) >= 60 for p in item.iter("p"))
    return paragraphs <= 1 and len(fold(item.text_content())) < _MAX_TEASER


def _is_headline(link: HtmlElement, item: HtmlElement) -> bool:
    text = fold(link.text_content())
    if len(text) >= 25:
        return True
    if len(text) < 18 and not (len(text) >= 8 and cjk_count(text)):
        return False
    if any(element.tag in HEADINGS for element in link.iter()):
        return True
    for ancestor in link.iterancestors():
        if ancestor is item:
            return False
        if ancestor.tag in HEADINGS:
            return True
    return False
