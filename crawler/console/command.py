"""What the commands on archives have in common: faults and progress on standard error, errors in one line."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import UsageError

from archive import ArchiveError, Collection
from crawler.errors import CrawlError
from crawler.state import names_at, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrapy.settings import BaseSettings

    from crawler.state import State

_SECONDS = 2.0  # between two signs of life


class Progress:
    """Says on a terminal, every two seconds, how far long work has come."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._count = 0
        self._shown = time.monotonic()
        self._width = 0

    def step(self, place: str) -> None:
        """One more is done, at *place*."""
        self._count += 1
        if sys.stderr.isatty() and time.monotonic() - self._shown >= _SECONDS:
            self._shown = time.monotonic()
            self._show(f"{self._count:,} {self._what}, {place}")

    def _show(self, text: str) -> None:
        sys.stderr.write(f"\r{text[:100].ljust(self._width)}")
        sys.stderr.flush()
        self._width = len(text[:100])

    def clear(self) -> None:
        """Take the line back, for another to be written."""
        if self._width:
            self._show("")
            sys.stderr.write("\r")
            self._width = 0


class Estimate(Progress):
    """Progress of work whose size is known: *total* things of *size* bytes together."""

    def __init__(self, what: str, total: int, size: int) -> None:
        super().__init__(f"of {total:,} {what}")
        self._size = size
        self._read = 0
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def done(self, size: int, more: str) -> None:
        """One more, of *size* bytes, is done; *more* is what there is to say besides."""
        self._read += size
        taken = time.monotonic() - self._began
        left = taken / self._read * (self._size - self._read) if self._read else 0
        wait = f"{left / 60:.0f} min" if left > 90 else f"{left:.0f} s"
        self.step(f"{self._read / 1e6:,.0f} of {self._size / 1e6:,.0f} MB, {more}, {wait} left")


def known_states(settings: BaseSettings | None, roots: Sequence[str] = ()) -> Iterator[tuple[Path, State]]:
    """Yield the collections at *roots*, or all that *settings* know of, with their states, to be closed.

    Raises ArchiveError, StateError or ArgumentError.
    """
    folder = settings["ARCHIVE_DIR"] if settings else ""
    url = settings["STATE_URL"] if settings else ""
    if url and not roots:
        for name in names_at(url):
            yield Path(folder, name), state_of(Path(folder, name), url)
        return
    for each in roots or [folder]:
        for collection in Collection.find(Path(each)):
            if url or (collection.root / "state.sqlite").exists():
                yield collection.root, state_of(collection.root, url)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn what an archive or a wrong argument raises into one line and exit status 2."""
    try:
        yield
    except (ArchiveError, CrawlError) as error:
        raise UsageError(str(error), print_help=False) from error
