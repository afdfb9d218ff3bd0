"""What readers do not see of a page: elements that their own attributes hide, and explanations in tooltips.

A part that a "read more" button uncovers is text all the same. Style sheets are not read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extraction.markup.text import INLINE, fold, is_inline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Not shown at all, as a part that a button uncovers may be.
_COVERED = re.compile(
    r"display\s*:\s*none|(?<![\w-])(?:max-)?height\s*:\s*0(?:px)?\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE
)
# Never shown: outside of the screen, or without size.
_UNSEEN = re.compile(
    r"(?<![\w-])(?:left|right|top|bottom|text-indent)\s*:\s*-(?:[5-9]\d\d|\d{4,}|\d{3,}(?:r?em|v[wh]|%))"
    r"|(?<![\w-])margin-(?:left|top)\s*:\s*-\d{4,}"
    r"|translate[XY]?\(\s*-\d{4,}"
    r"|clip\s*:\s*rect\(\s*(?:0|1px)|scale\(\s*0(?:\.0+)?\s*\)"
    r"|(?<![\w-])(?:max-)?width\s*:\s*[01](?:px)?\s*(?:!important\s*)?(?:;|$)",
    re.IGNORECASE,
)
# Shown by no style of its own; but children may have another size, and scripts fade long parts in.
_FAINT = re.compile(
    r"visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0+\s*(?:!important\s*)?(?:;|$)"
    r"|(?<![\w-])font-size\s*:\s*0*\.?0*[01]?(?:px|pt|r?em|%)?\s*(?:!important\s*)?(?:;|$)"
    r"|(?<![\w-])color\s*:\s*transparent",
    re.IGNORECASE,
)
_SIZE = re.compile(r"font-size|visibility|opacity", re.IGNORECASE)
_MAX_FAINT = 300  # characters
_FEWEST = 80  # characters of a part that a button uncovers
_LONGEST_BUTTON = 40  # characters
_WORD = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")
_MORE = frozenset(
    "more readmore seemore showmore viewmore morecontent rest remaining remainder expand expandable expanded"
    " expander collapse collapsed collapsible toggle toggled toggleable full fulltext fullcontent continue"
    " unfold truncate truncated xemthem doctiep".split()
)
_OTHER = frozenset(
    "news related relate comment comments menu nav navigation share social popup modal login form ad ads"
    " banner tag tags topic topics cookie consent gallery player lightbox dropdown search newsletter"
    " paywall".split()
)
_TOOLTIP = re.compile(r"tool-?_?tip|tippy|popover", re.IGNORECASE)
_TOOLTIP_PART = re.compile(
    r"(?:tool-?_?tip|tippy|popover)[-_]*(?:text|content|body|inner|box|bubble|message|msg|popup|desc)",
    re.IGNORECASE,
)
_EXPLAINED = (
    "title",
    "data-title",
    "data-tooltip",
    "data-content",
    "data-original-title",
    "data-tippy-content",
)


def is_unseen(element: HtmlElement) -> bool:
    """Return whether readers never see *element*: it is hidden, or a tooltip in a line of text."""
    style = element.get("style")
    if style:
        is_out_of_sight, is_faint, _ = _looks(style)
        if is_out_of_sight or (is_faint and _is_faint(element)):
            return True
    if is_covered(element):
        return not is_uncovered(element)
    return is_tooltip(element)


def may_be_unseen(element: HtmlElement) -> bool:
    """Return whether *element* has an attribute for which `is_unseen` may be true; this is quick."""
    if element.get("style"):
        return True
    if element.tag == "a" or not (names := element.keys()):
        return False
    return (
        "hidden" in names
        or "role" in names
        or ("class" in names and _TOOLTIP.search(element.get("class", "")) is not None)
    )


@lru_cache(maxsize=4096)  # the same styles recur on a page
def _looks(style: str) -> tuple[bool, bool, bool]:
    """Return whether an element of this *style* is never seen, may be too faint, or is covered."""
    found = [pattern.search(style) is not None for pattern in (_UNSEEN, _FAINT, _COVERED)]
    return found[0], found[1], found[2]


def is_covered(element: HtmlElement) -> bool:
    """Return whether *element* is not shown, as also a part is that a button uncovers."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _looks(style)[2])


def _is_faint(element: HtmlElement) -> bool:
    inner = (child.get("style") for child in islice(element.iterdescendants(), 200))
    if any(style and _SIZE.search(style) for style in inner):
        return False
    return len(fold(element.text_content()[: 10 * _MAX_FAINT])) <= _MAX_FAINT


def is_uncovered(element: HtmlElement) -> bool:
    """Return whether the hidden *element* is the rest of a text, which a button or its own name uncovers."""
    if element.tag not in {"div", "section", "span", "p", "article"}:
        return False
    if element.get("hidden") == "until-found":
        return True
    names = _words(element)
    if names & _OTHER or len(fold(element.text_content())) < _FEWEST:
        return False
    return bool(names & _MORE) or button_of(element) is not None


def button_of(element: HtmlElement) -> HtmlElement | None:
    """Return the button right before or behind *element* that uncovers it; None if there is none."""
    around = (*islice(element.itersiblings(preceding=True), 1), *islice(element.itersiblings(), 1))
    return next(filter(_is_button, around), None)


def _is_button(element: HtmlElement) -> bool:
    """Return whether *element* is short, leads nowhere, and is named or built as a button."""
    if not isinstance(element.tag, str) or len(fold(element.text_content()[:500])) > _LONGEST_BUTTON:
        return False
    if element.tag in {"div", "p", "span"} and len(element) == 1 and not fold(element.text):
        element = element[0]
    href = (element.get("href") or "").strip().lower()
    if element.tag == "a" and href and not href.startswith(("#", "javascript:")):
        return False
    if element.tag in {"a", "button"} or element.get("role") == "button" or element.get("onclick"):
        return True
    return bool(_words(element) & _MORE)


def is_tooltip(element: HtmlElement) -> bool:
    """Return whether *element* is the explanation in a tooltip, within the line of text that it explains."""
    names = element.get("class")
    role = element.get("role")
    if role != "tooltip" and (not names or not _TOOLTIP.search(names)):
        return False
    parent = element.getparent()
    if parent is None or not is_inline(element):
        return False
    if role == "tooltip" or _TOOLTIP_PART.search(names or ""):
        return True
    if any(element.get(name) for name in _EXPLAINED):
        return False
    # Without another name: the inner of two elements explains the outer.
    return parent.tag in INLINE and bool(fold(parent.text) or element.getprevious() is not None)


def _words(element: HtmlElement) -> frozenset[str]:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return frozenset(word.lower() for word in _WORD.split(names) if word)
