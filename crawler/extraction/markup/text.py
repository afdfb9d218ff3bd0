"""Small helpers for text: folding, the readable text of an element."""

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
#: Elements that do not break a line of text.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q rb rt ruby"
    " s samp small span strike strong sub sup time tt u var wbr".split()
)


def fold(text: str | None) -> str:
    """Return *text* stripped, in NFC, with one space for each run of white space or control characters."""
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
    return _SPACE.sub(" ", _SURROGATE.sub("\ufffd", text)).strip()


def readable(element: HtmlElement) -> str:
    """Return the folded text of *element*, spaces between lines and blocks, scripts and styles left out."""
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
    """Return whether at least 40 % of the beginning of *text* is letters."""
    sample = text[:_SAMPLE]
    return sum(map(str.isalpha, sample)) >= 0.4 * len(sample)
