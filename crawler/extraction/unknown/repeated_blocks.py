"""Learns from a collection of pages which blocks a site repeats, and removes them: they are not the article.

A block of text on a tenth of a host's pages, and on at least four, is removed from pages of that host before
the article is searched for. This is for sites that no rule knows.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extraction.markup.text import fold, is_inline
from crawler.extraction.unknown.boilerplate import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SHORTEST = 20  # characters; a shorter line may occur in any article
_PARAGRAPH = 60  # characters
_FEWEST_PAGES = 4
_SHARE = 0.1
_MAX_PAGES = 1000  # of a host; more cost memory and add nothing


class RepeatedBlocks:
    """Counts on how many pages of each host a block of text occurs.

    Needs about 100 bytes for each distinct block on the first thousand pages of each host.
    """

    def __init__(self) -> None:
        self._pages: dict[str, set[str]] = {}
        self._counts: dict[str, Counter[bytes]] = {}

    def learn(self, tree: HtmlElement, url: str) -> None:
        """Count the blocks of the page *tree* at *url*; an article at several addresses counts once."""
        host = urlsplit(url).hostname or ""
        page = fold(tree.findtext(".//h1")) or fold(tree.findtext(".//title")) or urlsplit(url).path
        pages = self._pages.setdefault(host, set())
        if page in pages or len(pages) == _MAX_PAGES:
            return
        pages.add(page)
        counts = self._counts.setdefault(host, Counter())
        counts.update({_digest(text) for _, text in _blocks(tree)})

    def remove_from(self, tree: HtmlElement, url: str) -> int:
        """Remove the repeated blocks from the page *tree*; return their number."""
        host = urlsplit(url).hostname or ""
        counts, pages = self._counts.get(host), len(self._pages.get(host, ()))
        if counts is None:
            return 0
        enough = max(_FEWEST_PAGES, _SHARE * pages)
        blocks = list(_blocks(tree))
        repeated = [element for element, text in blocks if counts[_digest(text)] >= enough]
        gone = set(repeated)
        if not any(len(text) >= _PARAGRAPH for element, text in blocks if element not in gone):
            # No paragraph would be left: the article itself was learned as repeated.
            return 0
        for element in repeated:
            element.clear(keep_tail=True)
        return len(repeated)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def _blocks(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield each innermost block element with its folded text, but no `h1` and no short text."""
    body = tree.find("body")
    elements = [e for e in (tree if body is None else body).iter() if isinstance(e.tag, str)]
    blocks = [e for e in elements if e.tag not in SKIPPED and not is_inline(e)]
    outer = set()
    for element in blocks:
        parent = element.getparent()
        while parent is not None and is_inline(parent):
            parent = parent.getparent()
        outer.add(parent)
    for element in blocks:
        if element not in outer and element.tag != "h1":
            text = fold(element.text_content())
            if len(text) >= _SHORTEST:
                yield element, text
