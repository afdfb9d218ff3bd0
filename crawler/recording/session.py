"""`CrawlSession`: what one crawl holds while it runs: its collection, its state and its lease.

A live crawl has a `LiveSession`, a replay a `ReplaySession`. Components take from it what they need
(`crawler.recording.recorder.session_of`) and leave the recorder alone.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from archive import ArchiveError, ArchiveWriteError, Collection
from crawler import clock
from crawler.errors import CrawlError
from crawler.recording.lease import Lease, Leasing
from crawler.recording.options import fingerprint
from crawler.recording.output import REPLAYED
from crawler.recording.recovery import recover_items
from crawler.state import State, open_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from archive import Playback
    from crawler.recording.options import RecordingOptions

logger = logging.getLogger(__name__)

_LOOK_BACK = timedelta(hours=24)
_T = TypeVar("_T")


class CrawlSession(ABC):
    """Holds *collection* for the crawl *name* until `close`.

    Raises ArchiveError or CrawlError from the constructor when nothing could be recorded.
    """

    #: What this crawl knows of articles and pages. In a replay it starts empty and is thrown away.
    state: State

    def __init__(self, collection: Collection, name: str, started: datetime) -> None:
        self.collection = collection
        #: The crawl's name: that of its JSONL, and how the state and warcinfo records refer to it.
        self.name = name
        #: Aware, UTC; in a replay the time of the archive's latest exchange.
        self.started = started
        #: The error that stopped recording, if any.
        self.error: Exception | None = None
        #: Called once when recording fails; the argument says whether the crawl still runs.
        self.on_failure: Callable[[bool], None] = lambda _running: None
        self._open = ExitStack()
        collection.acquire(f"crawl {name}")
        self._open.callback(collection.release)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Release everything if an error is raised within; an OSError becomes an ArchiveWriteError."""
        try:
            yield
        except (ArchiveError, CrawlError):
            self.close()
            raise
        except OSError as error:
            self.close()
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error

    def keep_open(self, resource: AbstractContextManager[_T]) -> _T:
        """Enter *resource* until the session is closed."""
        return self._open.enter_context(resource)

    def close(self) -> None:
        """Close the state, give back the lease, and release the collection."""
        self._open.close()

    def fail(self, error: Exception, *, running: bool = True) -> None:
        """Note that *error* stopped recording; only the first one counts."""
        if self.error is None:
            self.error = error
            logger.error("Recording failed: %s", error)
            self.on_failure(running)

    @contextmanager
    def required(self) -> Iterator[None]:
        """Stop the crawl if the archive or the state cannot be written: it must not continue unrecorded."""
        try:
            yield
        except (ArchiveError, CrawlError) as error:
            self.fail(error)
            raise

    @abstractmethod
    def default_since(self, edition: str) -> datetime | None:
        """Return the default `since` of a crawl of *edition*; None: everything."""


class LiveSession(CrawlSession):
    """The session of a crawl that sends requests."""

    def __init__(self, collection: Collection, options: RecordingOptions) -> None:
        started = clock.now()
        super().__init__(collection, f"{started:%Y%m%d%H%M%S-%f}", started)
        self._lease: Lease | None = None
        with self.opening():
            collection.mend(logger.warning)
            self.state = self.keep_open(
                closing(open_state(collection.root, options.state_url, options.schedule))
            )
            if isinstance(self.state.database, Leasing):
                self._lease = Lease(self.state.database, options.sites, options.lease, self.fail)
                self._open.callback(self._lease.end)
            recover_items(collection, self.state, logger.warning)
            self.state.frontier.release_all()
            self.state.crawls.began(self.name, started)

    @property
    def may_send(self) -> bool:
        """Whether we may send requests: false once our lease may have passed to another crawl."""
        return self._lease is None or self._lease.is_held

    def default_since(self, edition: str) -> datetime:
        """Return one day before the last complete look at *edition*; 24 hours ago without one.

        The day is for articles that were announced late or could not be fetched then.
        """
        return (self.state.sources.last_complete_crawl(edition) or self.started) - _LOOK_BACK


class ReplaySession(CrawlSession):
    """The session of a crawl that is played from the archive *playback*.

    Its clock and its knowledge are the archive's: it neither reads nor changes what live crawls know.
    """

    def __init__(self, collection: Collection, playback: Playback, options: RecordingOptions) -> None:
        self.playback = playback
        started = playback.clock
        name = f"{started:%Y%m%d%H%M%S}-{fingerprint(playback, options)}{REPLAYED}"
        super().__init__(collection, name, started)
        with self.opening():
            collection.mend(logger.warning)
            with closing(open_state(collection.root, "", options.schedule)) as live_state:
                recover_items(collection, live_state, logger.warning)
            self.state = self.keep_open(closing(State(None)))

    def default_since(self, edition: str) -> None:  # noqa: ARG002  a replay covers all that its archive announces
        return None
