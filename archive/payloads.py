"""`KnownPayloads`: what a collection holds already, so that it is written once and referred to from then on.

Kept in SQLite beside the WARC files. A payload is known to later files only when its own file is closed: what
a crash may still cut off must not be referred to. Losing the database costs repeated payloads, nothing else.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from archive.errors import ArchiveWriteError

if TYPE_CHECKING:
    from collections.abc import Collection as Container
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payload (
    body BLOB PRIMARY KEY,         -- SHA-256 of the body as it went over the wire
    digest TEXT NOT NULL,          -- payload digest of its record
    url TEXT NOT NULL, date TEXT NOT NULL, record_id TEXT NOT NULL, file TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest (
    url TEXT PRIMARY KEY,
    digest TEXT NOT NULL, date TEXT NOT NULL, record_id TEXT NOT NULL, file TEXT NOT NULL
) WITHOUT ROWID;
"""


class Known(NamedTuple):
    """An earlier response: what a revisit record says of the one it refers to."""

    url: str
    date: str
    record_id: str
    payload_digest: str


class KnownPayloads:
    """The payloads of a collection, kept at *path*; None keeps those of this object alone, in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        #: Of the file that is being written.
        self._bodies: dict[bytes, Known] = {}
        self._latest: dict[str, Known] = {}

    def find(self, body: bytes, payload_digest: str) -> Known | None:
        """Return where the same bytes with the same *payload_digest* were written whole before.

        Raises ArchiveWriteError when the database cannot be read.
        """
        key = hashlib.sha256(body).digest()
        query = "SELECT url, date, record_id, digest FROM payload WHERE body = ?"
        known = self._bodies.get(key) or self._ask(query, key)
        return known if known and known.payload_digest == payload_digest else None

    def latest(self, url: str) -> Known | None:
        """Return the latest response for *url* that was written whole. Raises as `find` does."""
        query = "SELECT url, date, record_id, digest FROM latest WHERE url = ?"
        return self._latest.get(url) or self._ask(query, url)

    def _ask(self, query: str, key: bytes | str) -> Known | None:
        if self._path is None or not self._path.exists():
            return None
        try:
            with closing(sqlite3.connect(self._path)) as database:
                database.executescript(_SCHEMA)
                row = database.execute(query, (key,)).fetchone()
        except sqlite3.Error as error:
            raise ArchiveWriteError(f"{self._path}: {error}") from error
        return Known(*row) if row else None

    def add(self, body: bytes, known: Known) -> None:
        """Note that *body* was written whole as *known*."""
        self._bodies.setdefault(hashlib.sha256(body).digest(), known)
        self._latest[known.url] = known

    def publish(self, file: str) -> None:
        """Let later files refer to what was written into *file*, which is closed now.

        Raises ArchiveWriteError.
        """
        if self._path is None:
            return
        bodies = [(key, known, file) for key, known in self._bodies.items()]
        latest = [(known, file) for known in self._latest.values()]
        try:
            with closing(sqlite3.connect(self._path)) as database, database:
                database.executescript(_SCHEMA)
                database.executemany(
                    "INSERT OR IGNORE INTO payload VALUES (?, ?, ?, ?, ?, ?)",
                    [(key, k.payload_digest, k.url, k.date, k.record_id, name) for key, k, name in bodies],
                )
                database.executemany(
                    "INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?, ?)",
                    [(k.url, k.payload_digest, k.date, k.record_id, name) for k, name in latest],
                )
        except sqlite3.Error as error:
            raise ArchiveWriteError(f"{self._path}: {error}") from error
        self._bodies.clear()
        self._latest.clear()

    def forget(self, files: Container[str]) -> None:
        """Forget what was written into *files*, which are gone. Raises ArchiveWriteError."""
        if self._path is None or not self._path.exists():
            return
        try:
            with closing(sqlite3.connect(self._path)) as database, database:
                for table in ("payload", "latest"):
                    database.executemany(f"DELETE FROM {table} WHERE file = ?", [(name,) for name in files])  # noqa: S608
        except sqlite3.Error as error:
            raise ArchiveWriteError(f"{self._path}: {error}") from error
