"""How many announced articles were captured, failed or missed, by edition and day."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crawler.clock import milliseconds, moment

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from crawler.state.database import Database


@dataclass(slots=True, kw_only=True)
class Day:
    """Counts of the articles of one edition that were first seen announced on one day, in Vietnam."""

    #: `publisher:edition`
    edition_key: str
    day: date
    announced: int = 0
    captured: int = 0
    #: Not fetched so far, counted by the reason of the latest failure.
    failed: Counter[str] = field(default_factory=Counter)
    #: Not requested so far.
    missed: int = 0
    #: Time from announcement to capture, of the captured ones.
    median: timedelta | None = None
    worst: timedelta | None = None
    #: Median time from publication, by the article's own date, to capture.
    since_published: timedelta | None = None
    #: Captured, but what stands at its address now is something else: counted by the reason or kind of page.
    failing: Counter[str] = field(default_factory=Counter)
    #: Captured, but not served to us any more: counted by gone, soft, redirected; and how many of them last.
    missing: Counter[str] = field(default_factory=Counter)
    removed: int = 0
    #: Edits of its articles, the median interval in which they happened, and those never seen again.
    edits: int = 0
    edited_within: timedelta | None = None
    unconfirmed: int = 0


def coverage(database: Database, since: datetime | None = None) -> Iterator[Day]:
    """Yield the days of each edition from *since* on, in order."""
    query = (
        "SELECT site, announced, captured, reason, published, removed, key FROM article"
        " WHERE announced >= ? AND same_as IS NULL ORDER BY site, announced"
    )
    begin = milliseconds(since) if since else 0
    # Read whole: the events of its articles are asked for meanwhile.
    rows = list(database.rows(query, (begin,)))
    events = _events(database, begin)

    def day_of(row: tuple[Any, ...]) -> tuple[str, date]:
        return row[0], moment(row[1]).astimezone(_VIETNAM).date()

    for (edition_key, day), group in groupby(rows, key=day_of):
        found = Day(edition_key=edition_key, day=day)
        waits: list[int] = []
        since_published: list[int] = []
        intervals: list[int] = []
        for _, announced, captured, reason, published, removed, key in group:
            found.announced += 1
            if captured is not None:
                found.captured += 1
                waits.append(max(0, captured - announced))
                if published is not None:
                    since_published.append(max(0, captured - published))
                if reason:
                    found.failing[reason] += 1
                intervals += _count_events(found, events.get(key, ()), is_missing=removed is not None)
            elif reason:
                found.failed[reason] += 1
            else:
                found.missed += 1
        found.median, found.since_published = _median(waits), _median(since_published)
        found.worst = timedelta(milliseconds=max(waits)) if waits else None
        found.edits, found.edited_within = len(intervals), _median(intervals)
        yield found


def _median(values: list[int]) -> timedelta | None:
    return timedelta(milliseconds=statistics.median(values)) if values else None


def _events(database: Database, begin: int) -> dict[int, list[tuple[Any, ...]]]:
    """Return the edits, removals and unconfirmed versions of articles announced from *begin* on."""
    query = (
        "SELECT event.article, what, seen, outcome, sort, (SELECT coalesce(before.last_seen, before.seen)"
        "  FROM event AS before WHERE before.article = event.article AND before.what = 'revision'"
        "  AND before.number = event.number - 1)"
        " FROM event JOIN article ON key = event.article"
        " WHERE announced >= ? AND (what = 'removed' OR number > 1 OR outcome = 'unconfirmed')"
        " ORDER BY event.article, seen"
    )
    found: dict[int, list[tuple[Any, ...]]] = {}
    for article, *event in database.rows(query, (begin,)):
        found.setdefault(article, []).append(tuple(event))
    return found


def _count_events(day: Day, events: Iterable[tuple[Any, ...]], *, is_missing: bool) -> list[int]:
    """Count the *events* of one article in *day*; return the intervals of its edits, in milliseconds."""
    intervals, removal = [], None
    for what, seen, outcome, sort, before in events:
        if what == "removed":
            removal = outcome, sort
        elif before is not None:
            intervals.append(max(0, seen - before))
        day.unconfirmed += outcome == "unconfirmed"
    if is_missing and removal:
        day.missing[removal[1] or "gone"] += 1
        day.removed += removal[0] == "lasting"
    return intervals
