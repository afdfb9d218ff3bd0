"""What the commands on archives have in common: faults and progress on standard error, errors in one line."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from archive import ArchiveError
from crawler.errors import CrawlError

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn what an archive or a wrong argument raises into one line and exit status 2."""
    try:
        yield
    except (ArchiveError, CrawlError) as error:
        raise UsageError(str(error), print_help=False) from error
