"""What crawls of a collection know, in a database beside it: articles, what announces them, what is due.

Every change is committed at once, so that a killed crawl leaves what it had noted. A revision follows its
JSONL line; what a crash kept from following is read back from the JSONL (`crawler.job`).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.state.articles import Answer, Articles, Event
from crawler.state.copies import Copies
from crawler.state.database import Database
from crawler.state.frontier import Frontier, Scope, Visit, Wanted
from crawler.state.runs import Runs
from crawler.state.sites import Sites
from crawler.state.sources import Reading, Sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["REVISITS", "Answer", "Event", "Reading", "Scope", "State", "Visit", "Wanted"]

#: At which ages, in seconds, a page is visited again: 1 h, 6 h, 1 d, 7 d, 30 d.
REVISITS = (3_600, 21_600, 86_400, 604_800, 2_592_000)


class State:
    """The state database at *path*; None keeps it in memory. *revisits* are ages in seconds.

    *others* are the databases of collections beside this one, where copies of its articles may be known.

    Raises StateError, from the constructor and from every method, when the database cannot be used.
    """

    def __init__(
        self, path: Path | None, revisits: Sequence[int] = REVISITS, others: Sequence[Path] = ()
    ) -> None:
        self.database = Database(path)
        self.articles = Articles(self.database, revisits)
        self.copies = Copies(self.database, others)
        self.frontier = Frontier(self.database)
        self.sources = Sources(self.database)
        self.sites = Sites(self.database)
        self.runs = Runs(self.database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that is done within, or nothing of it."""
        with self.database.transaction():
            yield

    def close(self) -> None:
        """Close the database."""
        self.database.close()
