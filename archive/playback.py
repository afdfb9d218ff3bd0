"""`Playback`: which archived exchange answers a request, and what has been played so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.errors import NotAnArchiveError
from archive.index import ArchivedExchange, ArchiveIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archive.index import Place
    from archive.sources import WarcSource

_GOOD = range(200, 400)
_NOT_MODIFIED = 304


class Playback:
    """Answers requests out of the WARC files *sources*, which are read once.

    Raises DamagedRecordError, or NotAnArchiveError when the files hold no exchange.
    """

    def __init__(self, sources: Sequence[WarcSource]) -> None:
        self.sources = tuple(sources)
        self._index = ArchiveIndex(sources)
        if self._index.clock is None:
            names = ", ".join(map(str, sources))
            raise NotAnArchiveError(f"{names}: holds no HTTP exchange")
        #: The archive's own time, that of its latest exchange; aware, UTC.
        self.clock: datetime = self._index.clock
        #: What the archive is, the same wherever it lies: names and sizes of its files.
        self.identity = [(source.name, source.path.stat().st_size) for source in sources]
        self._played: dict[tuple[datetime, int, Place], ArchivedExchange] = {}

    @property
    def played(self) -> list[ArchivedExchange]:
        """What answered so far, with the failed tries before it, in the order of time."""
        return [self._played[order] for order in sorted(self._played)]

    @property
    def undated(self) -> int:
        """How many exchanges the archive dates in no way that can be read."""
        return self._index.undated

    def count(self, method: str, url: str) -> int:
        """Return how many good answers for *url* the archive holds."""
        return len(self._good(self._index.find(method, url)))

    def answer(self, method: str, url: str, number: int = -1) -> ArchivedExchange | None:
        """Return the good answer *number* for *url* (default: the latest), else any whole one, else None.

        The tries that failed just before it were part of the crawl too, and count as played.
        """
        known = self._index.find(method, url)
        good = self._good(known)
        whole = [n for n, exchange in enumerate(known) if exchange.status and exchange.complete]
        chosen = good[number] if good else max(whole, default=-1)
        first = chosen
        while first > 0 and first - 1 not in good:
            first -= 1
        # After the latest good answer, what failed belongs to nothing else.
        last = chosen + 1 if good and chosen != good[-1] else len(known)
        for exchange in known[max(first, 0) : last]:
            self._played[exchange.order] = exchange
        return known[chosen] if chosen >= 0 else None

    def holds(self, method: str, url: str) -> bool:
        """Tell whether the archive holds any exchange for *url*, be it cut or garbage."""
        return bool(self._index.find(method, url))

    @staticmethod
    def _good(known: Sequence[ArchivedExchange]) -> list[int]:
        """Return which of the exchanges brought what was asked for."""
        return [
            n
            for n, exchange in enumerate(known)
            if exchange.complete and exchange.status in _GOOD and exchange.status != _NOT_MODIFIED
        ]
