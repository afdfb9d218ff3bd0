"""What crawls of a collection know, in a database: articles, what announces them, what is due.

Every change is committed at once, so that a killed crawl leaves what it had noted. A revision follows its
JSONL line; what a crash kept from following is read back from the JSONL (`crawler.recording.output`).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.errors import ArgumentError
from crawler.state.articles import Articles, Event, FetchFacts
from crawler.state.crawls import Crawls
from crawler.state.database import Database
from crawler.state.frontier import AnnouncedArticle, DueFilter, DuePage, Frontier
from crawler.state.near_duplicates import NearDuplicates
from crawler.state.sites import Sites
from crawler.state.sources import Sources, SourceState
from crawler.state.sqlite import Sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = [
    "REVISITS",
    "AnnouncedArticle",
    "DueFilter",
    "DuePage",
    "Event",
    "FetchFacts",
    "SourceState",
    "State",
    "names_at",
    "open_state",
]

#: At which ages, in seconds, a page is visited again: 1 h, 6 h, 1 d, 7 d, 30 d.
REVISITS = (3_600, 21_600, 86_400, 604_800, 2_592_000)


class State:
    """The state in *database*, or in the SQLite file at that path; None keeps it in memory.

    *revisits* are ages in seconds.

    Raises StateError, from the constructor and from every method, when the database cannot be used.
    """

    def __init__(self, database: Database | Path | None, revisits: Sequence[int] = REVISITS) -> None:
        self.database = database if isinstance(database, Database) else Sqlite(database)
        self.articles = Articles(self.database, revisits)
        self.near_duplicates = NearDuplicates(self.database)
        self.frontier = Frontier(self.database)
        self.sources = Sources(self.database)
        self.sites = Sites(self.database)
        self.crawls = Crawls(self.database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that is done within, or nothing of it."""
        with self.database.transaction():
            yield

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_state(root: Path, url: str, revisits: Sequence[int] = REVISITS) -> State:
    """Return the state of the collection *root*: in the PostgreSQL at *url*; in its folder if that is empty.

    Raises StateError, or ArgumentError where *url* is of no database that can be used.
    """
    if not url:
        path = root / "state.sqlite"
        others = [each for each in root.parent.glob("*/state.sqlite") if each != path]
        return State(Sqlite(path, others), revisits)
    return State(_server(url).Postgresql(url, root.name), revisits)


def names_at(url: str) -> list[str]:
    """Return the names of the collections with a state in the PostgreSQL at *url*; raises as `open_state`."""
    names: list[str] = _server(url).collections_at(url)
    return names


def _server(url: str) -> Any:
    from crawler.state import postgresql  # noqa: PLC0415  not needed by most

    if not url.startswith(("postgresql://", "postgres://")):
        told = postgresql.hidden(url)
        raise ArgumentError(
            f"STATE_URL={told}: allowed: postgresql://user@host/database, or empty for SQLite"
        )
    return postgresql
