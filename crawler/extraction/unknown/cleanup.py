"""Cleans up the article that was found: removes boilerplate blocks in it and restores its lead."""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

from crawler.extraction.unknown.blocks import is_teaser_text, shingles
from crawler.extraction.unknown.boilerplate import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Block

_LONG_ENOUGH = 100  # characters; a shorter line may be repeated for effect
_ALL_LINK = 0.9  # share of linked text at which a paragraph counts as a link
_SENTENCE_END = re.compile(r"[.。!！?？…:：;；]['\"”»“’)\]）」』]*$")
_FULL_STOP = re.compile(r"[.。]['\"”»“’)\]）」』]*$")
_CREDIT = re.compile(
    r"^\W{0,3}(?:fotos?|photos?|photograph|images?|bild|bilder|bildrechte|picture|credit|quelle|source|fuente"
    r"|crédit|crédito|ảnh|nguồn|imago|video|vidéo|illustration|grafik|copyright|©|圖|图|写真|사진|資料來源|来源"
    r"|责任编辑|編集)\b.{0,120}$"
    r"|(?:getty images|/getty|\bAFP|/AP|\bAP photo|reuters|shutterstock|imago images|dpa|unsplash|pixabay"
    r"|ANSA|EFE|\bNTB|wikimedia)[^.]{0,40}\)?$"
    r"|©|\bphoto (?:by|credit)|\b(?:foto|photo|bild|image|picture|quelle|credit)s?\s*: ?[^.]{2,60}\)?$",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(r"^\W*(?:\w+,? ){0,3}\d{1,4}[./\-年 ]\s?(?:\w+|\d{1,2})[./\-月 ,]\s?\d{1,4}.{0,25}$")
# Requests to readers between and after paragraphs.
_PLEA = re.compile(
    r"newsletter|subscribe|subscription|sign up|sign in|log ?in\b|logged in|follow us|download (?:the|our)"
    r"|our app\b|whatsapp[- ](?:kanal|channel)|abonnieren|abonnement|anmelden|eingeloggt"
    r"|kommentare? (?:schreiben|abgeben)|weiterlesen\W*$|read more|lesen sie auch|mehr zum thema"
    r"|auch interessant|lea también|lee también|leia também|leggi anche|lire aussi|czytaj (?:też|więcej)"
    r"|会員限定|有料会員|登録すると|责任编辑|本文来源|版权归|转载|扫码|关注我们|客户端下载|more stories"
    r"|all rights reserved|terms of (?:use|service)|affiliate|support our",
    re.IGNORECASE,
)
_LEAD_WORDS = frozenset(
    "lead lede leadtext sapo standfirst summary intro introduction subtitle subtitles subheadline subhead "
    "subheading dek deck excerpt chapo abstract vorspann untertitel ingress description articlelead "
    "sottotitolo entradilla bajada perex sommario".split()
)


def stretch(blocks: list[Block], weights: dict[Block, float]) -> list[Block]:
    """Return *blocks* from the first prose to the last, with the short paragraphs that adjoin these."""
    prose = [number for number, block in enumerate(blocks) if block in weights]
    begin, end = prose[0], prose[-1] + 1
    while begin > 0 and _adjoins(blocks[begin - 1], blocks[begin]):
        begin -= 1
    while end < len(blocks) and _adjoins(blocks[end], blocks[end - 1]):
        end += 1
    return blocks[begin:end]


def _adjoins(block: Block, neighbour: Block) -> bool:
    return block.element.tag == "p" and block.element.getparent() is neighbour.element.getparent()


def cleaned(blocks: list[Block]) -> list[Block]:
    """Return *blocks* without captions, repeated lines, lines of links, and headings that precede no text."""
    times = Counter(block.text for block in blocks)
    blocks = [
        block for block, following in zip_longest(blocks, blocks[1:]) if not _is_repeated_by(block, following)
    ]
    # If `br` separates the paragraphs in one element, short lines among them are text.
    prose = Counter(block.element for block in blocks if block.is_prose)
    kept = [
        block
        for block in blocks
        if block.element.tag != "h1"
        and not _is_boilerplate_block(block, times[block.text], is_line=prose[block.element] >= 2)
    ]
    return [
        block
        for number, block in enumerate(kept)
        if not block.is_heading or block.is_prose or _leads_to_text(kept, number)
    ]


def _is_boilerplate_block(block: Block, times: int, *, is_line: bool) -> bool:
    """Return whether *block* is boilerplate.

    *times* is how often its text occurs, *is_line* whether its element holds several lines of prose.
    """
    length = len(block.text)
    if block.is_heading:
        return block.linked > 0.5
    return (
        (times > 1 and length < 100)
        or (block.linked > 0.5 and (length < 200 or block.linked > 0.6) and not _is_sentence(block))
        or (length < 160 and _CREDIT.search(block.text) is not None)
        or is_teaser_text(block.text)
        or (length < 40 and _DATE_LINE.match(block.text) is not None)
        or (length < 200 and _PLEA.search(block.text) is not None)
        or (
            length < 50
            and not is_line
            and block.element.tag not in {"p", "li", "blockquote", "td"}
            and not _SENTENCE_END.search(block.text)
        )
    )


def _is_repeated_by(block: Block, following: Block | None) -> bool:
    """Return whether *following* repeats *block*, except for a title at the beginning of *block*."""
    return (
        following is not None and len(following.text) >= _LONG_ENOUGH and block.text.endswith(following.text)
    )


def _is_sentence(block: Block) -> bool:
    """Return whether a paragraph with links is a sentence: links to other pages have no full stop."""
    if block.element.tag != "p" or block.linked >= _ALL_LINK or len(block.text) < 40:
        return False
    return _FULL_STOP.search(block.text) is not None


def _leads_to_text(blocks: list[Block], number: int) -> bool:
    if number + 1 == len(blocks):
        return False
    following = blocks[number + 1]
    # A heading may be followed by one of a lower rank.
    return not following.is_heading or following.element.tag > blocks[number].element.tag


def lead(blocks: list[Block], article: list[Block], quotes: list[set[str]]) -> list[Block]:
    """Return the lead between the headline and *article*, as a list of one block or none.

    *blocks* are all of the page's, *quotes* the shingles of each description in its metadata. The lead is the
    block that most agrees with a description, or that has a lead's class or id.
    """
    if not article:
        return []
    end = blocks.index(article[0])
    headlines = [number for number, block in enumerate(blocks[:end]) if block.element.tag == "h1"]
    begin = headlines[-1] + 1 if headlines else max(0, end - 25)
    opening = shingles(" ".join(block.text for block in article[:4]))
    candidates: list[tuple[float, int, Block]] = []
    for block in blocks[begin:end]:
        if block.linked > 0.4 or not 30 <= len(block.text) <= 900:
            continue
        if len(block.text) < 160 and _CREDIT.search(block.text):
            continue
        pieces = shingles(block.text)
        quoted = max((len(pieces & quote) / len(pieces) for quote in quotes), default=0.0)
        named = any(words(element) & _LEAD_WORDS for element in _nearest(block.element))
        if (quoted >= 0.6 or named) and len(pieces & opening) < 0.8 * len(pieces):
            candidates.append((quoted, -len(candidates), block))
    return [max(candidates, key=lambda candidate: candidate[:2])[2]] if candidates else []


def _nearest(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield *element* and its two nearest ancestors."""
    yield element
    for number, ancestor in enumerate(element.iterancestors()):
        if number < 2:
            yield ancestor
