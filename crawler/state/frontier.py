"""What is to be fetched: pages that a source announced or that are due again, leased by the crawl at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.clock import is_day, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crawler.state.database import Database

_DAY = 24 * 60 * 60 * 1000
# The collection's lock keeps others away, and the next crawl takes back what a killed one had leased.
_LEASE = timedelta(days=36_500)
# After a failure the next try waits twice as long as the one before, from ten minutes to a day, and
# there is none when a month of failures has passed.
_FIRST_WAIT = 10 * 60 * 1000
_LONGEST_WAIT = 24 * 60 * 60 * 1000
_GIVE_UP = 30 * 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedArticle:
    """An article that a source announces."""

    id: str
    #: `publisher:edition`
    edition_key: str
    url: str
    #: The date that the source gives for it; aware, None without one.
    date: datetime | None
    #: The URL is that of a page for printing, asked for only where no other is known.
    is_print: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page to be fetched, and what its server said last time."""

    id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilter:
    """Which of the pages that are due a crawl is to fetch. Empty: all."""

    #: Only those of these editions (`publisher:edition`).
    edition_keys: tuple[str, ...] = ()
    #: Only those that this crawl saw announced, or dated from `since` up to but without `until`.
    crawl: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Frontier:
    """The pages in *database* that are due."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: Grows with everything that is announced.
        self.version = 0

    def announce(self, source: int, articles: Iterable[AnnouncedArticle], crawl: str, now: datetime) -> int:
        """Take over what *source* announces; return how many articles of it are new.

        A known article is due again when *source* gives a date for it that it never gave, and that is after
        the last fetch by the server's clock; a date without a time counts to the end of its day.
        """
        seen, new = milliseconds(now), 0
        self.version += 1
        with self._database.transaction():
            for each in articles:
                dated = milliseconds(each.date) if each.date else 0
                latest = dated + _DAY if each.date and is_day(each.date) else dated
                new += self._database.execute(
                    "INSERT INTO article (id, site, url, announced, dated, due, wanted_by)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    (each.id, each.edition_key, each.url, seen, dated, seen, crawl),
                )
                is_new_date = self._database.execute(
                    "INSERT INTO announcement (article, source, dated, seen)"
                    " SELECT key, ?, ?, ? FROM article WHERE id = ? ON CONFLICT DO NOTHING",
                    (source, dated, seen, each.id),
                )
                if is_new_date > 0:
                    # Another source may tell the same: that is no reason to ask again what is being asked.
                    self._database.execute(
                        "UPDATE article SET due = min(coalesce(due, ?), ?),"
                        " renewed = CASE WHEN ? > coalesce(dated, 0) THEN ? ELSE renewed END"
                        " WHERE id = ? AND ? > coalesce(fetched_there, 0) AND fetched IS NOT NULL",
                        (seen, seen, dated, seen, each.id, latest),
                    )
                self._database.execute(
                    "UPDATE article SET wanted_by = ?, url = CASE WHEN ? AND url <> '' THEN url ELSE ? END,"
                    " announced = coalesce(announced, ?),"
                    " dated = max(coalesce(dated, 0), ?) WHERE id = ?",
                    (crawl, each.is_print, each.url, seen, min(dated, seen), each.id),
                )
        return new

    def lease(self, limit: int, now: datetime, due_filter: DueFilter | None = None) -> list[DuePage]:
        """Return up to *limit* pages of *due_filter* that are due, the longest waiting first."""
        moment = milliseconds(now)
        due_filter = due_filter or DueFilter()
        conditions = ["due <= ?", "coalesce(leased_until, 0) <= ?", "url <> ''"]
        values: list[int | str] = [moment, moment]
        if due_filter.edition_keys:
            conditions.append(f"site IN ({', '.join('?' * len(due_filter.edition_keys))})")
            values += due_filter.edition_keys
        if due_filter.crawl:
            conditions.append("(wanted_by = ? OR dated BETWEEN ? AND ?)")
            since = milliseconds(due_filter.since) if due_filter.since else 1
            until = milliseconds(due_filter.until) if due_filter.until else moment if due_filter.since else 1
            values += [due_filter.crawl, since, until - 1]
        query = (
            f"SELECT key, id, url, etag, modified FROM article WHERE {' AND '.join(conditions)}"  # noqa: S608
            " ORDER BY due LIMIT ?"
        )
        with self._database.transaction():
            found = list(self._database.rows(query, (*values, limit)))
            until = moment + round(_LEASE.total_seconds() * 1000)
            self._database.execute_all(
                "UPDATE article SET leased_until = ? WHERE key = ?", [(until, key) for key, *_ in found]
            )
        return [
            DuePage(id=id_, url=url, etag=etag, last_modified=modified)
            for _, id_, url, etag, modified in found
        ]

    def release(self, article_id: str, due: datetime | None = None) -> None:
        """Give a page back unfetched, to be due at *due*, or as it was."""
        self._database.execute(
            "UPDATE article SET leased_until = NULL, due = coalesce(?, due) WHERE id = ?",
            (milliseconds(due) if due else None, article_id),
        )

    def release_all(self) -> None:
        """Give back what a crawl that is no more had leased; the collection's lock must be held."""
        self._database.execute("UPDATE article SET leased_until = NULL WHERE leased_until IS NOT NULL")

    def record_failure(self, article_id: str, reason: str, now: datetime) -> None:
        """Note that a page could not be had, and when to try again."""
        query = "SELECT failures, failing_since FROM article WHERE id = ?"
        failures, since = self._database.row(query, (article_id,)) or (0, None)
        moment = milliseconds(now)
        due: int | None = moment + min(_FIRST_WAIT << min(failures, 16), _LONGEST_WAIT)
        if since is not None and moment - since > _GIVE_UP:
            due = None
        self._database.execute(
            "UPDATE article SET failures = failures + 1, failing_since = coalesce(failing_since, ?),"
            " reason = ?, due = ?, leased_until = NULL WHERE id = ?",
            (moment, reason, due, article_id),
        )

    def waiting(self, now: datetime) -> int:
        """Return how many pages are due."""
        query = "SELECT count(*) FROM article WHERE due <= ?"
        return int(self._database.value(query, (milliseconds(now),)))
