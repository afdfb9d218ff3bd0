"""The database under `State`: SQLite in WAL mode, brought to the present schema when it is opened."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.errors import StateError
from crawler.state.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_CACHE_KIB = 16_384


class Database:
    """The SQLite database at *path*; None keeps it in memory.

    Raises StateError, from the constructor and from every method, when it cannot be used.
    """

    def __init__(self, path: Path | None) -> None:
        self._name = path or "state"
        self._depth = 0
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
                    f"{self._name}: schema version {version} is of a newer banluu than this one, which knows"
                    f" {len(MIGRATIONS)}"
                )
            for step in MIGRATIONS[version:]:
                for statement in _statements(step):
                    self.execute(statement)
            self.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StateError(f"{self._name}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that is done within, or nothing of it. May be nested: the outermost one counts."""
        self._depth += 1
        try:
            if self._depth == 1:
                self.execute("BEGIN IMMEDIATE")
            yield
        except BaseException:
            if self._depth == 1 and self._connection.in_transaction:
                with self._errors():
                    self._connection.rollback()
            raise
        else:
            if self._depth == 1:
                self.execute("COMMIT")
        finally:
            self._depth -= 1

    def execute(self, query: str, values: Sequence[Any] = ()) -> int:
        """Run *query*; return how many rows it changed."""
        with self._errors():
            return self._connection.execute(query, values).rowcount

    def execute_all(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run *query* with each of *rows*."""
        with self._errors():
            self._connection.executemany(query, rows)

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that *query* gives."""
        with self._errors():
            yield from self._connection.execute(query, values)

    def row(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row that *query* gives; None without one."""
        with self._errors():
            found: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return found

    def value(self, query: str, values: Sequence[Any] = ()) -> Any:
        """Return the first value of the first row that *query* gives; None without one."""
        found = self.row(query, values)
        return found[0] if found else None

    def close(self) -> None:
        """Close the database."""
        with self._errors():
            self._connection.close()


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of *script*: not `executescript`, which would end the transaction around it."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
