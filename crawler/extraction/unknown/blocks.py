"""Runs of text: a page cut at its block boundaries, each run with the clutter that it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.extraction.unknown.boilerplate import (
    HEADINGS,
    SKIPPED,
    cjk_count,
    is_clutter,
    is_menu,
    speaks_of_consent,
)
from crawler.extraction.markup.text import INLINE, fold, is_language

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONG_HEADING = 60  # characters, a CJK one counted twice; it is a paragraph then, as between pictures
# "…[more]", "。【详细】": a teaser ends in the name of its link; a footnote's is a figure.
_TEASER = re.compile(r"[\[【]\s?[^\W\d_]{2,10}\s?(?:>>|»)?[\]】]$")


@dataclass(eq=False)
class Run:
    """A run of text between two block boundaries."""

    element: HtmlElement
    text: str
    #: Share of it that is links' text.
    linked: float
    #: The clutter that it stands in, outermost first.
    clutter: tuple[HtmlElement, ...]

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS

    @cached_property
    def is_prose(self) -> bool:
        """It reads like a paragraph: long enough, and not mostly links."""
        length = len(self.text)
        if self.linked >= 0.4 or length < 20:
            return False
        if self.is_heading and (self.element.tag == "h1" or length + cjk_count(self.text) < _LONG_HEADING):
            return False
        if length < 60 and not cjk_count(self.text):
            return False
        return is_language(self.text) and not _TEASER.search(self.text)

    @cached_property
    def weight(self) -> float:
        # A CJK character says about what three letters do.
        weight = (len(self.text) + 2 * cjk_count(self.text)) * (1 - self.linked)
        return weight * 0.2 if speaks_of_consent(self.text) else weight


class _Cutter:
    """Cuts a tree into runs."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._clutter: list[HtmlElement] = []

    def cut(self, element: HtmlElement, block: HtmlElement, *, in_link: bool = False) -> None:
        """Add the runs in *element*; *block* is the block element that its own text belongs to."""
        if element.text:
            self._add(element.text, in_link=in_link)
        for child in element:
            tag = child.tag
            if tag == "br":
                self.flush(block)
            elif tag not in SKIPPED and isinstance(tag, str) and not is_menu(child):
                self._cut_child(child, block, in_link=in_link or tag == "a")
            if child.tail:
                self._add(child.tail, in_link=in_link)

    def _cut_child(self, child: HtmlElement, block: HtmlElement, *, in_link: bool) -> None:
        clutter = is_clutter(child)
        inline = child.tag in INLINE
        if inline and not clutter:
            self.cut(child, block, in_link=in_link)
            return
        inner = block if inline else child
        self.flush(block)
        if clutter:
            self._clutter.append(child)
        self.cut(child, inner, in_link=in_link)
        self.flush(inner)
        if clutter:
            self._clutter.pop()

    def _add(self, text: str, *, in_link: bool) -> None:
        if not text.isspace():
            self._pieces.append(text)
            self._linked += len(text.strip()) if in_link else 0
        elif self._pieces:
            self._pieces.append(" ")

    def flush(self, block: HtmlElement) -> None:
        """End the run that was being read."""
        if not self._pieces:
            return
        text = fold("".join(self._pieces))
        if text:
            linked = min(1.0, self._linked / len(text))
            self.runs.append(Run(block, text, linked, tuple(self._clutter)))
        self._pieces.clear()
        self._linked = 0


def cut(root: HtmlElement) -> list[Run]:
    """Return the runs of text in *root*, in order."""
    cutter = _Cutter()
    cutter.cut(root, root)
    cutter.flush(root)
    return cutter.runs


def is_teaser(text: str) -> bool:
    """Tell whether *text* is the beginning of something that its last word leads to."""
    return _TEASER.search(text) is not None


def shingles(text: str) -> set[str]:
    """Return the pieces of six characters of *text*, white space left out."""
    letters = "".join(text.lower().split())
    return {letters[start : start + 6] for start in range(max(1, len(letters) - 5))}
