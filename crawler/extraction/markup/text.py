"""Small pure helpers on text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SPACE = re.compile(r"[\s\u200b\u2060\ufeff\x00-\x1f\x7f-\x9f]+")

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SAMPLE = 200  # characters
_SILENT = frozenset("script style noscript template".split())
#: Elements that stand in a line of text.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q rb rt ruby"
    " s samp small span strike strong sub sup time tt u var wbr".split()
)


def fold(text: str | None) -> str:
    """Return *text* in NFC, every run of white space and control characters one space, stripped."""
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    # Of white space only the plain space is printable.
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = " ".join(text.split())
    # What has something unprintable left, a zero-width space or a control character, is rare.
    if text.isprintable():
        return text
    # Half of a surrogate pair, as JSON can have it, is no character and cannot be written.
    return _SPACE.sub(" ", _SURROGATE.sub("\ufffd", text)).strip()


def readable(element: HtmlElement) -> str:
    """Return the folded text of *element*: lines and blocks set apart, scripts and styles left out."""
    if not len(element):
        return fold(element.text)
    return fold("".join(_pieces(element)))


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            apart = "" if child.tag in INLINE else " "
            yield apart
            yield from _pieces(child)
            yield apart
        yield child.tail or ""


def is_mostly_letters(text: str) -> bool:
    """Tell whether *text* is made of letters, as far as its beginning shows, and not of other signs."""
    sample = text[:_SAMPLE]
    return sum(map(str.isalpha, sample)) >= 0.4 * len(sample)
