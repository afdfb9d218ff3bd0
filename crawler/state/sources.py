"""Sources: the sitemaps, feeds and listings that announce articles, and how each was last read.

Also the last robots.txt of each site, and the last complete crawl of each edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.clock import is_day, milliseconds, moment

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.state.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How a source was last read to its end."""

    #: The editions for which it was read, separated by commas.
    editions: str = ""
    #: Entries from this moment on were taken; None: all.
    since: datetime | None = None
    #: Its date in the sitemap index.
    lastmod: datetime | None = None
    etag: str | None = None
    #: The Last-Modified header, unparsed.
    last_modified: str | None = None
    #: When it was read, by the server's clock; aware.
    server_time: datetime | None = None

    def is_older_than(self, lastmod: datetime | None) -> bool:
        """Return whether the source may have changed since, given its current *lastmod* in the index.

        A date without a time counts to the end of its day, any other to the end of its minute.
        """
        if lastmod is None or self.lastmod is None or self.server_time is None or lastmod > self.lastmod:
            return True
        return lastmod + (timedelta(days=1) if is_day(lastmod) else timedelta(minutes=1)) > self.server_time

    def covers(self, editions: str, since: datetime | None) -> bool:
        """Return whether it took every entry that a reading for *editions* and *since* would take."""
        reaches = self.since is None or (since is not None and self.since <= since)
        return self.editions == editions and reaches


class Sources:
    """The sources, robots.txt files and editions in *database*."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def key(self, url: str) -> int:
        """Return the key of the source at *url*; add the source if it is not known."""
        self._database.execute("INSERT INTO source (url) VALUES (?) ON CONFLICT (url) DO NOTHING", (url,))
        return int(self._database.value("SELECT key FROM source WHERE url = ?", (url,)))

    def last_read(self, url: str) -> SourceState | None:
        """Return how the source at *url* was last read to its end; None if it never was."""
        query = (
            "SELECT scope, since, lastmod, etag, modified, read_there FROM source"
            " WHERE url = ? AND read IS NOT NULL"
        )
        row = self._database.row(query, (url,))
        if row is None:
            return None
        editions, since, lastmod, etag, modified, there = row
        return SourceState(
            editions=editions,
            since=None if since is None else moment(since),
            lastmod=None if lastmod is None else moment(lastmod),
            etag=etag,
            last_modified=modified,
            server_time=None if there is None else moment(there),
        )

    def record_reading(self, url: str, state: SourceState, now: datetime) -> None:
        """Record that the source at *url* was read to its end at *now*."""
        self._database.execute(
            "INSERT INTO source (url, scope, since, lastmod, etag, modified, read, read_there)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET"
            " scope = excluded.scope, since = excluded.since,"
            " lastmod = excluded.lastmod, etag = excluded.etag, modified = excluded.modified,"
            " read = excluded.read, read_there = excluded.read_there",
            (
                url,
                state.editions,
                milliseconds(state.since) if state.since else None,
                milliseconds(state.lastmod) if state.lastmod else None,
                state.etag,
                state.last_modified,
                milliseconds(now),
                milliseconds(state.server_time) if state.server_time else None,
            ),
        )

    def robots(self, url: str) -> tuple[bytes, datetime] | None:
        """Return the stored robots.txt of *url* and when it was fetched; None if there is none."""
        row = self._database.row("SELECT body, read FROM source WHERE url = ? AND body IS NOT NULL", (url,))
        return (row[0], moment(row[1])) if row else None

    def keep_robots(self, url: str, body: bytes, now: datetime) -> None:
        """Store the robots.txt at *url* as fetched at *now*."""
        self._database.execute(
            "INSERT INTO source (url, body, read) VALUES (?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET body = excluded.body, read = excluded.read",
            (url, body, milliseconds(now)),
        )

    def record_complete_crawl(self, edition: str, started: datetime) -> None:
        """Record that a crawl started at *started* (aware) read every announcement of *edition*."""
        self._database.execute(
            "INSERT INTO edition VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET looked = excluded.looked",
            (edition, milliseconds(started)),
        )

    def last_complete_crawl(self, edition: str) -> datetime | None:
        """Return the start of the last crawl that read every announcement of *edition*; None without one."""
        looked = self._database.value("SELECT looked FROM edition WHERE name = ?", (edition,))
        return None if looked is None else moment(looked)
