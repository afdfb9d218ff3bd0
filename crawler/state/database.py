"""What `State` asks of a database: the SQL that SQLite and PostgreSQL both know, in transactions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Database(ABC):
    """A database at the present schema.

    Queries are SQLite's, with `?` for values and `min` and `max` of several values. Raises StateError, from
    the constructor and from every method, when it cannot be used.
    """

    _depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that is done within, or nothing of it. May be nested: the outermost one counts."""
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
        """End the transaction, if there still is one, as if it had not been."""

    @abstractmethod
    def execute(self, query: str, values: Sequence[Any] = ()) -> int:
        """Run *query*; return how many rows it changed."""

    @abstractmethod
    def execute_all(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run *query* with each of *rows*."""

    @abstractmethod
    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that *query* gives."""

    @abstractmethod
    def elsewhere(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield what *query* gives in the databases of other collections, of those that can be read."""

    @abstractmethod
    def close(self) -> None:
        """Close the database."""

    def row(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row that *query* gives; None without one."""
        return next(iter(self.rows(query, values)), None)

    def value(self, query: str, values: Sequence[Any] = ()) -> Any:
        """Return the first value of the first row that *query* gives; None without one."""
        found = self.row(query, values)
        return found[0] if found else None
