"""Blocks of text: a page cut at its block boundaries, each block with the boilerplate elements around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.extraction.markup.inline import sign_in_text
from crawler.extraction.markup.text import BLOCKS, INLINE, fold, is_inline, is_mostly_letters
from crawler.extraction.markup.visibility import is_unseen, may_be_unseen
from crawler.extraction.unknown.boilerplate import (
    HEADINGS,
    SKIPPED,
    cjk_count,
    is_boilerplate,
    is_menu,
    speaks_of_consent,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONG_HEADING = 60  # characters, CJK counted twice; a longer heading is a paragraph, as between pictures
_MOST_LETTERS = 100_000  # of a text that is compared; a longer one is no paragraph
# "…[more]", "。【详细】": a teaser ends in the text of its link; a footnote's mark is a number.
_TEASER = re.compile(r"[\[【]\s?[^\W\d_]{2,10}\s?(?:>>|»)?[\]】]$")


@dataclass(eq=False)
class Block:
    """The text between two block boundaries."""

    element: HtmlElement
    text: str
    #: Share of the text that is in links.
    linked: float
    #: The boilerplate elements around it, outermost first.
    boilerplate: tuple[HtmlElement, ...]

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS

    @cached_property
    def is_prose(self) -> bool:
        """Whether the block reads like a paragraph: long enough, and not mostly links."""
        length = len(self.text)
        if self.linked >= 0.4 or length < 20:
            return False
        if self.is_heading and (self.element.tag == "h1" or length + cjk_count(self.text) < _LONG_HEADING):
            return False
        if length < 60 and not cjk_count(self.text):
            return False
        return is_mostly_letters(self.text) and not _TEASER.search(self.text)

    @cached_property
    def weight(self) -> float:
        # A CJK character says about as much as three letters.
        weight = (len(self.text) + 2 * cjk_count(self.text)) * (1 - self.linked)
        return weight * 0.2 if speaks_of_consent(self.text) else weight


class _Cutter:
    """Cuts a tree into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._boilerplate: list[HtmlElement] = []

    def cut(self, element: HtmlElement, block: HtmlElement, *, in_link: bool = False) -> None:
        """Add the blocks in *element*; its own text belongs to the block element *block*."""
        if element.text:
            self._add(element.text, in_link=in_link)
        for child in element:
            tag = child.tag
            if tag == "br":
                self.flush(block)
            elif tag == "img" and (sign := sign_in_text(child)) is not None:
                self._add(sign, in_link=in_link)
            elif tag not in SKIPPED and isinstance(tag, str) and not is_menu(child):
                self._cut_child(child, block, in_link=in_link or tag == "a")
            if child.tail:
                self._add(child.tail, in_link=in_link)

    def _cut_child(self, child: HtmlElement, block: HtmlElement, *, in_link: bool) -> None:
        boilerplate = is_boilerplate(child)
        inline = child.tag in INLINE or (child.tag not in BLOCKS and is_inline(child))
        if inline:
            if may_be_unseen(child) and is_unseen(child):
                # Not even a gap is seen.
                return
            if not boilerplate:
                self.cut(child, block, in_link=in_link)
                return
        inner = block if inline else child
        self.flush(block)
        if boilerplate:
            self._boilerplate.append(child)
        self.cut(child, inner, in_link=in_link)
        self.flush(inner)
        if boilerplate:
            self._boilerplate.pop()

    def _add(self, text: str, *, in_link: bool) -> None:
        if not text.isspace():
            self._pieces.append(text)
            self._linked += len(text.strip()) if in_link else 0
        elif self._pieces:
            self._pieces.append(" ")

    def flush(self, block: HtmlElement) -> None:
        """End the current block, whose element is *block*."""
        if not self._pieces:
            return
        text = fold("".join(self._pieces))
        if text:
            linked = min(1.0, self._linked / len(text))
            self.blocks.append(Block(block, text, linked, tuple(self._boilerplate)))
        self._pieces.clear()
        self._linked = 0


def cut(root: HtmlElement) -> list[Block]:
    """Return the blocks of text in *root*, in document order."""
    cutter = _Cutter()
    cutter.cut(root, root)
    cutter.flush(root)
    return cutter.blocks


def is_teaser_text(text: str) -> bool:
    """Return whether *text* ends in the text of a link to the whole article ("[more]"), as a teaser does."""
    return _TEASER.search(text) is not None


def shingles(text: str) -> set[str]:
    """Return the six-character shingles of *text*, in lower case and without white space."""
    letters = "".join(text[:_MOST_LETTERS].lower().split())
    return {letters[start : start + 6] for start in range(max(1, len(letters) - 5))}
