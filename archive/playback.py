"""`Playback`: which archived exchange answers a request, and what has been played so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.errors import NotAnArchiveError
from archive.index import ArchivedExchange, ArchiveIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archive.sources import WarcSource

_SERVER_ERROR = 500


class Playback:
    """Answers requests out of the WARC files *sources*, which are read once.

    Raises DamagedRecordError, or NotAnArchiveError when the files hold no exchange.
    """

    def __init__(self, sources: Sequence[WarcSource]) -> None:
        self._index = ArchiveIndex(sources)
        if self._index.clock is None:
            names = ", ".join(map(str, sources))
            raise NotAnArchiveError(f"{names}: holds no HTTP exchange")
        #: The archive's own time, that of its latest exchange; aware, UTC.
        self.clock: datetime = self._index.clock
        #: What the archive is, the same wherever it lies: names and sizes of its files.
        self.identity = [(source.name, source.path.stat().st_size) for source in sources]
        self._played: dict[tuple[str, str, int], ArchivedExchange] = {}

    @property
    def played(self) -> list[ArchivedExchange]:
        """What answered so far, with the failed tries before it, in the order of time."""
        return [self._played[order] for order in sorted(self._played)]

    def answer(self, method: str, url: str) -> ArchivedExchange | None:
        """Return the latest good exchange for *url*, else the latest whole answer, else None.

        The tries that failed just before it were part of the crawl too, and count as played.
        """
        known = self._index.find(method, url)
        whole = [n for n, exchange in enumerate(known) if exchange.status and exchange.complete]
        good = [n for n in whole if known[n].status < _SERVER_ERROR]
        chosen = max(good or whole, default=None)
        if chosen is None:
            return None
        first = chosen
        while first > 0 and first - 1 not in good:
            first -= 1
        for exchange in known[first : chosen + 1]:
            self._played[exchange.order] = exchange
        return known[chosen]
