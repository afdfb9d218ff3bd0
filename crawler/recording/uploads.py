"""`BackgroundUploads`: uploads a crawl's finished files while it runs, in a thread."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from twisted.internet.defer import DeferredLock
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread

from archive import ArchiveError, Uploader
from crawler.recording.output import items_folder

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.statscollectors import StatsCollector
    from twisted.internet.defer import Deferred

    from archive import Collection, Upload

logger = logging.getLogger(__name__)

_LOOK_EVERY = 60  # seconds


class BackgroundUploads:
    """Uploads the finished files of *collection*, whose lock must be held, to *url*."""

    def __init__(self, collection: Collection, url: str, stats: StatsCollector, *, removes: bool) -> None:
        self._collection = collection
        self._uploader = Uploader(collection, url, removes=removes)
        self._stats = stats
        self._one_at_a_time = DeferredLock()
        #: The error of the latest upload; failed files are tried again.
        self.error: ArchiveError | None = None
        self._looking = LoopingCall(self._look)
        self._looking.start(_LOOK_EVERY, now=False)

    def _look(self) -> Deferred[None]:
        return self._one_at_a_time.run(deferToThread, self._upload, [])

    def finish(self) -> Deferred[None]:
        """Upload whatever is left, the items too."""
        self._looking.stop()
        items = sorted(items_folder(self._collection).glob("*.jsonl"))
        return self._one_at_a_time.run(deferToThread, self._upload, items)

    def _upload(self, more: list[Path]) -> None:
        try:
            for upload in self._uploader.run(more):
                self._count(upload)
        except (ArchiveError, OSError) as error:
            # Nothing is lost: the files are here, and the next crawl tries again.
            self.error = error if isinstance(error, ArchiveError) else ArchiveError(str(error))
            logger.error("Uploading failed: %s", error)  # noqa: TRY400  the text says enough
        else:
            self.error = None

    def _count(self, upload: Upload) -> None:
        self._stats.inc_value("upload/files")
        self._stats.inc_value("upload/bytes", upload.size)
