"""The pages to fetch: announced, due for a recrawl or a retry. A crawl leases a page while it fetches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.clock import is_day, milliseconds
from crawler.state.schedule import DAY
from crawler.state.visits import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crawler.state.database import Database

# Leases never expire: the collection's lock excludes other crawls, and the next one releases all leases.
_LEASE = timedelta(days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedArticle:
    """An article that a sitemap, feed or listing announces."""

    id: str
    #: `publisher:edition`
    edition_key: str
    url: str
    #: The date that was announced with it; aware, None if there was none.
    date: datetime | None
    #: The URL is a print page's: fetched only if no other URL is known.
    is_print: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page to fetch, with the validators for a conditional request."""

    id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilter:
    """Selects the due pages that a crawl fetches. Empty: all."""

    #: Only pages of these editions (`publisher:edition`).
    edition_keys: tuple[str, ...] = ()
    #: Only pages that this crawl saw announced, or that are dated `since` or later, and before `until`.
    crawl: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Frontier:
    """The due pages in *database*."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: Increases with each call of `announce`.
        self.version = 0

    def announce(self, source: int, articles: Iterable[AnnouncedArticle], crawl: str, now: datetime) -> int:
        """Record the *articles* that *source* (its key) announces; return how many are new.

        A known article is due again when *source* gives it a new date that is later than its last fetch by
        the server's clock. A date without a time counts to the end of its day.
        """
        seen, new = milliseconds(now), 0
        self.version += 1
        with self._database.transaction():
            for each in articles:
                date = milliseconds(each.date) if each.date else 0
                latest = date + DAY if each.date and is_day(each.date) else date
                new += self._database.execute(
                    "INSERT INTO article (id, site, url, announced, dated, due, wanted_by)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    (each.id, each.edition_key, each.url, seen, date, seen, crawl),
                )
                is_new_date = self._database.execute(
                    "INSERT INTO announcement (article, source, dated, seen)"
                    " SELECT key, ?, ?, ? FROM article WHERE id = ? ON CONFLICT DO NOTHING",
                    (source, date, seen, each.id),
                )
                if is_new_date > 0:
                    # `renewed` repeats a fetch in progress once it ends. Only a later date justifies that,
                    # not a second source that gives the same date.
                    self._database.execute(
                        "UPDATE article SET due = min(coalesce(due, ?), ?),"
                        " renewed = CASE WHEN ? > coalesce(dated, 0) THEN ? ELSE renewed END"
                        " WHERE key = (SELECT coalesce(same_as, key) FROM article WHERE id = ?)"
                        " AND ? > coalesce(fetched_there, 0) AND (fetched IS NOT NULL OR due IS NULL)",
                        (seen, seen, date, seen, each.id, latest),
                    )
                self._database.execute(
                    "UPDATE article SET wanted_by = ?, url = CASE WHEN ? AND url <> '' THEN url ELSE ? END,"
                    " announced = coalesce(announced, ?),"
                    " dated = max(coalesce(dated, 0), ?) WHERE id = ?",
                    (crawl, each.is_print, each.url, seen, min(date, seen), each.id),
                )
        return new

    def lease(self, limit: int, now: datetime, due_filter: DueFilter | None = None) -> list[DuePage]:
        """Lease up to *limit* due pages that match *due_filter*, the longest waiting first; return them."""
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
            "SELECT key, id, url, etag, modified, unconditional FROM article"  # noqa: S608
            f" WHERE {' AND '.join(conditions)}"
            " ORDER BY due LIMIT ?"
        )
        with self._database.transaction():
            found = list(self._database.rows(query, (*values, limit)))
            until = moment + round(_LEASE.total_seconds() * 1000)
            self._database.execute_all(
                "UPDATE article SET leased_until = ? WHERE key = ?", [(until, key) for key, *_ in found]
            )
            distrusted = {name for (name,) in self._database.rows("SELECT name FROM host")}
        pages = []
        for _, id_, url, etag, modified, unconditional in found:
            validators = (None, None) if unconditional or host_of(url) in distrusted else (etag, modified)
            pages.append(DuePage(id=id_, url=url, etag=validators[0], last_modified=validators[1]))
        return pages

    def release(self, article_id: str, due: datetime | None = None) -> None:
        """End the lease of a page that was not fetched; it is due at *due*, or as before if that is None."""
        self._database.execute(
            "UPDATE article SET leased_until = NULL, due = coalesce(?, due) WHERE id = ?",
            (milliseconds(due) if due else None, article_id),
        )

    def is_due(self, article_id: str, now: datetime) -> bool:
        """Return whether the page is due at *now*."""
        query = "SELECT 1 FROM article WHERE id = ? AND due <= ?"
        return self._database.value(query, (article_id, milliseconds(now))) is not None

    def release_all(self) -> None:
        """End the leases that a killed crawl left; the caller must hold the collection's lock."""
        self._database.execute("UPDATE article SET leased_until = NULL WHERE leased_until IS NOT NULL")

    def waiting(self, now: datetime) -> int:
        """Return how many pages are due at *now*."""
        query = "SELECT count(*) FROM article WHERE due <= ?"
        return int(self._database.value(query, (milliseconds(now),)))
