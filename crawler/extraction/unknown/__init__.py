"""Finds the article on pages that no rule knows: by our own finder, else by trafilatura.

May import `markup`, `body` and crawler.items. The order: `blocks` cuts the page, `finder` weighs the blocks
and drops `boilerplate` and `asides`, `cleanup` repairs the rest, `pictures` adds pictures. `scripted` reads
text that only scripts hold. `repeated_blocks` learns from many pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.extraction.body import Body
from crawler.extraction.markup.text import fold, is_mostly_letters
from crawler.extraction.unknown.blocks import is_teaser_text, shingles
from crawler.extraction.unknown.finder import FoundArticle, find_article
from crawler.extraction.unknown.pictures import with_pictures
from crawler.extraction.unknown.scripted import (
    article_paragraphs,
    html_in_scripts,
    paragraphs_in_scripts,
)
from crawler.extraction.unknown.trafilatura_body import body_by_trafilatura
from crawler.items import TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Block
    from crawler.items import TextType

_TOO_LITTLE = 80  # characters; less is a notice, not an article
_SHORT = 1500  # characters; a longer text is no teaser, so the scripts are not searched for the rest of it
_MUCH_MORE = 2  # times as long as what is shown, the text in the scripts is the article's
_SAME = 0.9  # share of the longest text in the scripts at which another is the same
_OF_TEASER = 0.6  # share of what is shown that such a text holds
_MAX_ELEMENTS = 50_000  # on larger pages trafilatura takes minutes


@dataclass(frozen=True, slots=True)
class UnknownBody:
    """The body of a page without rules, and where it was found."""

    body: Body
    by_trafilatura: bool = False
    #: True if it is in the page's scripts alone.
    is_scripted: bool = False
    #: The blocks that our finder takes for the article, and all blocks of the page.
    found: FoundArticle = field(default_factory=lambda: FoundArticle([], []))


def find_body(
    tree: HtmlElement, url: str, descriptions: Iterable[str], article_body: str = ""
) -> UnknownBody:
    """Return the body of the article on the page *tree*; empty if there is none.

    *url* resolves relative addresses, *descriptions* and *article_body* are those in the page's metadata.
    """
    descriptions = list(descriptions)
    found = find_article(tree, descriptions)
    if (own := _own_article(tree, found.article)) is not None:
        found = find_article(own, descriptions)
    blocks = _text_blocks(found.article)
    size = _size(blocks)
    scripted = _in_scripts(tree, descriptions, article_body, blocks) if size < _SHORT else []
    if scripted and _size(scripted) >= _MUCH_MORE * size:
        return UnknownBody(Body(blocks=list(scripted)), is_scripted=True, found=found)
    if size >= _TOO_LITTLE:
        body = with_pictures(blocks, [block.element for block in found.article], url)
        return UnknownBody(body, found=found)
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return UnknownBody(Body(blocks=list(blocks)), found=found)
    body = body_by_trafilatura(tree, url)
    texts = [block.text for block in body.blocks if isinstance(block, TextBlock)]
    if 2 * sum(map(is_teaser_text, texts)) > len(texts):
        # A list of teasers is not an article.
        return UnknownBody(Body(), found=found)
    if any(map(is_mostly_letters, texts)):
        return UnknownBody(body, by_trafilatura=True, found=found)
    return UnknownBody(Body(blocks=list(blocks)), found=found)


def _own_article(tree: HtmlElement, found: list[Block]) -> HtmlElement | None:
    """Return the `article` element of which the headline is in the page's title; None if *found* is in it.

    Pages that go on without end have the next articles behind their own.
    """
    around = next(found[-1].element.iterancestors("article"), None) if found else None
    if around is None or not (headline := _headline(around)):
        return None
    title = fold(tree.findtext(".//title"))
    if not title or headline in title:
        return None
    own = [each for each in tree.iter("article") if (name := _headline(each)) and name in title]
    return own[0] if len(own) == 1 else None


def _headline(article: HtmlElement) -> str:
    heading = next(article.iter("h1"), None)
    return "" if heading is None else fold(heading.text_content())


def _text_blocks(blocks: list[Block]) -> list[TextBlock]:
    return [TextBlock(type=_type(block), text=block.text) for block in blocks]


def _size(blocks: Iterable[TextBlock]) -> int:
    return sum(len(block.text) for block in blocks)


def _in_scripts(
    tree: HtmlElement, descriptions: list[str], article_body: str, shown: list[TextBlock]
) -> list[TextBlock]:
    """Return the longest text in the scripts of *tree* that goes on where *shown* ends; else none."""
    hidden = html_in_scripts(tree)
    candidates = [[] if hidden is None else _text_blocks(find_article(hidden, descriptions).article)]
    candidates += [article_paragraphs(article_body), paragraphs_in_scripts(tree)]
    if _size(shown) >= _TOO_LITTLE:
        teaser = shingles(" ".join(block.text for block in shown))
        candidates = [each for each in candidates if _holds(each, teaser)]
    longest = max(map(_size, candidates), default=0)
    # The same text is best read from HTML.
    return next((each for each in candidates if _size(each) >= max(_TOO_LITTLE, _SAME * longest)), [])


def _holds(blocks: list[TextBlock], teaser: set[str]) -> bool:
    return len(teaser & shingles(" ".join(block.text for block in blocks))) >= _OF_TEASER * len(teaser)


def _type(block: Block) -> TextType:
    if block.is_heading:
        return "heading"
    for element in (block.element, *block.element.iterancestors()):
        if element.tag == "blockquote":
            return "quote"
        if element.tag == "li":
            return "list_item"
    return "paragraph"
