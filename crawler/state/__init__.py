"""The state of a collection, kept by its crawls in a database: known articles, feeds and sitemaps, due pages.

Imports items, errors and clock; neither Scrapy nor the network. Each change is committed at once, so a killed
crawl loses nothing that it recorded. A revision is stored after its JSONL line is written; if a crash comes
between the two, `crawler.recording.recovery` reads it back from the JSONL.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.errors import ArgumentError
from crawler.state.articles import Articles, Event, Version
from crawler.state.crawls import Crawls
from crawler.state.database import Database
from crawler.state.frontier import AnnouncedArticle, DueFilter, DuePage, Frontier
from crawler.state.near_duplicates import NearDuplicates
from crawler.state.removals import Removals
from crawler.state.schedule import RECRAWL_AGES, RECRAWL_TAIL, Schedule
from crawler.state.sites import Sites
from crawler.state.sources import Sources, SourceState
from crawler.state.sqlite import Sqlite
from crawler.state.visits import FetchFacts, Visit, Visits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "RECRAWL_AGES",
    "RECRAWL_TAIL",
    "AnnouncedArticle",
    "DueFilter",
    "DuePage",
    "Event",
    "FetchFacts",
    "Schedule",
    "SourceState",
    "State",
    "Version",
    "Visit",
    "names_at",
    "open_state",
]


_SCHEDULE = Schedule()


class State:
    """The state in *database*, or in the SQLite file at that path; None keeps it in memory.

    *schedule* says when a page that was fetched is due again.

    Raises StateError, from the constructor and from every method, when the database cannot be used.
    """

    def __init__(self, database: Database | Path | None, schedule: Schedule = _SCHEDULE) -> None:
        self.database = database if isinstance(database, Database) else Sqlite(database)
        self.articles = Articles(self.database, schedule)
        self.visits = Visits(self.database, schedule)
        self.removals = Removals(self.database, self.visits, schedule)
        self.near_duplicates = NearDuplicates(self.database)
        self.frontier = Frontier(self.database)
        self.sources = Sources(self.database)
        self.sites = Sites(self.database)
        self.crawls = Crawls(self.database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything that is done within, or nothing."""
        with self.database.transaction():
            yield

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_state(root: Path, url: str, schedule: Schedule = _SCHEDULE) -> State:
    """Open the state of the collection *root*: in PostgreSQL at *url*, or in its folder if *url* is empty.

    Raises StateError, or ArgumentError if *url* is not a PostgreSQL URL or psycopg is not installed.
    """
    if not url:
        path = root / "state.sqlite"
        others = [each for each in root.parent.glob("*/state.sqlite") if each != path]
        return State(Sqlite(path, others), schedule)
    return State(_server(url).Postgresql(url, root.name), schedule)


def names_at(url: str) -> list[str]:
    """Return the names of the collections with a state in the PostgreSQL at *url*.

    Raises the errors of `open_state`.
    """
    names: list[str] = _server(url).collections_at(url)
    return names


def _server(url: str) -> Any:
    from crawler.state import postgresql  # noqa: PLC0415  most use SQLite

    if not url.startswith(("postgresql://", "postgres://")):
        shown = postgresql.without_password(url)
        raise ArgumentError(
            f"STATE_URL={shown}: allowed: postgresql://user@host/database, or empty for SQLite"
        )
    return postgresql
