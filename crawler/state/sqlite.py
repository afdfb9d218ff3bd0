"""The state in SQLite, in WAL mode; opening it migrates it to the current schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from crawler.errors import StateError
from crawler.state.database import Database
from crawler.state.schema import MIGRATIONS, statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_CACHE_KIB = 4_096


class Sqlite(Database):
    """The SQLite database at *path*; None keeps it in memory. *others* belong to other collections."""

    def __init__(self, path: Path | None, others: Sequence[Path] = ()) -> None:
        self._name = path or "state"
        self._others = others
        with self._errors():
            self._connection = sqlite3.connect(path or ":memory:", isolation_level=None)
        try:
            self._prepare()
        except StateError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = NORMAL")
        self.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        with self.transaction():
            version = self.value("PRAGMA user_version")
            if version > len(MIGRATIONS):
                raise StateError(
                    f"{self._name}: schema version {version} is from a newer banluu; this one reads"
                    f" versions up to {len(MIGRATIONS)}"
                )
            for statement in statements(version):
                self.execute(statement)
            self.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StateError(f"{self._name}: {error}") from error

    def _begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            with self._errors():
                self._connection.rollback()

    def execute(self, query: str, values: Sequence[Any] = ()) -> int:
        with self._errors():
            return self._connection.execute(query, values).rowcount

    def execute_all(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._errors():
            self._connection.executemany(query, rows)

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._errors():
            yield from self._connection.execute(query, values)

    def row(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self._errors():
            found: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return found

    def elsewhere(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        for path in self._others:
            # Skip a database that is missing, of another version, or being created.
            with (
                suppress(sqlite3.Error),
                closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)) as other,
            ):
                yield from other.execute(query, values).fetchall()

    def close(self) -> None:
        with self._errors():
            self._connection.close()
