"""Progress of long work, on a terminal."""

from __future__ import annotations

import sys
import time
from typing import Self

_INTERVAL = 2.0  # seconds between two updates


class Progress:
    """Shows on a terminal, every two seconds, how many of *things* are done."""

    def __init__(self, things: str) -> None:
        self._things = things
        self._count = 0
        self._shown = time.monotonic()
        self._width = 0

    def step(self, place: str) -> None:
        """Count one more, at *place*."""
        self._count += 1
        if sys.stderr.isatty() and time.monotonic() - self._shown >= _INTERVAL:
            self._shown = time.monotonic()
            self._show(f"{self._count:,} {self._things}, {place}")

    def _show(self, text: str) -> None:
        sys.stderr.write(f"\r{text[:100].ljust(self._width)}")
        sys.stderr.flush()
        self._width = len(text[:100])

    def clear(self) -> None:
        """Erase the line, so that another can be written."""
        if self._width:
            self._show("")
            sys.stderr.write("\r")
            self._width = 0


class Estimate(Progress):
    """Progress of work whose size is known: *total* things of *size* bytes in all."""

    def __init__(self, things: str, total: int, size: int) -> None:
        super().__init__(f"of {total:,} {things}")
        self._size = size
        self._read = 0
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def done(self, size: int, more: str) -> None:
        """Count one more, of *size* bytes; *more* is shown beside the figures."""
        self._read += size
        taken = time.monotonic() - self._began
        left = taken / self._read * (self._size - self._read) if self._read else 0
        wait = f"{left / 60:.0f} min" if left > 90 else f"{left:.0f} s"
        self.step(f"{self._read / 1e6:,.0f} of {self._size / 1e6:,.0f} MB, {more}, {wait} left")


def counted(number: int, thing: str) -> str:
    """Return *number* with the name of a *thing*, in the plural unless it is one: "3 articles"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
