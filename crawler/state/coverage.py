"""How many announced articles were captured, failed or missed, by edition and day."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.clock import milliseconds, moment

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

if TYPE_CHECKING:
    from collections.abc import Iterator
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


def coverage(database: Database, since: datetime | None = None) -> Iterator[Day]:
    """Yield the days of each edition from *since* on, in order."""
    query = (
        "SELECT site, announced, captured, reason FROM article WHERE announced >= ? ORDER BY site, announced"
    )
    rows = database.rows(query, (milliseconds(since) if since else 0,))

    def day_of(row: tuple[str, int, int | None, str | None]) -> tuple[str, date]:
        return row[0], moment(row[1]).astimezone(_VIETNAM).date()

    for (edition_key, day), group in groupby(rows, key=day_of):
        found, waits = Day(edition_key=edition_key, day=day), []
        for _, announced, captured, reason in group:
            found.announced += 1
            if captured is not None:
                found.captured += 1
                waits.append(max(0, captured - announced))
            elif reason:
                found.failed[reason] += 1
            else:
                found.missed += 1
        if waits:
            found.median = timedelta(milliseconds=statistics.median(waits))
            found.worst = timedelta(milliseconds=max(waits))
        yield found
