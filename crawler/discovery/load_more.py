"""The load-more API of the vendor CMS behind most of the sites: its URLs and its answers. Pure.

Known from saved pages and from other scrapers; both shapes of its answers are read from every host.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from crawler.discovery.announcements import Announcement, Announcements
from crawler.discovery.links import read_links
from crawler.extraction import parse_html
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST = re.compile(rb"""\bdomainApi\s*["']?\s*:\s*["'](?P<host>https?://[\w.:/-]{1,200})["']""")
_ZONE = re.compile(rb"""\badsZone\s*["']?\s*:\s*["']?(?P<zone>[1-9]\d{0,11})\b""")
_PAGE = re.compile(r"(?P<before>/morenews-[^/?]+-)(?P<page>\d{1,9})(?P<after>\.html)")


def first_page(body: bytes, url: str) -> str | None:
    """Return the API's first URL for the listing *body* at *url*; None if the page does not name the API."""
    host, zone = _HOST.search(body), _ZONE.search(body)
    if host is None or zone is None:
        return None
    api = urljoin(url, host["host"].decode())
    return f"{api.rstrip('/')}/api/morenews-zone-{zone['zone'].decode()}-1.html?phrase=&page_size=30"


def next_page(url: str) -> str:
    """Return the URL that follows *url*, itself from `first_page` or from here."""
    return _PAGE.sub(lambda match: f"{match['before']}{int(match['page']) + 1}{match['after']}", url, count=1)


def page_number(url: str) -> int:
    """Return the page number in *url*, from 1; 0 if there is none."""
    match = _PAGE.search(url)
    return int(match["page"]) if match else 0


def read_more(body: bytes, base: str) -> tuple[Announcements, bool] | None:
    """Return the announcements in the answer *body* and whether more follow; None if it is not an answer.

    Relative URLs are relative to *base*, the edition's front page: the API's own host has no articles. The
    articles are a list of objects (`data.contents`) or a piece of HTML (`data.articles`).
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    if answer.get("error_code"):
        # Some hosts say so that nothing follows.
        return Announcements(), False
    data = answer.get("data")
    if not isinstance(data, dict):
        return None
    if isinstance(articles := data.get("articles"), str):
        found = Announcements(_from_html(articles, base))
    elif isinstance(contents := data.get("contents"), list):
        found = Announcements(_from_objects(contents, base))
        found.whole = len(found) == len(contents)
    else:
        return None
    return found, bool(found) and data.get("load_more") is not False


def _from_objects(contents: list[Any], base: str) -> Iterator[Announcement]:
    for each in contents:
        url = each.get("url") if isinstance(each, dict) else None
        if not isinstance(url, str) or not url.strip() or not url.isprintable():
            continue
        try:
            yield Announcement(kind="page", url=urljoin(base, url.strip()), date=_moment(each.get("date")))
        except ValueError:
            continue


def _from_html(text: str, base: str) -> Iterator[Announcement]:
    tree = parse_html(text.encode(), "text/html; charset=utf-8")
    dates: dict[str, datetime | None] = {}
    for article in () if tree is None else tree.iter("article"):
        times = [_moment(e.get("data-time")) or parse_moment(e.get("datetime")) for e in article.iter("time")]
        for link in article.iter("a"):
            dates.setdefault(link.get("href", "").strip(), next(filter(None, times), None))
    by_url = {urljoin(base, href): date for href, date in dates.items() if _is_joinable(base, href)}
    for url in read_links(text.encode(), base, "text/html; charset=utf-8"):
        yield Announcement(kind="page", url=url, date=by_url.get(url))


def _is_joinable(base: str, href: str) -> bool:
    try:
        urljoin(base, href)
    except ValueError:
        return False
    return True


def _moment(value: object) -> datetime | None:
    """Return *value*, seconds since 1970 as a number or its digits, as a moment."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        moment = datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        return parse_moment(value) if isinstance(value, str) else None
    return moment if 1 < moment.year < 9999 else None
