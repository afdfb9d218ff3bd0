"""What a publisher announces: sitemaps, feeds and listing pages, read into `Announcement`s.

Pure: bytes in, values out. Sitemaps follow sitemaps.org and Google's news extension, feeds RSS 2.0
and Atom (RFC 4287); broken XML gives what can be had of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from lxml import etree

from archive import MalformedMessageError, decode_content
from crawler.extraction import parse_html
from crawler.extraction.dates import HO_CHI_MINH, parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
_PERIOD = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\.xml(?:\.gz)?$")

_ENTRIES: dict[str, Literal["sitemap", "page"]] = {
    "sitemap": "sitemap",
    "url": "page",
    "item": "page",
    "entry": "page",
}
_DATES = {"lastmod", "publication_date", "pubDate", "updated", "published"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A URL that a publisher names, and the latest date it gives for it."""

    kind: Literal["sitemap", "page"]
    url: str
    #: Aware; None when none is given.
    date: datetime | None = None


class Announcements(list[Announcement]):
    """What one file announces; *whole* is false where its end is missing."""

    def __init__(self, entries: Iterable[Announcement] = (), *, whole: bool = True) -> None:
        super().__init__(entries)
        self.whole = whole


def read_xml(body: bytes, base_url: str) -> Announcements | None:
    """Return what the sitemap, sitemap index or feed *body* announces; None when it is none of these."""
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
        # Cut: what follows the last whole entry would be read as an address that nobody gave.
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
    """Return what the entries of *body* announce; whole only if the parser saw each of them."""
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
    """Return how many entries of *body* have an end."""
    return sum(1 for _ in _ENTRY_END.finditer(body))


def _one_by_one(body: bytes, base_url: str) -> Announcements:
    """Return what the entries of *body* announce, each read by itself: one that is broken spoils no other."""
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
    # Not QName: it refuses the names of prefixes that nobody declared.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of time, from `since` up to but without `until`; None is no limit."""

    since: datetime | None = None
    until: datetime | None = None

    def excludes(self, announcement: Announcement) -> str:
        """Return why nothing wanted can be behind *announcement*, or an empty string."""
        begin, end = _period(announcement)
        if self.until and begin and begin >= self.until:
            return f"begins {begin.isoformat()}, wanted until {self.until.isoformat()}"
        if self.since and end and end < self.since:
            return f"last changed {end.isoformat()}, wanted since {self.since.isoformat()}"
        return ""


def _period(announcement: Announcement) -> tuple[datetime | None, datetime | None]:
    """Return from when on and up to when what is announced can have happened.

    The name of a monthly or daily sitemap tells the days; an edit can come later, so its date counts
    where it is later.
    """
    date = announcement.date
    if announcement.kind == "page":
        return date, date
    match = _PERIOD.search(announcement.url)
    if match is None:
        return None, date
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
    try:
        begin = datetime(year, month, day, tzinfo=HO_CHI_MINH)
        after = begin + timedelta(days=1) if match[3] else (begin + timedelta(days=32)).replace(day=1)
    except (ValueError, OverflowError):
        return None, None
    return begin, max(after, date) if date else after
