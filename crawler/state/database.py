"""`Database`: the interface between `State` and SQLite or PostgreSQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Database(ABC):
    """A database with the current schema.

    Queries are in SQLite's dialect, with `?` for values and `min` and `max` of several values. The
    constructor and every method raise StateError when the database cannot be used.
    """

    _depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done within, or nothing. May be nested: only the outermost one commits."""
        self._depth += 1
        try:
            if self._depth == 1:
                self._begin()
            yield
        except BaseException:
            if self._depth == 1:
                self._roll_back()
            raise
        else:
            if self._depth == 1:
                self.execute("COMMIT")
        finally:
            self._depth -= 1

    @abstractmethod
    def _begin(self) -> None:
        """Begin a transaction that may write."""

    @abstractmethod
    def _roll_back(self) -> None:
        """Undo the transaction, if one is still open."""

    @abstractmethod
    def execute(self, query: str, values: Sequence[Any] = ()) -> int:
        """Run *query*; return how many rows it changed."""

    @abstractmethod
    def execute_all(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run *query* once for each of *rows*, its values."""

    @abstractmethod
    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of *query*."""

    @abstractmethod
    def elsewhere(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of *query* from the databases of other collections; skip unreadable ones."""

    @abstractmethod
    def close(self) -> None:
        """Close the database."""

    def row(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of *query*; None if it has none."""
        return next(iter(self.rows(query, values)), None)

    def value(self, query: str, values: Sequence[Any] = ()) -> Any:
        """Return the first value of the first row of *query*; None if it has none."""
        found = self.row(query, values)
        return found[0] if found else None
