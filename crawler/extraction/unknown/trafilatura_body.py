"""The body that trafilatura finds on a page: the finder's fallback, and what a cross-check compares with."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from lxml.html import Element

from crawler.extraction.body import Body, read_body

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# trafilatura's elements (TEI) and their HTML equivalents.
_ELEMENTS = {"p": "p", "ab": "p", "head": "h2", "quote": "blockquote", "item": "li"}


@cache
def trafilatura_version() -> str:
    """Return the version of trafilatura that is installed."""
    return version("trafilatura")


def body_by_trafilatura(tree: HtmlElement, url: str) -> Body:
    """Return the body that trafilatura finds on the page *tree*; empty if it finds none."""
    # Imported here, since it takes half a second and most pages never need it.
    import trafilatura  # noqa: PLC0415
    from trafilatura.settings import Document  # noqa: PLC0415

    found = trafilatura.bare_extraction(
        deepcopy(tree), url=url, include_comments=False, include_images=False, with_metadata=False
    )
    if not isinstance(found, Document) or found.body is None:
        return Body()
    page = Element("div")
    for element in found.body.iter(*_ELEMENTS):
        if any(ancestor.tag in _ELEMENTS for ancestor in element.iterancestors()):
            continue
        copy = deepcopy(element)
        copy.tag = _ELEMENTS[element.tag]
        copy.tail = None
        page.append(copy)
    return read_body([page], (), url)
