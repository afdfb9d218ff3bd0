"""The body of a page that no rule knows: our own finder first, trafilatura where it finds too little."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from functools import cache
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING

from lxml.etree import ParserError
from lxml.html import Element, document_fromstring

from crawler.extraction.body import Body, read_body
from crawler.extraction.unknown.finder import find_article
from crawler.extraction.unknown.blocks import is_teaser
from crawler.extraction.markup.text import fold, is_language
from crawler.items import TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Run
    from crawler.items import TextType

_TOO_LITTLE = 80  # characters; less is a notice, not an article
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.){200,}"')
_PARAGRAPH = re.compile(r"<p[\s>]")
_MAX_ELEMENTS = 50_000  # on larger pages trafilatura takes minutes
_LEVELS = 3  # above a paragraph, at which the body may stand
_DECAY = 0.9  # of its weight, with each step up
_KINDS = {"p": "p", "ab": "p", "head": "h2", "quote": "blockquote", "item": "li"}


@cache
def trafilatura_version() -> str:
    """Return the version of trafilatura that is installed."""
    return version("trafilatura")


def body(tree: HtmlElement, url: str, descriptions: Iterable[str]) -> tuple[Body, bool]:
    """Return the body of the article on the page *tree*, and whether trafilatura found it.

    *descriptions* is what the page's metadata says that it is about.
    """
    descriptions = list(descriptions)
    blocks = _blocks(tree, descriptions)
    if sum(len(block.text) for block in blocks) >= _TOO_LITTLE:
        return Body(blocks=list(blocks)), False
    if (hidden := _hidden_page(tree)) is not None and (found_there := _blocks(hidden, descriptions)):
        return Body(blocks=list(found_there)), False
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return Body(blocks=list(blocks)), False
    found = by_trafilatura(tree, url)
    texts = [block.text for block in found.blocks if isinstance(block, TextBlock)]
    if 2 * sum(map(is_teaser, texts)) > len(texts):
        # A list of the beginnings of articles is none itself.
        return Body(), False
    if any(map(is_language, texts)):
        return found, True
    return Body(blocks=list(blocks)), False


def _blocks(tree: HtmlElement, descriptions: list[str]) -> list[TextBlock]:
    return [TextBlock(type=_type(run), text=run.text) for run in find_article(tree, descriptions)]


def _hidden_page(tree: HtmlElement) -> HtmlElement | None:
    """Return the longest HTML that stands as a string in a script, for sites that build their pages so."""
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


def _type(run: Run) -> TextType:
    if run.is_heading:
        return "heading"
    for element in (run.element, *run.element.iterancestors()):
        if element.tag == "blockquote":
            return "quote"
        if element.tag == "li":
            return "list_item"
    return "paragraph"


def by_trafilatura(tree: HtmlElement, url: str) -> Body:
    """Return what trafilatura takes for the article on the page *tree*; empty when nothing."""
    # Half a second of imports that most pages never need.
    import trafilatura  # noqa: PLC0415
    from trafilatura.settings import Document  # noqa: PLC0415

    found = trafilatura.bare_extraction(
        deepcopy(tree), url=url, include_comments=False, include_images=False, with_metadata=False
    )
    if not isinstance(found, Document) or found.body is None:
        return Body()
    page = Element("div")
    for element in found.body.iter(*_KINDS):
        if any(ancestor.tag in _KINDS for ancestor in element.iterancestors()):
            continue
        copy = deepcopy(element)
        copy.tag = _KINDS[element.tag]
        copy.tail = None
        page.append(copy)
    return read_body([page], (), url)


def densest_element(paragraphs: Iterable[HtmlElement]) -> HtmlElement | None:
    """Return the nearest element that holds most of the text of *paragraphs*; None for none."""
    sizes: dict[HtmlElement, float] = {}
    for paragraph in paragraphs:
        weight = float(len(paragraph.text_content().strip()))
        for parent in islice(paragraph.iterancestors(), _LEVELS):
            sizes[parent] = sizes.get(parent, 0.0) + weight
            weight *= _DECAY
    return max(sizes, key=lambda element: sizes[element], default=None)
