"""Sitemaps and feeds, read into `Announcement`s. Pure: bytes in, values out.

Sitemaps follow sitemaps.org and Google's news extension, feeds RSS 2.0 and Atom (RFC 4287). Of broken XML,
every entry that can be read is.
"""

from __future__ import annotations

import re
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from lxml import etree

from archive import MalformedMessageError, decode_content
from crawler.discovery.announcements import Announcement, Announcements
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from datetime import datetime

_MAX_ENTRIES = 50_000  # the sitemap protocol's limit for one file
_MAX_BYTES = 50 * 1024 * 1024  # likewise, uncompressed
_GZIP_MAGIC = b"\x1f\x8b"
_MAX_PROLOGUE = 4096  # bytes within which the root element begins
_ROOT = re.compile(rb"<(?:\w+:)?(?:sitemapindex|urlset|rss|feed|RDF)[\s>/]")
_ROOT_END = re.compile(
    rb"(?:</(?:\w+:)?(?:sitemapindex|urlset|rss|feed|RDF)\s*>|/>)(?:\s|<!--(?:[^-]|-(?!->))*-->)*$"
)
_ENTRY = re.compile(rb"<(?:\w+:)?(sitemap|url|item|entry)(?=[\s>]).*?</(?:\w+:)?\1\s*>", re.DOTALL)
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:sitemap|url|item|entry)\s*>")

_ENTRIES: dict[str, Literal["sitemap", "page"]] = {
    "sitemap": "sitemap",
    "url": "page",
    "item": "page",
    "entry": "page",
}
_DATES = {"lastmod", "publication_date", "pubDate", "updated", "published"}


def read_xml(body: bytes, base_url: str) -> Announcements | None:
    """Return what the sitemap, sitemap index or feed *body* announces; None if it is none of these."""
    if body.startswith(_GZIP_MAGIC):
        try:
            body = decode_content(body, b"gzip", _MAX_BYTES)
        except MalformedMessageError:
            return None
    body = body.strip()
    if not _ROOT.search(body, 0, _MAX_PROLOGUE):
        return None
    whole = _ROOT_END.search(body) is not None
    if not whole:
        # What follows the last whole entry would be read as a URL that nobody announced.
        end = 0
        for match in _ENTRY_END.finditer(body):
            end = match.end()
        body = body[:end]
    found = _entries(body, base_url)
    if not found.whole:
        found = _one_by_one(body, base_url)
    found.whole &= whole
    return found


def _entries(body: bytes, base_url: str) -> Announcements:
    """Return the announcements in *body*; whole only if the parser saw each entry."""
    found, seen = Announcements(), 0
    events = etree.iterparse(
        BytesIO(body), events=("end",), recover=True, resolve_entities=False,
        remove_comments=True, remove_pis=True, no_network=True,
    )  # fmt: skip
    try:
        for _, element in events:
            if (kind := _ENTRIES.get(_name(element))) is None:
                continue
            if announcement := _announcement(kind, element, base_url):
                found.append(announcement)
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]
            seen += 1
            if seen >= _MAX_ENTRIES:
                break
    except etree.XMLSyntaxError:
        pass
    found.whole = seen == _ends(body)
    return found


def _ends(body: bytes) -> int:
    """Return the number of entries in *body* that have an end."""
    return sum(1 for _ in _ENTRY_END.finditer(body))


def _one_by_one(body: bytes, base_url: str) -> Announcements:
    """Return the announcements in *body*, each entry parsed alone, so that a broken one spoils no other."""
    found = Announcements()
    for match in islice(_ENTRY.finditer(body), _MAX_ENTRIES):
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        element = etree.fromstring(match[0], parser)
        kind = _ENTRIES.get(match[1].decode())
        if element is None or kind is None:
            found.whole = False
        elif announcement := _announcement(kind, element, base_url):
            found.append(announcement)
    found.whole &= _ends(body) <= _MAX_ENTRIES
    return found


def _name(element: etree._Element) -> str:
    # Not QName, which refuses names with an undeclared prefix.
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _announcement(
    kind: Literal["sitemap", "page"], entry: etree._Element, base_url: str
) -> Announcement | None:
    url = ""
    dates: list[datetime] = []
    for element in entry.iter():
        name = _name(element)
        text = (element.text or "").strip()
        if name in {"loc", "link"} and not url and element.get("rel", "alternate") == "alternate":
            url = text or (element.get("href") or "").strip()
        elif name in _DATES and (moment := parse_moment(text)):
            dates.append(moment)
    try:
        absolute = urljoin(base_url, url)
    except ValueError:
        return None
    return Announcement(kind=kind, url=absolute, date=max(dates, default=None)) if url else None
