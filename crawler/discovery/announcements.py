"""`Announcement`: a URL that a publisher names, with a date; and the window of time that a crawl asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from crawler.extraction.dates import HO_CHI_MINH

if TYPE_CHECKING:
    from collections.abc import Iterable

_PERIOD = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\.xml(?:\.gz)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A URL that a publisher names, and the latest date it gives for it."""

    kind: Literal["sitemap", "page"]
    url: str
    #: Aware; None if there is none.
    date: datetime | None = None


class Announcements(list[Announcement]):
    """The announcements in one file; *whole* is false if its end is missing."""

    def __init__(self, entries: Iterable[Announcement] = (), *, whole: bool = True) -> None:
        super().__init__(entries)
        self.whole = whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of time, `since` included, `until` excluded; None is no limit."""

    since: datetime | None = None
    until: datetime | None = None

    def excludes(self, announcement: Announcement) -> str:
        """Return why *announcement* cannot lead to anything within the window, or an empty string."""
        begin, end = _period(announcement)
        if self.until and begin and begin >= self.until:
            return f"begins {begin.isoformat()}, wanted until {self.until.isoformat()}"
        if self.since and end and end < self.since:
            return f"last changed {end.isoformat()}, wanted since {self.since.isoformat()}"
        return ""


def _period(announcement: Announcement) -> tuple[datetime | None, datetime | None]:
    """Return the earliest and latest moment of anything behind *announcement*.

    A monthly or daily sitemap has its period in its name. An edit can come later, so a later date counts.
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
