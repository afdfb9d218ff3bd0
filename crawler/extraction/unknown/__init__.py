"""Finds the article on pages that no rule knows: by our own finder, else by trafilatura.

May import `markup`, `body` and crawler.items. The order: `blocks` cuts the page, `finder` weighs the blocks
and drops `boilerplate` and `asides`, `cleanup` repairs the rest. `repeated_blocks` learns from many pages.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml.etree import ParserError
from lxml.html import document_fromstring

from crawler.extraction.body import Body
from crawler.extraction.markup.text import fold, is_mostly_letters
from crawler.extraction.unknown.blocks import is_teaser_text
from crawler.extraction.unknown.finder import FoundArticle, find_article
from crawler.extraction.unknown.trafilatura_body import body_by_trafilatura
from crawler.items import TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Block
    from crawler.items import TextType

_TOO_LITTLE = 80  # characters; less is a notice, not an article
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.){200,}"')
_PARAGRAPH = re.compile(r"<p[\s>]")
_MAX_ELEMENTS = 50_000  # on larger pages trafilatura takes minutes


@dataclass(frozen=True, slots=True)
class UnknownBody:
    """The body of a page without rules, and whether trafilatura found it."""

    body: Body
    by_trafilatura: bool = False
    #: The blocks that our finder takes for the article, and all blocks of the page.
    found: FoundArticle = field(default_factory=lambda: FoundArticle([], []))


def find_body(tree: HtmlElement, url: str, descriptions: Iterable[str]) -> UnknownBody:
    """Return the body of the article on the page *tree*; empty if there is none.

    *descriptions* are those in the page's metadata.
    """
    descriptions = list(descriptions)
    found = find_article(tree, descriptions)
    if sum(len(block.text) for block in found.article) >= _TOO_LITTLE:
        return _own(found)
    hidden = _page_in_script(tree)
    if hidden is not None and (there := find_article(hidden, descriptions)).article:
        return _own(there)
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return _own(found)
    body = body_by_trafilatura(tree, url)
    texts = [block.text for block in body.blocks if isinstance(block, TextBlock)]
    if 2 * sum(map(is_teaser_text, texts)) > len(texts):
        # A list of teasers is not an article.
        return UnknownBody(Body(), found=found)
    if any(map(is_mostly_letters, texts)):
        return UnknownBody(body, by_trafilatura=True, found=found)
    return _own(found)


def _own(found: FoundArticle) -> UnknownBody:
    blocks = [TextBlock(type=_type(block), text=block.text) for block in found.article]
    return UnknownBody(Body(blocks=list(blocks)), found=found)


def _page_in_script(tree: HtmlElement) -> HtmlElement | None:
    """Return the longest HTML in a script's string, if any: some sites build their pages in the browser."""
    longest = ""
    for script in tree.iter("script"):
        for match in _JSON_STRING.finditer(script.text or ""):
            try:
                text = json.loads(match[0], strict=False)
            except ValueError:
                continue
            if len(text) > len(longest) and _PARAGRAPH.search(text):
                longest = fold(text)
    try:
        return document_fromstring(longest) if longest else None
    except (ParserError, ValueError):
        return None


def _type(block: Block) -> TextType:
    if block.is_heading:
        return "heading"
    for element in (block.element, *block.element.iterancestors()):
        if element.tag == "blockquote":
            return "quote"
        if element.tag == "li":
            return "list_item"
    return "paragraph"
