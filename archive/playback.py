"""`Playback`: finds the archived exchange that answers a request, and keeps track of those played."""

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
    """Answers requests from the WARC files *sources*, which are read once.

    Raises DamagedRecordError, or NotAnArchiveError when the files hold no exchange.
    """

    def __init__(self, sources: Sequence[WarcSource]) -> None:
        self.sources = tuple(sources)
        self._index = ArchiveIndex(sources)
        if self._index.clock is None:
            names = ", ".join(map(str, sources))
            raise NotAnArchiveError(f"{names}: holds no HTTP exchange")
        #: Time of the latest exchange in the archive; aware, UTC.
        self.clock: datetime = self._index.clock
        #: Names and sizes of the files: identifies the archive, wherever it is stored.
        self.identity = [(source.name, source.path.stat().st_size) for source in sources]
        self._played: dict[tuple[datetime, int, Place], ArchivedExchange] = {}

    @property
    def played(self) -> list[ArchivedExchange]:
        """The exchanges played so far, with the failed attempts before them, in chronological order."""
        return [self._played[order] for order in sorted(self._played)]

    @property
    def undated(self) -> int:
        """Number of exchanges without a readable date."""
        return self._index.undated

    def count(self, method: str, url: str) -> int:
        """Return the number of good responses for *url*: whole, status 2xx or 3xx, not 304."""
        return len(self._good(self._index.find(method, url)))

    def answer(self, method: str, url: str, number: int = -1) -> ArchivedExchange | None:
        """Return good response *number* for *url*, by default the latest; else the last whole one; else None.

        The failed attempts just before it were part of the crawl, so they count as played.
        """
        known = self._index.find(method, url)
        good = self._good(known)
        whole = [n for n, exchange in enumerate(known) if exchange.status and exchange.complete]
        chosen = good[number] if good else max(whole, default=-1)
        first = chosen
        while first > 0 and first - 1 not in good:
            first -= 1
        # Failed attempts after the latest good response belong to that response.
        last = chosen + 1 if good and chosen != good[-1] else len(known)
        for exchange in known[max(first, 0) : last]:
            self._played[exchange.order] = exchange
        return known[chosen] if chosen >= 0 else None

    def holds(self, method: str, url: str) -> bool:
        """Return whether the archive holds any exchange for *url*, even a truncated or unreadable one."""
        return bool(self._index.find(method, url))

    @staticmethod
    def _good(known: Sequence[ArchivedExchange]) -> list[int]:
        """Return the positions of the good responses in *known*."""
        return [
            n
            for n, exchange in enumerate(known)
            if exchange.complete and exchange.status in _GOOD and exchange.status != _NOT_MODIFIED
        ]
