"""Finds pictures, their addresses, however lazily a page loads them, and their captions."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extraction.markup.text import classes, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

#: Tags of pictures.
IMAGES = frozenset({"img", "amp-img"})
_AROUND = {"a", "picture", "span"}  # tags of what may be around a picture alone
_ITALIC = {"em", "i", "cite"}
_CENTERED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_LAZY = ("data-src", "data-original", "data-lazy-src")
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:blank|placeholder|loading|loader|lazy(?:load)?|spacer|transparent|grey|gray|dot|1x1|pixel|trans)"
    r"(?:[_.-][^/]{0,40})?\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)|^data:|^about:",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#!]|$)", re.IGNORECASE)
_SMALLER = re.compile(r"thumb|small|mini|low|blur|lqip|placeholder|share|icon", re.IGNORECASE)
_MARKUP = re.compile(r"""<img\b[^>]{0,2000}?\bsrc\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)


def image_url(img: HtmlElement) -> str | None:
    """Return the address of the picture *img*, lazily loaded or not; None for a placeholder or a pixel."""
    if {img.get("width"), img.get("height")} & {"0", "1"}:
        return None
    lazy = (img.get(name) for name in _LAZY)
    sets = (_first_of_set(img.get(name)) for name in ("data-srcset", "srcset"))
    # libxml2 nests the elements that follow a `source` inside it.
    sources = (*img.itersiblings("source", preceding=True), *islice(img.iterancestors("source"), 5))
    framed = (_first_of_set(source.get("srcset") or source.get("data-srcset")) for source in sources)
    own = img.get("src")
    # Beside a lazy address, `src` is a placeholder.
    candidates = (*lazy, _first_of_set(img.get("data-srcset")), own, *sets, *framed)
    found: str | None = next(
        (src for src in candidates if src and not src.startswith(("data:", "about:"))), None
    )
    if found and not _PLACEHOLDER.search(found):
        return found
    return _elsewhere(img) or found


def _elsewhere(img: HtmlElement) -> str | None:
    """Return the address that *img* has under another name or in `noscript`, whose place it holds."""
    for name, value in img.items():
        if name.startswith("data-") and _PICTURE.search(value.strip()) and not _SMALLER.search(name):
            return _first_of_set(value)
    scripts = islice(img.itersiblings("noscript"), 1)
    for script in (*scripts, *islice(img.itersiblings("noscript", preceding=True), 1)):
        twin = next(script.iter(*IMAGES), None)
        if twin is not None and twin is not img:
            return image_url(twin)
        if match := _MARKUP.search(script.text or ""):
            return str(match[1])
    return None


def _first_of_set(srcset: str | None) -> str | None:
    """Return the first address of a `srcset` attribute (HTML, 4.8.4.2.1)."""
    return next(iter((srcset or "").split()), "").rstrip(",") or None


def pictures_in(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the pictures in *element*, in order; of one and its twin in `noscript` only the first."""
    for img in element.iter(*IMAGES):
        script = next(islice(img.iterancestors("noscript"), 1), None)
        if script is None or not stands_for_another(script):
            yield img


def stands_for_another(noscript: HtmlElement) -> bool:
    """Return whether a picture in *noscript* is the twin of one beside it."""
    beside = (each for each in (noscript.getprevious(), noscript.getnext()) if each is not None)
    return any(each.tag in IMAGES or (each.tag in _AROUND and _holds_picture(each)) for each in beside)


def _holds_picture(element: HtmlElement) -> bool:
    return next(element.iter(*IMAGES), None) is not None


def captions_in(figure: HtmlElement) -> list[HtmlElement]:
    """Return the outermost elements in *figure* that are captions by tag or class."""
    found: list[HtmlElement] = []
    for child in figure:
        if child.tag == "figcaption" or "caption" in classes(child):
            found.append(child)
        else:
            found += captions_in(child)
    return found


def is_italic(element: HtmlElement) -> bool:
    """Return whether all the text of *element* is in italics."""
    style = element.get("style")
    if element.tag in _ITALIC or (style and "italic" in style):
        return True
    parts = [element.text, *(child.tail for child in element)]
    return len(element) > 0 and not any(map(fold, parts)) and all(map(is_italic, element))


def is_centered(element: HtmlElement) -> bool:
    """Return whether *element*, or the one around or in it, is centered."""
    for each in (element, *islice(element.iterancestors(), 1), *islice(element, 1)):
        style = each.get("style") or ""
        aligned = (each.get("align") or "").lower() == "center" or each.tag == "center"
        if aligned or _CENTERED.search(style) or "center" in (each.get("class") or ""):
            return True
    return False
