"""Sites that refuse requests: each gets a rest from us, longer every time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.clock import milliseconds, moment

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.state.database import Database

#: A site gets a rest after this many refusals in a row.
PATIENCE = 3
_SHORTEST = timedelta(minutes=5)
_LONGEST = timedelta(hours=6)


class Sites:
    """The sites in *database*, by registered domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rests_until(self, name: str) -> datetime | None:
        """Return until when the site *name* must not get requests; None if it has had no rest."""
        until = self._database.value("SELECT rests_until FROM site WHERE name = ?", (name,))
        return moment(until) if until else None

    def welcomed(self, name: str) -> None:
        """Record a good response from the site *name*: its refusals and rests are forgotten."""
        self._database.execute(
            "UPDATE site SET refusals = 0, rests = 0, rests_until = 0 WHERE name = ?"
            " AND (refusals > 0 OR rests > 0)",
            (name,),
        )

    def refused(self, name: str, now: datetime, retry_after: timedelta | None = None) -> datetime | None:
        """Record that the site *name* refused a request; return until when it rests, None if it does not yet.

        *retry_after*, from the header of that name, starts a rest at once.
        """
        with self._database.transaction():
            query = "SELECT refusals, rests FROM site WHERE name = ?"
            refusals, rests = self._database.row(query, (name,)) or (0, 0)
            refusals += 1
            rest = retry_after
            # A site that refuses right after a rest gets a longer one.
            if refusals >= PATIENCE or rests:
                own = min(_SHORTEST * 2 ** min(rests, 16), _LONGEST)
                rest, refusals, rests = max(own, retry_after or own), 0, rests + 1
            until = now + rest if rest else None
            self._database.execute(
                "INSERT INTO site VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " refusals = excluded.refusals, rests = excluded.rests,"
                " rests_until = max(site.rests_until, excluded.rests_until)",
                (name, refusals, rests, milliseconds(until) if until else 0),
            )
        return until
