"""The body of a page that no rule knows, by trafilatura."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from lxml.html import Element

from crawler.extraction.body import Body, read_body

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KINDS = {"p": "p", "ab": "p", "head": "h2", "quote": "blockquote", "item": "li"}


@cache
def trafilatura_version() -> str:
    """Return the version of trafilatura that is installed."""
    return version("trafilatura")


def body(tree: HtmlElement, url: str) -> Body:
    """Return what trafilatura takes for the article on the parsed page *tree*; empty when nothing."""
    # Half a second of imports that a page known by rule never needs.
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


def densest_element(tree: HtmlElement) -> HtmlElement | None:
    """Return the element whose own `p` children hold the most text; None without paragraphs."""
    sizes: dict[HtmlElement, int] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        if parent is not None:
            sizes[parent] = sizes.get(parent, 0) + len(paragraph.text_content().strip())
    return max(sizes, key=lambda element: sizes[element], default=None)
