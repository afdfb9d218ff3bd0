"""The links of a listing page. Pure: bytes in, URLs out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.extraction import parse_html

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_links(body: bytes, url: str, content_type: str | None = None) -> Iterator[str]:
    """Yield the absolute http(s) URLs that the HTML page *body* at *url* links to, each once."""
    tree = parse_html(body, content_type)
    seen: set[str] = set()
    for link in () if tree is None else tree.xpath("//a/@href"):
        try:
            target = urljoin(url, link.strip())
        except ValueError:
            continue
        if target.startswith(("http://", "https://")) and target not in seen:
            seen.add(target)
            yield target
