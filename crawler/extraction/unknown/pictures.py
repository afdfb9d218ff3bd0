"""Puts the pictures that stand among the paragraphs of a found article between these, with their captions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.body import Body, read_body
from crawler.extraction.markup.pictures import IMAGES, pictures_in
from crawler.extraction.markup.text import fold
from crawler.extraction.unknown.boilerplate import is_boilerplate, words
from crawler.items import MediaBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.items import Image, TextBlock

_PREFIX = 40  # characters of the text behind a picture, by which its block is known
_FRAMES = {"p", "div", "center", "td"}
_TAG = re.compile(r"[\w:-]+", re.ASCII)
_SMALLEST = 80  # pixels
_OF_PICTURES = frozenset("caption captions gallery slideshow carousel credit credits".split())
_OF_PICTURE_TAGS = {"picture", "figcaption", "label"}
_NO_PICTURE = re.compile(r"avatar|logo|icon|sprite|badge|button|spacer|pixel|\.svg(?:$|\?)", re.IGNORECASE)
_PICTURE = re.compile(
    r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)|photo|image|gallery|attachment|^#", re.IGNORECASE
)


def with_pictures(blocks: list[TextBlock], elements: list[HtmlElement], base: str) -> Body:
    """Return *blocks*, each in one of *elements*, with the pictures among them; *base* resolves addresses."""
    top = _around(elements)
    pictures = [] if top is None else [img for img in pictures_in(top) if not _is_other(img, top)]
    if top is None or not pictures:
        return Body(blocks=list(blocks))
    images: list[Image] = []
    places: dict[int, list[MediaBlock]] = {}
    read: set[HtmlElement] = set()
    for img, place in _places(top, pictures, blocks, elements):
        frame = _frame(img, top)
        if frame in read:
            continue
        read.add(frame)
        for image in _read(frame, base):
            places.setdefault(place, []).append(MediaBlock(type="image", index=len(images)))
            images.append(image)
    captions = {image.caption for image in images}
    body = Body(images=images)
    for number, block in enumerate([*blocks, None]):
        body.blocks += places.get(number, [])
        if block is not None and block.text not in captions:
            body.blocks.append(block)
    return body


def _places(
    top: HtmlElement, pictures: list[HtmlElement], blocks: list[TextBlock], elements: list[HtmlElement]
) -> Iterator[tuple[HtmlElement, int]]:
    """Yield each of *pictures* with the number of the block that follows it; none follows the last block."""
    numbers: dict[HtmlElement, list[int]] = {}
    for number, element in enumerate(elements):
        numbers.setdefault(element, []).append(number)
    wanted = set(pictures)
    own: list[int] = []
    place = 0
    tags = {str(each.tag) for each in elements}
    # lxml looks for no tag with control characters, although a page may have one.
    searched = (*IMAGES, *tags) if all(map(_TAG.fullmatch, tags)) else ()
    for element in list(top.iter(*searched)):
        if element in numbers:
            own = numbers[element]
            place = own[0] + 1
        elif element in wanted:
            behind = fold(element.tail)[:_PREFIX]
            # Several blocks in one element are parted by line breaks and pictures.
            place = next((n for n in own if behind and blocks[n].text.startswith(behind)), place)
            if place < len(blocks) or element.getparent() in numbers:
                yield element, place


def _frame(img: HtmlElement, top: HtmlElement) -> HtmlElement:
    """Return the figure that *img* is in, or the paragraph of which it is all; else *img* itself."""
    for around in img.iterancestors():
        if around is top:
            break
        if around.tag == "figure":
            return around
    parent = img.getparent()
    if parent is None or parent is top or parent.tag not in _FRAMES or fold(parent.text_content()):
        return img
    return parent


def _read(frame: HtmlElement, base: str) -> list[Image]:
    """Return the pictures in *frame*; the one alone in a paragraph may have its caption in the next one."""
    below = frame.getnext() if frame.tag in _FRAMES else None
    if below is None or below.tag not in _FRAMES:
        return read_body([frame], (), base).images
    return read_body([frame, below], (), base).images[: sum(1 for _ in pictures_in(frame))]


def _around(elements: list[HtmlElement]) -> HtmlElement | None:
    """Return the innermost element around all *elements*."""
    path: list[HtmlElement] | None = None
    for element in dict.fromkeys(elements):
        own = [element, *element.iterancestors()][::-1]
        if path is None:
            path = own
        elif path[-1] not in own:
            shared = (ours for ours, theirs in zip(path, own, strict=False) if ours is theirs)
            path = list(shared)
    return path[-1] if path else None


def _is_other(img: HtmlElement, top: HtmlElement) -> bool:
    """Return whether *img*, below *top*, is a sign of the site's or belongs to a link or to boilerplate."""
    sizes = [(img.get(name) or "").removesuffix("px")[:9] for name in ("width", "height")]
    is_small = any(size.isdecimal() and int(size) < _SMALLEST for size in sizes)
    if is_small or _NO_PICTURE.search(f"{img.get('class', '')} {img.get('src', '')}"):
        return True
    is_linked = False
    for around in img.iterancestors():
        if around is top or around.tag == "figure":
            is_linked &= around is top
        if around is top:
            break
        if around.tag == "a":
            is_linked = not _PICTURE.search(around.get("href") or "#")
        elif _is_around_others(around):
            return True
    return is_linked


def _is_around_others(element: HtmlElement) -> bool:
    """Return whether *element* is boilerplate, and not because it is about pictures."""
    if element.tag in _OF_PICTURE_TAGS or words(element) & _OF_PICTURES:
        return False
    return is_boilerplate(element)
