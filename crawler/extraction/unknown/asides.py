"""Removes asides: elements around and among the paragraphs that are built differently from these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction.markup.text import is_inline
from crawler.extraction.unknown.boilerplate import HEADINGS, first_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Block

_MAIN = 0.45  # share of the prose at which one child alone holds the text
_TOGETHER = 0.6  # the same for children built alike, taken together: each has about a paragraph
_AMONG = 0.2  # largest share of an aside among paragraphs
_BEFORE = 0.1  # largest share of an aside before the text
_AFTER = 0.5  # largest share of an aside after the text
# Elements that text consists of; any other one among paragraphs is an aside.
_TEXT_ELEMENTS = HEADINGS | frozenset("p blockquote ul ol li pre center dl dd dt table".split())

_Kind = tuple[str, str] | None


def without_asides(blocks: list[Block], weights: dict[Block, float], top: HtmlElement) -> list[Block]:
    """Return *blocks* without asides: author notes, pleas to subscribe, teasers, fact boxes.

    The search goes from *top* down to the element that holds most of the text, and compares the children at
    each step. *weights* are those of the blocks that read like prose.
    """
    paths = {block: _path(block.element, top) for block in blocks}
    dropped: set[Block] = set()
    level, depth = blocks, 0
    while True:
        branches: dict[HtmlElement | None, list[Block]] = {}
        for block in level:
            branches.setdefault(_branch(paths[block], depth), []).append(block)
        masses = {
            branch: sum(weights.get(block, 0.0) for block in inside) for branch, inside in branches.items()
        }
        main = _text_branches(masses)
        if not main:
            break
        text = {block for branch in main for block in branches[branch] if block in weights}
        before = set(level[: next(number for number, block in enumerate(level) if block in text)])
        for aside in _asides(masses, main):
            inside = branches[aside]
            if all(block.element.tag != "pre" for block in inside):
                # A longer one before the text is its opening, set apart.
                is_short = masses[aside] < _BEFORE * sum(masses.values())
                dropped.update(inside if is_short else set(inside) - before)
        if len(main) > 1 or main[0] is None:
            break
        level, depth = branches[main[0]], depth + 1
    return [block for block in blocks if block not in dropped]


def _text_branches(masses: dict[HtmlElement | None, float]) -> list[HtmlElement | None]:
    """Return the branch that holds the text, or the branches built alike that hold it together; else none."""
    total = sum(masses.values())
    main = max(masses, key=lambda branch: masses[branch])
    if masses[main] >= _MAIN * total:
        return [main]
    kinds: dict[_Kind, list[HtmlElement | None]] = {}
    for branch in masses:
        kinds.setdefault(_kind(branch), []).append(branch)
    alike = max(kinds.values(), key=lambda branches: sum(masses[branch] for branch in branches))
    together = sum(masses[branch] for branch in alike)
    return alike if len(alike) >= 3 and together >= _TOGETHER * total else []


def _asides(masses: dict[HtmlElement | None, float], main: list[HtmlElement | None]) -> Iterator[HtmlElement]:
    """Yield the branches that are no part of the text; *main* are those that hold it."""
    text = {None, *map(_kind, main)}
    is_frame = len(main) == 1 and main[0] is not None
    limit = sum(masses.values()) * (_AFTER if is_frame else _AMONG)
    for branch, mass in masses.items():
        if branch is not None and mass < limit and _kind(branch) not in text:
            yield branch


def _branch(path: list[HtmlElement], depth: int) -> HtmlElement | None:
    """Return the element at *depth* of *path*; None if the text itself begins there."""
    if len(path) <= depth or path[depth].tag in _TEXT_ELEMENTS or is_inline(path[depth]):
        return None
    return path[depth]


def _path(element: HtmlElement, top: HtmlElement) -> list[HtmlElement]:
    """Return the elements from below *top* down to *element*."""
    path = []
    while element is not top:
        path.append(element)
        element = element.getparent()
    return path[::-1]


def _kind(element: HtmlElement | None) -> _Kind:
    """Return the tag and first class of *element*; where both are equal, elements are built alike."""
    return None if element is None else (element.tag, first_class(element))
