"""Turns a body element into blocks: paragraphs, headings, lists, tables and pictures in reading order.

The walk knows HTML, and the figures and notes that all template generations share, but no publisher. It
skips the elements that a publisher declares as noise, and keeps the text that follows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.extraction.bylines import caption_credit, credit_at_end, dateline, is_name, people_and_source
from crawler.extraction.markup.inline import sign_in_text
from crawler.extraction.markup.pictures import (
    IMAGES,
    captions_in,
    image_url,
    is_centered,
    is_italic,
    pictures_in,
    stands_for_another,
)
from crawler.extraction.markup.tables import is_frame, own_cells
from crawler.extraction.markup.text import BLOCKS, INLINE, classes, fold, is_inline
from crawler.extraction.markup.visibility import button_of, is_covered, is_unseen
from crawler.items import Image, MediaBlock, TextBlock, Video

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lxml.html import HtmlElement

    from crawler.items import MediaType, TextType

_SKIPPED = {"script", "style", "noscript", "template", "button", "form", "input", "select", "svg",
            "nav", "head", "link", "meta", "hr", "object", "canvas", "textarea", "amp-ad"}  # fmt: skip
_MEDIA = {"video", "iframe", "embed", "audio", "amp-video", "amp-iframe", "amp-youtube"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_FIGURE_CLASSES = {"article-photo", "picture", "layout-image-2", "layout-image-3", "image-box"}
_NOTE_CLASSES = {"notebox", "cms-note"}
_SENTENCE_ENDS = tuple('.。!！?？;；:：…,，)）”"')
_MAX_CAPTION = 300  # characters; a longer one is text
_PARAGRAPHS = {"p", "div", "center"}
_LEVELS = 3  # ancestors of a paragraph that `densest_element` weighs
_DECAY = 0.9  # factor on a paragraph's weight for each step up
_MAX_HEADING = 120  # characters; a longer bold line is an emphatic paragraph


@dataclass(slots=True)
class Body:
    """Blocks in reading order, and the media that they refer to by index."""

    blocks: list[TextBlock | MediaBlock] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BodyReading:
    """The body of a page, the credit at its end, and how it was found."""

    body: Body
    #: People and source in the credit line at its end, which is no longer in the body.
    people: list[str] = field(default_factory=list)
    source: str | None = None
    #: True if no rule found the body.
    is_fallback: bool = False
    #: True if trafilatura found it.
    by_trafilatura: bool = False


def read_body(elements: list[HtmlElement], noise: Collection[HtmlElement], url: str) -> Body:
    """Return the blocks of *elements* without those in *noise*; *url* resolves relative addresses."""
    reader = _Reader(elements, noise, url)
    for element in elements:
        reader.visit(element, "paragraph")
        reader.flush("paragraph")
    return reader.body


def without_credit(body: Body) -> BodyReading:
    """Move a credit line at the end of *body* to the reading's people and source."""
    last = body.blocks[-1]
    if not isinstance(last, TextBlock) or len(body.blocks) == 1:
        return BodyReading(body)
    people, source = people_and_source(last.text)
    if source and all(map(is_name, people)):
        return BodyReading(replace(body, blocks=body.blocks[:-1]), people, source)
    text, source = credit_at_end(last.text)
    if source:
        blocks = [*body.blocks[:-1], replace(last, text=text)]
        return BodyReading(replace(body, blocks=blocks), source=source)
    return BodyReading(body)


def densest_element(paragraphs: Iterable[HtmlElement]) -> HtmlElement | None:
    """Return the nearest element that holds most of the text of *paragraphs*; None if there are none."""
    sizes: dict[HtmlElement, float] = {}
    for paragraph in paragraphs:
        weight = float(len(paragraph.text_content().strip()))
        for parent in islice(paragraph.iterancestors(), _LEVELS):
            sizes[parent] = sizes.get(parent, 0.0) + weight
            weight *= _DECAY
    return max(sizes, key=lambda element: sizes[element], default=None)


class _Reader:
    def __init__(self, roots: list[HtmlElement], noise: Collection[HtmlElement], url: str) -> None:
        self.body = Body()
        self._noise = set(noise)
        self._roots = set(roots)
        self._url = url
        self._pieces: list[str] = []
        self._bold_depth = 0
        self._plain_seen = False

    def _walk(self, element: HtmlElement, kind: TextType) -> None:
        self._add(element.text)
        for child in element:
            self.visit(child, kind)
            self._add(child.tail)

    def visit(self, element: HtmlElement, kind: TextType) -> None:
        """Read *element*; its text is of *kind* unless its own tag or class says otherwise."""
        tag = element.tag
        if not isinstance(tag, str) or element in self._noise:
            return
        if tag in _SKIPPED or is_unseen(element):
            if tag == "noscript" and not stands_for_another(element):
                self._images(list(element.iter(*IMAGES)), None)
        elif tag in INLINE or (tag not in BLOCKS and is_inline(element)):
            self._bold_depth += tag in {"b", "strong"}
            self._walk(element, kind)
            self._bold_depth -= tag in {"b", "strong"}
        elif tag in IMAGES:
            self._picture(element, kind)
        else:
            self.flush(kind)
            if element.get("style") or element.get("hidden") is not None:
                self._leave_out_button(element)
            inner = self._block(element, kind)
            self.flush(inner)

    def _picture(self, img: HtmlElement, kind: TextType) -> None:
        if (sign := sign_in_text(img)) is not None:
            self._add(sign)
        else:
            self.flush(kind)
            self._images([img], None)

    def _leave_out_button(self, element: HtmlElement) -> None:
        """Leave out the text of the button, if any, that uncovers the hidden *element*."""
        if not is_covered(element) or (button := button_of(element)) is None:
            return
        self._noise.add(button)
        last = self.body.blocks[-1] if self.body.blocks else None
        if isinstance(last, TextBlock) and last.text == fold(button.text_content()):
            self.body.blocks.pop()

    def _block(self, element: HtmlElement, kind: TextType) -> TextType:
        """Read a block element; return the kind of its text that is not yet flushed."""
        tag, names = element.tag, classes(element)
        if tag in _MEDIA:
            self._media(element)
        elif (tag == "figcaption" or "caption" in names) and self._late_caption(element):
            pass
        elif tag != "body" and self._is_figure(element):
            self._figure(element)
        elif tag in _PARAGRAPHS and self._is_caption_below(element):
            self._late_caption(element)
        elif tag == "table":
            self._table(element)
        elif tag in _HEADINGS:
            self._walk(element, kind := "heading")
        elif tag == "blockquote":
            self._walk(element, kind := "quote")
        elif tag == "li":
            self._walk(element, kind := "list_item")
        elif names & _NOTE_CLASSES:
            self._walk(element, kind := "note")
        elif tag != "br":
            self._walk(element, kind)
        return kind

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            self._plain_seen |= not self._bold_depth and bool(text.strip())

    def flush(self, kind: TextType) -> None:
        """End the current paragraph and add it as a block of *kind*."""
        text = fold("".join(self._pieces))
        bold = not self._plain_seen
        self._pieces.clear()
        self._plain_seen = False
        if not text:
            return
        if kind == "paragraph" and bold and _is_heading(text):
            kind = "heading"
        self.body.blocks.append(TextBlock(type=kind, text=text))

    def _is_figure(self, element: HtmlElement) -> bool:
        images = sum(1 for _ in pictures_in(element))
        if not images:
            return False
        if element.tag == "figure" or classes(element) & _FIGURE_CLASSES:
            captions = captions_in(element)
            if sum(1 for _ in element.iter("p")) > max(1, len(captions)):
                return False
            whole = len(captions) < 2 or len(captions) == images
            return whole and len(self._text(element)) <= _MAX_CAPTION * max(1, len(captions))
        return self._frames_one_image(element)

    def _frames_one_image(self, element: HtmlElement) -> bool:
        """Return whether *element* is a figure whatever its class: one picture and a few words."""
        if element.tag not in {"div", "td"} or element in self._roots or len(element) > 3:
            return False
        first = element[0]
        leads = first if first.tag in IMAGES else next(iter(first), None) if first.tag == "a" else None
        if leads is None or leads.tag not in IMAGES or (element.text or "").strip():
            return False
        plain = all(child.tag in IMAGES or child.tag == "br" or is_inline(child) for child in element)
        text = self._text(element)
        return plain and len(text) <= _MAX_CAPTION and dateline(text) is None

    def _figure(self, figure: HtmlElement) -> None:
        """Read a figure: each picture with its own caption, or all with a shared one."""
        images = list(pictures_in(figure))
        captions = [text for element in captions_in(figure) if (text := self._text(element))]
        if len(captions) == len(images) > 1:
            for image, own in zip(images, captions, strict=True):
                self._images([image], own)
            return
        caption = captions[0] if captions else self._text(figure)
        if not caption:
            caption = next((fold(i.get("cms-photo-caption")) for i in images), "")
        self._images(images, caption or None)

    def _late_caption(self, element: HtmlElement) -> bool:
        """Give a caption outside its figure to the pictures right before it.

        Return whether it was a caption: without a picture before it, it is text.
        """
        caption = self._text(element)
        last = self.body.blocks[-1] if self.body.blocks else None
        if not caption:
            return True
        if len(caption) > _MAX_CAPTION or not isinstance(last, MediaBlock) or last.type != "image":
            return False
        for block in reversed(self.body.blocks):
            if not isinstance(block, MediaBlock) or block.type != "image":
                break
            image = self.body.images[block.index]
            if image.caption:
                break
            credit = caption_credit(caption)
            self.body.images[block.index] = replace(image, caption=caption, credit=credit)
        return True

    def _is_caption_below(self, element: HtmlElement) -> bool:
        """Return whether a paragraph right below a picture is its caption: in italics, centered, credited.

        Two of the three are enough.
        """
        last = self.body.blocks[-1] if self.body.blocks else None
        if not isinstance(last, MediaBlock) or last.type != "image" or self.body.images[last.index].caption:
            return False
        text = self._text(element)
        if not text or len(text) > _MAX_CAPTION or next(element.iter(*IMAGES), None) is not None:
            return False
        signs = (is_italic(element), is_centered(element), caption_credit(text) is not None)
        return sum(signs) >= 2

    def _images(self, images: list[HtmlElement], caption: str | None) -> None:
        credit = caption_credit(caption) if caption else None
        for img in images:
            if (src := image_url(img)) and (url := self._absolute(src)):
                self.body.images.append(Image(url=url, caption=caption, credit=credit))
                self._refer("image", len(self.body.images) - 1)

    def _media(self, element: HtmlElement) -> None:
        given = [element.get(name) for name in ("data-video-src", "data-src", "src")]
        given += [source.get("src") for source in islice(element.iter("source"), 1)]
        if element.tag == "amp-youtube" and (video := element.get("data-videoid")):
            given.append(f"https://www.youtube.com/watch?v={video}")
        src = next((each for each in given if each and not each.startswith("about:")), None)
        if src and (url := self._absolute(src)):
            self.body.videos.append(Video(url=url))
            self._refer(
                "video" if element.tag in {"video", "audio", "amp-video"} else "embed",
                len(self.body.videos) - 1,
            )

    def _refer(self, kind: MediaType, index: int) -> None:
        self.body.blocks.append(MediaBlock(type=kind, index=index))

    def _table(self, table: HtmlElement) -> None:
        lines = own_cells(table)
        cells = [cell for line in lines for cell in line]
        if len(cells) == 1:
            # A single cell is a frame around text.
            self._walk(cells[0], "note")
            return
        pictures = sum(1 for _ in table.iter(*IMAGES, *_MEDIA))
        if is_frame(table, cells) or (
            pictures and sum(bool(self._text(cell)) for cell in cells) <= 2 * pictures
        ):
            # A table of pictures, or of texts with tables in them, is layout.
            self._walk(table, "paragraph")
            return
        for title in table.iter("caption"):
            self._walk(title, "paragraph")
            self.flush("paragraph")
        texts = ([self._text(cell) for cell in line] for line in lines)
        text = "\n".join(" | ".join(row) for row in texts if any(row))
        if text:
            self.body.blocks.append(TextBlock(type="table", text=text))

    def _text(self, element: HtmlElement) -> str:
        """Return the folded text of *element*, without noise and elements that are never text."""
        pieces: list[str] = []

        def collect(node: HtmlElement) -> None:
            pieces.append(node.text or "")
            for child in node:
                if isinstance(child.tag, str) and self._has_text(child):
                    apart = "" if is_inline(child) else " "
                    pieces.append(apart)
                    collect(child)
                    pieces.append(apart)
                pieces.append(child.tail or "")

        collect(element)
        return fold("".join(pieces))

    def _has_text(self, element: HtmlElement) -> bool:
        return not (element.tag in _SKIPPED or element in self._noise or is_unseen(element))

    def _absolute(self, url: str) -> str | None:
        try:
            absolute = fold(urljoin(self._url, url.strip()))
            return absolute if urlsplit(absolute).scheme in {"http", "https"} else None
        except ValueError:
            return None


def _is_heading(text: str) -> bool:
    return len(text) <= _MAX_HEADING and not text.endswith(_SENTENCE_ENDS)
