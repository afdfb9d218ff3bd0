"""What earlier crawls of a collection found, in SQLite beside it.

WAL journal, one commit a change, so that a killed crawl leaves what it had committed. A row follows its
JSONL line; what a crash kept from following is read back from the JSONL (`crawler.job`).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.errors import StateError
from crawler.items import Revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.items import Article

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE edition (
    name TEXT PRIMARY KEY,
    looked TEXT NOT NULL           -- when the last crawl began that looked all through it
) WITHOUT ROWID;
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    fields TEXT NOT NULL,          -- JSON: a digest of each field of the latest revision
    job TEXT NOT NULL
) WITHOUT ROWID;
"""

# What belongs to the page around an article, or to its capture, is no change of the article.
_NOT_CONTENT = {"url", "canonical_url", "related", "copy_of", "revision", "flags", "extractor", "capture"}


def field_digests(article: Article) -> dict[str, str]:
    """Return a short digest of each field that makes up the article itself."""
    return {
        name: hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]
        for name, value in asdict(article).items()
        if name not in _NOT_CONTENT
    }


class State:
    """The state database at *path*; None keeps it in memory.

    Raises StateError, from the constructor and from every method, when the database cannot be used.
    """

    def __init__(self, path: Path | None) -> None:
        self._name = path or "state"
        with self._errors():
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        try:
            self._prepare()
        except StateError:
            self._db.close()
            raise

    def _prepare(self) -> None:
        with self._errors():
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;")
            elif version != _SCHEMA_VERSION:
                raise StateError(f"{self._name}: schema version {version}, not {_SCHEMA_VERSION}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StateError(f"{self._name}: {error}") from error

    def looked_through(self, edition: str, begun: datetime) -> None:
        """Note that a crawl begun at *begun* (aware) has seen all that *edition* announced until then."""
        with self._errors():
            self._db.execute(
                "INSERT INTO edition VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET looked = excluded.looked",
                (edition, begun.isoformat()),
            )

    def last_look(self, edition: str) -> datetime | None:
        """Return when the last crawl began that looked all through *edition*."""
        with self._errors():
            query = "SELECT looked FROM edition WHERE name = ?"
            row = self._db.execute(query, (edition,)).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def knows(self, article_id: str) -> bool:
        """Tell whether any revision of the article has been stored."""
        with self._errors():
            query = "SELECT 1 FROM article WHERE id = ?"
            return self._db.execute(query, (article_id,)).fetchone() is not None

    def revision_of(self, article: Article) -> Revision | None:
        """Return which revision *article* is; None when it says what the latest one says."""
        with self._errors():
            query = "SELECT revision, fields FROM article WHERE id = ?"
            row = self._db.execute(query, (article.id,)).fetchone()
        if row is None:
            return Revision()
        number, known = row[0], json.loads(row[1])
        digests = field_digests(article)
        changed = [name for name in digests if digests[name] != known.get(name)]
        return Revision(number=number + 1, changed=changed) if changed else None

    def remember(self, article: Article, job: str) -> None:
        """Store *article* as the latest revision of itself, unless a later one is known."""
        fields = json.dumps(field_digests(article))
        with self._errors():
            self._db.execute(
                "INSERT INTO article (id, revision, fields, job) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET"
                " revision = excluded.revision, fields = excluded.fields, job = excluded.job"
                " WHERE excluded.revision > article.revision",
                (article.id, article.revision.number, fields, job),
            )

    def close(self) -> None:
        """Close the database."""
        with self._errors():
            self._db.close()
