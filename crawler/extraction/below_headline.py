"""The body of a very short page: what stands below its headline.

A flash of one sentence is too little for the finders, which then take the footer or the whole page for text;
a film without a word gives them nothing at all.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from crawler.extraction.body import Body, read_body
from crawler.extraction.unknown import UnknownBody
from crawler.extraction.unknown.boilerplate import cjk_count
from crawler.extraction.unknown.finder import FoundArticle
from crawler.items import MediaBlock, TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Block

_TOO_LITTLE = 80  # characters of a body that is not looked at again
_FOOTER = 600  # the same where all of it is boilerplate: the site's imprint
_SENTENCE = 40  # letters; fewer are a date, a name or a label
_FRAMES = {"article", "main"}
_MOST = 20  # blocks below the headline


def with_short_body(found: UnknownBody, base: str) -> UnknownBody:
    """Return *found*, or what stands below the headline where the finders took what does not.

    Relative addresses of films are resolved against *base*.
    """
    everything = found.found.everything
    texts = {block.text for block in found.body.blocks if isinstance(block, TextBlock)}
    is_footer = bool(found.found.article) and all(block.boilerplate for block in found.found.article)
    size = sum(map(len, texts))
    if not found.by_trafilatura and size >= (_FOOTER if is_footer else _TOO_LITTLE):
        return found
    at = next((n for n, block in enumerate(everything) if _is_headline(block)), None)
    if at is None or any(block.text in texts for block in everything[at + 1 :] if not block.boilerplate):
        return found
    frame = _frame(everything[at].element)
    inside = set(frame.iter())
    below = list(_below([block for block in everything[at + 1 :] if block.element in inside]))
    if below:
        body = Body(blocks=[TextBlock(type="paragraph", text=block.text) for block in below])
        return UnknownBody(body, found=FoundArticle(below, everything))
    films = read_body([frame], [], base)
    blocks = [block for block in films.blocks if isinstance(block, MediaBlock) and block.type == "video"]
    if blocks:
        return UnknownBody(Body(blocks=list(blocks), videos=films.videos), found=FoundArticle([], everything))
    return found


def _is_headline(block: Block) -> bool:
    around = (block.element, *islice(block.element.iterancestors(), 2))
    return block.linked < 0.5 and any(element.tag == "h1" for element in around)


def _frame(headline: HtmlElement) -> HtmlElement:
    """Return the article element or the main element around *headline*, else its parent."""
    named = (element for element in headline.iterancestors() if element.tag in _FRAMES)
    parent = headline.getparent()
    return next(named, headline if parent is None else parent)


def _below(blocks: list[Block]) -> Iterator[Block]:
    """Yield the sentences among *blocks*, up to the first that belongs to something else."""
    for block in blocks[:_MOST]:
        if block.linked > 0.5 and len(block.text) >= _SENTENCE / 2:
            return
        if (
            not block.boilerplate
            and block.linked < 0.5
            and len(block.text) + 2 * cjk_count(block.text) >= _SENTENCE
        ):
            yield block
