"""Small helpers for text: folding, the readable text of an element, which elements break a line."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# Soft hyphens, zero-width spaces, word joiners and marks of direction; a joiner behind a letter of Europe.
_UNSEEN = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    r"|(?:(?<=[\x00-\u052f\u1e00-\u1fff])|^)[\u200c\u200d]+"
)

# What lxml lets nobody write into a tree, although a page may hold it.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SAMPLE = 200  # characters
_SILENT = frozenset("script style noscript template".split())
#: Elements of HTML that do not break a line of text.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark meter nobr o:p"
    " output progress q rb rbc rp rt rtc ruby s samp slot small span strike strong sub sup time tt u var"
    " wbr".split()
)
#: Elements that do, and media; any other one is no element of HTML.
BLOCKS = frozenset(
    "address applet area article aside audio base blockquote body br button canvas caption center col"
    " colgroup dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1"
    " h2 h3 h4 h5 h6 head header hgroup hr html iframe image img input legend li link listing main map math"
    " menu menuitem meta nav noframes noscript object ol optgroup option p param picture plaintext portal pre"
    " script search section select source style summary svg table tbody td template textarea tfoot th thead"
    " title tr track ul video xmp".split()
)
# Elements whose children are parts of one text.
_TEXTS = INLINE | frozenset(
    "p h1 h2 h3 h4 h5 h6 li dt dd td th caption figcaption summary legend pre".split()
)


def fold(text: str | None) -> str:
    """Return *text* stripped, in NFC, with one space for each run of white space or control characters.

    What readers do not see, as soft hyphens and zero-width spaces, is left out.
    """
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    # The plain space is the only white space that is printable.
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = " ".join(text.split())
    # Few texts are still unprintable here: those with zero-width spaces or control characters.
    if text.isprintable():
        return text
    # JSON may contain half a surrogate pair, which cannot be encoded in UTF-8.
    return _SPACE.sub(" ", _UNSEEN.sub("", _SURROGATE.sub("\ufffd", text))).strip()


def classes(element: HtmlElement) -> set[str]:
    """Return the classes of *element*."""
    return set((element.get("class") or "").split())


def is_inline(element: HtmlElement) -> bool:
    """Return whether *element* is part of the line of text around it.

    An element that HTML does not know is part of it where there is such a line: Word's `st1:place`, a custom
    element. One that holds blocks, or is among blocks, is a block.
    """
    tag = element.tag
    return tag in INLINE or (tag not in BLOCKS and _is_in_a_line(element))


def _is_in_a_line(element: HtmlElement) -> bool:
    tag, parent = element.tag, element.getparent()
    if not isinstance(tag, str) or tag.startswith("amp-") or parent is None:
        return False
    if len(element) and next(element.iterdescendants(*BLOCKS), None) is not None:
        return False
    while parent.tag not in _TEXTS:
        if parent.tag in BLOCKS:
            break
        element, parent = parent, parent.getparent()
        if parent is None:
            return False
    else:
        return True
    before, after = element.getprevious(), element.getnext()
    ahead = parent.text if before is None else before.tail
    if (ahead and not ahead.isspace()) or (element.tail and not element.tail.isspace()):
        return True
    return any(each is not None and each.tag in INLINE for each in (before, after))


def writable(text: str) -> str:
    """Return *text* as it can be written into a tree: without control characters."""
    return _UNWRITABLE.sub(" ", text)


def readable(element: HtmlElement) -> str:
    """Return the folded text of *element*, spaces between lines and blocks, scripts and styles left out."""
    if not len(element):
        return fold(element.text)
    return fold("".join(_pieces(element)))


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            apart = "" if is_inline(child) else " "
            yield apart
            yield from _pieces(child)
            yield apart
        yield child.tail or ""


def is_mostly_letters(text: str) -> bool:
    """Return whether at least 40 % of the beginning of *text* is letters."""
    sample = text[:_SAMPLE]
    return sum(map(str.isalpha, sample)) >= 0.4 * len(sample)
