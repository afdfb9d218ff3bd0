"""`KnownPayloads`: the payloads already in a collection, so that each is written once and then referred to.

Kept in SQLite beside the WARC files. Later files may refer to a payload only after its own file is closed,
because a crash can truncate an open file. Losing the database only causes payloads to be stored again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payload (
    body BLOB PRIMARY KEY,         -- SHA-256 of the body as it went over the wire
    url TEXT NOT NULL, date TEXT NOT NULL, record_id TEXT NOT NULL, digest TEXT NOT NULL, file TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest (
    page TEXT PRIMARY KEY,         -- the URL whose latest good answer this was
    url TEXT NOT NULL, date TEXT NOT NULL, record_id TEXT NOT NULL, digest TEXT NOT NULL, file TEXT NOT NULL
) WITHOUT ROWID;
"""
# Errors that do not mean that the database is damaged.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
_COLUMNS = "url, date, record_id, digest, file"


class Known(NamedTuple):
    """An earlier response stored with its payload: the fields a revisit record needs, and its file."""

    url: str
    date: str
    record_id: str
    payload_digest: str
    file: str


def key_of(body: bytes) -> bytes:
    """Return the key of *body*, as sent over the wire: its SHA-256."""
    return hashlib.sha256(body).digest()


class KnownPayloads:
    """The known payloads of a collection, in the database *path*; its WARC files are in *archive*.

    Without *path*, only payloads added to this object are known. A damaged database is renamed; one that is
    locked or cannot be written is left alone. In both cases its payloads count as unknown.
    """

    def __init__(self, path: Path | None, archive: Path) -> None:
        self._path = path
        self._archive = archive
        self._connection: sqlite3.Connection | None = None
        #: Payloads of the WARC file being written: in memory, with overflow to disk.
        self._growing: sqlite3.Connection | None = None

    def find(self, key: bytes, payload_digest: str) -> Known | None:
        """Return the response that stored the body of *key* (`key_of`) with *payload_digest*; else None."""
        query = f"SELECT {_COLUMNS} FROM payload WHERE body = ?"  # noqa: S608
        known = self._ask(query, key)
        return known if known and known.payload_digest == payload_digest else None

    def latest(self, url: str) -> Known | None:
        """Return the response that stored the payload of the latest good response for *url*; else None."""
        query = f"SELECT {_COLUMNS} FROM latest WHERE page = ?"  # noqa: S608
        return self._ask(query, url)

    def _ask(self, query: str, key: bytes | str) -> Known | None:
        if row := self._of_this_file(query, (key,)):
            return Known(*row)
        with self._database() as database:
            row = database.execute(query, (key,)).fetchone() if database else None
            known = Known(*row) if row else None
            # The file may have been moved away since.
            return known if known and (self._archive / known.file).exists() else None
        return None

    def add(self, key: bytes, known: Known) -> None:
        """Record that the response *known* stores the body of *key*."""
        self._note("INSERT OR IGNORE INTO payload", key, known)

    def add_latest(self, url: str, known: Known) -> None:
        """Record that the latest good response for *url* has the payload of *known*."""
        self._note("INSERT OR REPLACE INTO latest", url, known)

    def _note(self, insert: str, key: bytes | str, known: Known) -> None:
        if self._growing is None:
            self._growing = sqlite3.connect("", isolation_level=None)
            self._growing.executescript(f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -1024; {_SCHEMA}")
            weakref.finalize(self, self._growing.close)
        self._of_this_file(f"{insert} VALUES (?, ?, ?, ?, ?, ?)", (key, *known))

    def _of_this_file(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Run *query* on the payloads of the file being written; return its first row."""
        if self._growing:
            try:
                row: tuple[Any, ...] | None = self._growing.execute(query, values).fetchone()
            except sqlite3.Error:
                # The disk is full: payloads of this file count as unknown.
                self._growing.close()
                self._growing = None
            else:
                return row
        return None

    def publish(self) -> None:
        """Let later files refer to the payloads of the file that was just closed."""
        if self._path is None or self._growing is None:
            return
        with self._database(create=True) as database:
            if database:
                database.execute("BEGIN")
                for table in ("payload", "latest"):
                    database.executemany(
                        f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                        self._growing.execute(f"SELECT * FROM {table}"),  # noqa: S608
                    )
                database.execute("COMMIT")
        self.close()
        self._growing.close()
        self._growing = None

    def close(self) -> None:
        """Close the database; it is reopened when needed."""
        if self._connection:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _database(self, *, create: bool = False) -> Iterator[sqlite3.Connection | None]:
        """Yield the database connection; None if the database is missing or unusable.

        The `with` block ends early on a database error: locked, disk full, or damaged.
        """
        try:
            self._open(create=create)
        except sqlite3.Error as error:
            self._give_up(error)
        try:
            yield self._connection
        except sqlite3.Error as error:
            self._give_up(error)

    def _open(self, *, create: bool) -> None:
        if self._connection is None and self._path and (create or self._path.exists()):
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            self._connection.executescript(_SCHEMA)
            self._connection.execute(f"SELECT {_COLUMNS} FROM payload, latest USING ({_COLUMNS}) LIMIT 1")  # noqa: S608

    def _give_up(self, error: sqlite3.Error) -> None:
        self.close()
        if self._path and getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING:
            self._path.replace(self._path.with_name(f"{self._path.name}.damaged"))
