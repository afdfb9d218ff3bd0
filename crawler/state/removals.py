"""Removals: whether an article that is not served any more was taken down, or its host was out of order.

A removal lasts only if, at each of the looks that found it missing, another article of the same host proved
itself within the hour: two looks, or three over a day where the page said so with status 200.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.clock import milliseconds

if TYPE_CHECKING:
    from crawler.state.database import Database
    from crawler.state.schedule import Schedule
    from crawler.state.visits import Visit, Visits

_NEAR = timedelta(hours=1)
_LOOKS = 2
_SPAN = timedelta(minutes=50)  # the second look is due after an hour
_SOFT_LOOKS = 3
_SOFT_SPAN = timedelta(days=1)


class Removals:
    """The removals in *database*; a lasting one is looked at again by *schedule*."""

    def __init__(self, database: Database, visits: Visits, schedule: Schedule) -> None:
        self._database = database
        self._visits = visits
        self._schedule = schedule

    def looks(self, article_id: str) -> list[tuple[Visit, bool]]:
        """Return the looks that found the article missing, the latest first.

        Beside each: whether another article of its host proved itself within the hour.
        """
        row = self._database.row("SELECT key, url FROM article WHERE id = ?", (article_id,))
        if row is None:
            return []
        return [(look, self._host_was_well(look, *row)) for look in self._visits.missing_since(article_id)]

    def lasts(self, article_id: str) -> bool:
        """Return whether the looks so far show that the article was taken down."""
        proven = [look for look, well in takewhile(lambda each: each[1], self.looks(article_id))]
        if not proven:
            return False
        span = proven[0].seen - proven[-1].seen
        if proven[0].outcome.startswith("failed"):
            return len(proven) >= _SOFT_LOOKS and span >= _SOFT_SPAN
        return len(proven) >= _LOOKS and span >= _SPAN

    def _host_was_well(self, look: Visit, key: int, url: str) -> bool:
        query = (
            "SELECT 1 FROM visit JOIN article ON article.key = visit.article"
            " WHERE visit.seen BETWEEN ? AND ? AND visit.kind = 'article' AND visit.status = 200"
            " AND visit.outcome IN ('new', 'revised', 'unchanged') AND coalesce(visit.digest, '-') <> ?"
            " AND visit.article <> ? AND url LIKE ? LIMIT 1"
        )
        begin, end = milliseconds(look.seen - _NEAR), milliseconds(look.seen + _NEAR)
        # The target of a redirect has the look's own payload: it proves nothing about that look.
        values = (begin, end, look.digest or "", key, f"%://{urlsplit(url).netloc}/%")
        return self._database.value(query, values) is not None

    def settle(self) -> int:
        """Mark the removals that last by now; return how many are new."""
        query = (
            "SELECT id, captured, fetched FROM article JOIN event ON article = key AND event.seen = removed"
            " WHERE removed IS NOT NULL AND what = 'removed' AND outcome IS NULL"
        )
        lasting = [row for row in list(self._database.rows(query)) if self.lasts(row[0])]
        with self._database.transaction():
            for article_id, captured, fetched in lasting:
                self._database.execute(
                    "UPDATE event SET outcome = 'lasting' WHERE what = 'removed'"
                    " AND article = (SELECT key FROM article WHERE id = ?)"
                    " AND seen = (SELECT removed FROM article WHERE id = ?)",
                    (article_id, article_id),
                )
                due = self._schedule.after(captured or fetched, fetched)
                self._database.execute(
                    "UPDATE article SET due = ?, unconditional = ? WHERE id = ?",
                    (due.at, int(due.unconditional), article_id),
                )
        return len(lasting)
