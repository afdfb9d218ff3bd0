"""`Recorder`: the extension that owns a crawl's collection.

Live, exchanges and articles go to the job as they come. In a replay they are gathered, and written in
the order of the archive's time when the crawl ends: so neither concurrency nor the day it runs shows in a
byte.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.serialize import ScrapyJSONEncoder

from archive import (
    ArchiveError,
    ArchiveWriteError,
    Collection,
    WarcWriter,
)
from crawler import clock
from crawler.errors import ArgumentError, CrawlError
from crawler.items import Article, to_json
from crawler.recording.output import REPLAYED, Job, Visited
from crawler.recording.lease import Lease, Leasing
from crawler.recording.recovery import mend_items
from crawler.recording.options import derived_ids, fingerprint, options_of, playback_of, random_id
from crawler.state import State, state_of
from crawler.recording.uploads import Uploading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

    from archive import Capture, Exchange, Playback
    from crawler.recording.options import RecordingOptions

logger = logging.getLogger(__name__)

_ENCODER = ScrapyJSONEncoder()
_ROOM_EVERY = 32  # exchanges between two looks at how much room the disk has
_LOOK_BACK = timedelta(hours=24)


class Recorder:
    """Records the crawl of the spider *name*.

    Raises ArchiveError or CrawlError from the constructor when nothing could be recorded.
    """

    def __init__(
        self, name: str, options: RecordingOptions, playback: Playback | None, stats: StatsCollector
    ) -> None:
        self.playback = playback
        self.collection = Collection(options.folder / name)
        #: What made the recording fail, if anything did.
        self.error: Exception | None = None
        #: Called once, when it does; told whether the crawl still runs.
        self.on_failure: Callable[[bool], None] = lambda _running: None
        self._stats = stats
        self._min_free = options.min_free
        self._recorded = 0
        self._lease: Lease | None = None
        self._visits: dict[Capture, Visited] = {}
        self.started = playback.clock if playback else clock.now()
        suffix = fingerprint(playback, options) + REPLAYED if playback else f"{self.started:%f}"
        job = f"{self.started:%Y%m%d%H%M%S}-{suffix}"
        self.collection.acquire(f"job {job}")
        #: What uploads closed files, if they are to be.
        self.uploading: Uploading | None = None
        self._open = ExitStack()
        self._open.callback(self.collection.release)
        try:
            self._begin(job, options)
        except (ArchiveError, CrawlError):
            self._open.close()
            raise
        except OSError as error:
            self._open.close()
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error

    def _begin(self, job: str, options: RecordingOptions) -> None:
        """Mend what a crash has left, then open everything that the job writes."""
        self.collection.mend(logger.warning)
        state = state_of(self.collection.root, options.state_url, options.revisits)
        lasting = self._open.enter_context(closing(state))
        if isinstance(state.database, Leasing):
            self._lease = Lease(state.database, options.sites, options.lease, self._fail)
            self._open.callback(self._lease.end)
        mend_items(self.collection, lasting, logger.warning)
        # A replay knows nothing but its archive, and leaves no trace in what live crawls know.
        known = self._open.enter_context(closing(State(None))) if self.playback else lasting
        #: What live crawls know; None in a replay.
        self.state = None if self.playback else lasting
        if self.state:
            if options.upload:
                self.uploading = Uploading(
                    self.collection, options.upload, self._stats, removes=options.removes
                )
            self.state.frontier.release_all()
            self.state.runs.began(job, self.started)
        writer = self._writer(job, options) if options.archive_enabled else None
        self.job = Job(self.collection, job, writer, known)
        self._spool = self._open.enter_context(closing(sqlite3.connect("")))
        self._spool.execute("CREATE TABLE item (capture TEXT, id TEXT, line TEXT)")
        self._spool.execute("CREATE INDEX by_capture ON item (capture)")

    def _writer(self, job: str, options: RecordingOptions) -> WarcWriter:
        return WarcWriter(
            self.collection,
            job,
            options.warcinfo,
            options=options.writer,
            clock=self._now,
            new_id=derived_ids(job) if self.playback else random_id,
        )

    def _now(self) -> datetime:
        return self.started if self.playback else clock.now()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        playback = playback_of(crawler.settings)
        options = options_of(crawler, live=playback is None)
        target = (options.folder / crawler.spidercls.name).resolve()
        for source in playback.sources if playback else ():
            if source.path.resolve().is_relative_to(target):
                raise ArgumentError(
                    f"REPLAY={crawler.settings['REPLAY']}: lies in the collection that this crawl writes,"
                    f" {target}; set ARCHIVE_DIR to another folder"
                )
        recorder = cls(crawler.spidercls.name, options, playback, crawler.stats)
        crawler.signals.connect(recorder.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(recorder.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(recorder.engine_stopped, signal=signals.engine_stopped)
        recorder.on_failure = partial(_stop, crawler)
        return recorder

    @property
    def may_ask(self) -> bool:
        """Whether no other crawl can have the lease of our sites, where these are leased."""
        return self._lease is None or self._lease.is_held

    def default_since(self, edition: str) -> datetime | None:
        """From when on a crawl looks at *edition* that was not told: a day before the last whole look.

        The day is for what was announced late, or could not be had then. Without any look, the last day
        counts. None in a replay: it covers all that its archive announces.
        """
        if self.playback:
            return None
        return (self.last_look(edition) or self.started) - _LOOK_BACK

    def last_look(self, edition: str) -> datetime | None:
        """Return when the last crawl began that looked all through *edition*. None in a replay."""
        return self.state.sources.last_look(edition) if self.state else None

    @contextmanager
    def required(self) -> Iterator[None]:
        """Stop the crawl when what is done within fails to be written: it must not go on unrecorded."""
        try:
            yield
        except (ArchiveError, CrawlError) as error:
            self._fail(error)
            raise

    def record(self, exchange: Exchange) -> Capture | None:
        """Archive an exchange of a live crawl; return where its response lies.

        Raises ArchiveWriteError, and stops the crawl: it must not go on unrecorded.
        """
        with self.required():
            self._check_room()
            capture = self.job.record(exchange)
        if self.job.archives:
            self._stats.inc_value("archive/exchanges")
        if exchange.truncated:
            self._stats.inc_value(f"archive/truncated/{exchange.truncated}")
        return capture

    def expect(self, capture: Capture, visit: Visited) -> None:
        """Remember until `store` that the article of *capture* comes of *visit*."""
        self._visits[capture] = visit

    def store(self, article: Article) -> Article | None:
        """Store an article; return it with its revision, or None when it is known as it is."""
        if self.playback and article.capture:
            row = _key(article.capture), article.id, article.to_json()
            self._spool.execute("INSERT INTO item VALUES (?, ?, ?)", row)
            return article
        visit = self._visits.pop(article.capture, None) if article.capture else None
        with self.required():
            return self._store(article, visit)

    def _store(self, article: Article, visit: Visited | None = None) -> Article | None:
        stored = self.job.store(article, visit)
        if stored is None:
            self._stats.inc_value("articles/unchanged")
        else:
            kind = "new" if stored.revision.number == 1 else "revised"
            self._stats.inc_value(f"articles/{kind}")
        return stored

    def _check_room(self) -> None:
        """Refuse to go on when the disk is nearly full, while all can still be closed in good order."""
        self._recorded += 1
        if self._min_free and self._recorded % _ROOM_EVERY == 1:
            free = shutil.disk_usage(self.collection.root).free
            if free < self._min_free:
                raise ArchiveWriteError(
                    f"{self.collection.root}: {free:,} bytes are free on its disk,"
                    f" ARCHIVE_MIN_FREE asks for {self._min_free:,}"
                )

    def item_scraped(self, item: object, response: Response | None) -> None:
        """Keep an item that is no article, as its project made it, beside the response that it came from."""
        request = response.request if response else None
        capture = request.meta.get("capture") if request else None
        if isinstance(item, Article) or capture is None or request is None:
            return
        try:
            line = _ENCODER.encode(item)
        except (TypeError, ValueError) as error:
            logger.warning("An item of %s is not kept in the archive: no JSON: %s", request.url, error)
            return
        if self.playback:
            self._spool.execute("INSERT INTO item VALUES (?, '', ?)", (_key(capture), line))
            return
        with suppress(ArchiveError), self.required():
            self.job.note_item(request.url, capture, line.encode())

    def _fail(self, error: Exception, *, running: bool = True) -> None:
        if self.error is None:
            self.error = error
            logger.error("Recording failed: %s", error)
            self.on_failure(running)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        self._close(spider, reason)
        if self.uploading:
            await maybe_deferred_to_future(self.uploading.finish())

    def _close(self, spider: Spider, reason: str) -> None:
        try:
            if self.playback and reason != "finished":
                # Half a replay must not look like a whole one.
                self.job.discard()
                return
            self._write_replay()
            self.job.close()
            if self.state:
                self._end(self.state, spider, reason)
        except (ArchiveError, CrawlError, OSError) as error:
            self._fail(error, running=False)
        self._stats.set_value("archive/bytes", self.job.bytes_archived)

    def _end(self, state: State, spider: Spider, reason: str) -> None:
        """Note how a live crawl ended."""
        if reason == "finished" and self.error is None:
            for edition in getattr(spider, "editions_looked_through", ()):
                state.sources.looked_through(edition, self.started)
        self._stats.set_value("articles/returned", self.job.returned)
        self._stats.set_value("frontier/waiting", state.frontier.waiting(clock.now()))
        figures = {k: v for k, v in self._stats.get_stats().items() if isinstance(v, int | float)}
        state.runs.ended(self.job.name, clock.now(), reason, figures)

    def _write_replay(self) -> None:
        """Write what a replay gathered, in the order of the archive's time."""
        for exchange in self.playback.played if self.playback else ():
            capture = self.record(exchange.read())
            query = "SELECT id, line FROM item WHERE capture = ? ORDER BY id, line"
            for article_id, line in self._spool.execute(query, (_key(exchange.capture),)):
                if article_id:
                    self._store(replace(Article.from_json(line), capture=capture or exchange.capture))
                elif capture:
                    self.job.note_item(exchange.url, capture, line.encode())

    def engine_stopped(self) -> None:
        """Close everything, and let others use the collection."""
        self._open.close()


def _stop(crawler: Crawler, running: bool) -> None:  # noqa: FBT001
    """End the crawl of *crawler* if it is *running*, with an exit status that says that it failed."""

    def lose_spider() -> None:
        # Scrapy's commands exit with 1 when a crawler has no spider, and for nothing that comes later.
        crawler.spider = None

    crawler.signals.connect(lose_spider, signal=signals.engine_stopped, weak=False)
    if running:
        deferred_from_coro(crawler.engine.close_spider_async(reason="recording_failed"))


def _key(capture: Capture) -> str:
    return to_json(capture)
