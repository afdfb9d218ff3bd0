"""`Recorder`: the extension that writes a crawl's exchanges and items.

`LiveRecorder` writes them as they come. `ReplayRecorder` gathers them and writes them when the crawl ends, in
the order of the archive's time, so that neither concurrency nor the day of the replay changes a byte.
"""

from __future__ import annotations

import logging
import shutil
from abc import ABC, abstractmethod
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.serialize import ScrapyJSONEncoder

from archive import ArchiveError, ArchiveWriteError, Collection, WarcWriter
from crawler import clock
from crawler.errors import ArgumentError, CrawlError
from crawler.items import Article
from crawler.recording.earlier import ArchivedVersions, WrittenVersions
from crawler.recording.gathered import GatheredItems
from crawler.recording.options import derived_ids, options_of, playback_of, random_id
from crawler.recording.output import CrawlOutput, Fetch
from crawler.recording.revisions import Revisions
from crawler.recording.session import CrawlSession, LiveSession, ReplaySession
from crawler.recording.uploads import BackgroundUploads
from crawler.state import FetchFacts
from crawler.state.changes import UNCONFIRMED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

    from archive import Capture, Exchange, Playback
    from crawler.recording.gathered import GatheredItem
    from crawler.recording.options import RecordingOptions
    from crawler.recording.revisions import Earlier

logger = logging.getLogger(__name__)

_ENCODER = ScrapyJSONEncoder()
_EXCHANGES_BETWEEN_DISK_CHECKS = 32


def recorder_of(crawler: Crawler) -> Recorder | None:
    """Return the recorder of *crawler*; None without `crawler.addon.ArchiveAddon`."""
    return crawler.get_extension(Recorder)  # type: ignore[type-abstract]  # of either class


def session_of(crawler: Crawler) -> CrawlSession | None:
    """Return the session of *crawler*; None without `crawler.addon.ArchiveAddon`."""
    recorder = recorder_of(crawler)
    return recorder.session if recorder else None


class Recorder(ABC):
    """Writes the crawl of *session* as *options* say."""

    session: CrawlSession

    def __init__(
        self,
        session: CrawlSession,
        options: RecordingOptions,
        stats: StatsCollector,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[str], str],
    ) -> None:
        self.session = session
        self._stats = stats
        writer = None
        if options.archive_enabled:
            writer = WarcWriter(
                session.collection,
                session.name,
                options.warcinfo,
                options=options.writer,
                clock=clock,
                new_id=new_id,
            )
        revisions = Revisions(session.state, self._earlier(), stats.inc_value)
        self.output = CrawlOutput(session.collection, session.name, writer, session.state, revisions)

    @classmethod
    @abstractmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the session of *crawler* and its recorder. Raises ArchiveError or CrawlError."""

    @abstractmethod
    def _earlier(self) -> Earlier:
        """Return what reads the version before an article again."""

    def _connect(self, crawler: Crawler) -> None:
        crawler.signals.connect(self.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.engine_stopped, signal=signals.engine_stopped)
        self.session.on_failure = partial(_stop, crawler)

    @abstractmethod
    def store(self, article: Article, fetch: Fetch | None = None) -> Article | None:
        """Store *article*; see `CrawlOutput.store`."""

    @abstractmethod
    def accepts_misplaced(self, article: Article) -> bool:
        """Return whether *article*, whose page names another one, may be stored: its text is known."""

    @abstractmethod
    def _keep_item(self, url: str, capture: Capture, line: str) -> None:
        """Archive an item that is not an article, as JSON."""

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Finish every file."""
        try:
            self._finish(spider, reason)
        except (ArchiveError, CrawlError, OSError) as error:
            self.session.fail(error, running=False)
        self._stats.set_value("archive/bytes", self.output.bytes_archived)

    @abstractmethod
    def _finish(self, spider: Spider, reason: str) -> None:
        """Finish every file of a crawl that ended for *reason*."""

    def engine_stopped(self) -> None:
        """Close everything and let others use the collection."""
        self.session.close()

    def _record(self, exchange: Exchange) -> Capture | None:
        capture = self.output.record(exchange)
        if self.output.archives:
            self._stats.inc_value("archive/exchanges")
        if exchange.truncated:
            self._stats.inc_value(f"archive/truncated/{exchange.truncated}")
        return capture

    def _store(self, article: Article, fetch: Fetch | None = None) -> Article | None:
        stored = self.output.store(article, fetch)
        if stored is None:
            self._stats.inc_value("articles/unchanged")
        else:
            kind = "new" if stored.revision.number == 1 else "revised"
            self._stats.inc_value(f"articles/{kind}")
            self._stats.inc_value("articles/unconfirmed", UNCONFIRMED in stored.flags)
        return stored

    def item_scraped(self, item: object, response: Response | None) -> None:
        """Keep an item that is not an article, as its project made it, with the response it came from."""
        request = response.request if response else None
        capture = request.meta.get("capture") if request else None
        if isinstance(item, Article) or capture is None or request is None:
            return
        try:
            line = _ENCODER.encode(item)
        except (TypeError, ValueError) as error:
            logger.warning("An item of %s cannot be archived: not JSON: %s", request.url, error)
            return
        self._keep_item(request.url, capture, line)


class LiveRecorder(Recorder):
    """Writes exchanges and items as they come."""

    session: LiveSession

    def __init__(self, session: LiveSession, options: RecordingOptions, stats: StatsCollector) -> None:
        #: Uploads finished files, if ARCHIVE_UPLOAD asks for that. First, for its URL may be refused.
        self.uploads: BackgroundUploads | None = None
        if options.upload:
            self.uploads = BackgroundUploads(
                session.collection, options.upload, stats, removes=options.removes
            )
        super().__init__(session, options, stats, clock=clock.now, new_id=random_id)
        self._min_free = options.min_free
        self._recorded = 0

    def _earlier(self) -> Earlier:
        return ArchivedVersions(self.session.collection)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        options = options_of(crawler, live=True)
        session = LiveSession(Collection(options.folder / crawler.spidercls.name), options)
        with session.opening():
            recorder = cls(session, options, crawler.stats)
        recorder._connect(crawler)
        return recorder

    def record(self, exchange: Exchange) -> Capture | None:
        """Archive an exchange; return the position of its response.

        Raises ArchiveWriteError, and stops the crawl: it must not continue unrecorded.
        """
        with self.session.required():
            self._check_free_space()
            return self._record(exchange)

    def store(self, article: Article, fetch: Fetch | None = None) -> Article | None:
        with self.session.required():
            return self._store(article, fetch)

    def accepts_misplaced(self, article: Article) -> bool:
        return self.output.is_known_text(article)

    def _keep_item(self, url: str, capture: Capture, line: str) -> None:
        with suppress(ArchiveError), self.session.required():
            self.output.keep_item(url, capture, line.encode())

    def _check_free_space(self) -> None:
        """Refuse to continue when the disk is nearly full, while every file can still be closed properly."""
        self._recorded += 1
        if self._min_free and self._recorded % _EXCHANGES_BETWEEN_DISK_CHECKS == 1:
            root = self.session.collection.root
            free = shutil.disk_usage(root).free
            if free < self._min_free:
                raise ArchiveWriteError(
                    f"{root}: {free:,} bytes are free on its disk,"
                    f" ARCHIVE_MIN_FREE asks for {self._min_free:,}"
                )

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        await super().spider_closed(spider, reason)
        if self.uploads:
            await maybe_deferred_to_future(self.uploads.finish())

    def _finish(self, spider: Spider, reason: str) -> None:
        self.output.close()
        state = self.session.state
        if reason == "finished" and self.session.error is None:
            for edition in getattr(spider, "editions_looked_through", ()):
                state.sources.record_complete_crawl(edition, self.session.started)
        self._stats.inc_value("articles/returned", self.output.returned)
        self._stats.inc_value("articles/missing", self.output.missing)
        self._stats.inc_value("articles/removed", state.removals.settle())
        self._stats.set_value("frontier/waiting", state.frontier.waiting(clock.now()))
        figures = {k: v for k, v in self._stats.get_stats().items() if isinstance(v, int | float)}
        state.crawls.ended(self.session.name, clock.now(), reason, figures)


class ReplayRecorder(Recorder):
    """Gathers articles and items; copies the exchanges that were played when the crawl ends."""

    session: ReplaySession

    def __init__(self, session: ReplaySession, options: RecordingOptions, stats: StatsCollector) -> None:
        super().__init__(
            session, options, stats, clock=lambda: session.started, new_id=derived_ids(session.name)
        )
        self._gathered = session.keep_open(closing(GatheredItems()))

    def _earlier(self) -> Earlier:
        self._versions = self.session.keep_open(closing(WrittenVersions()))
        return self._versions

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        playback = playback_of(crawler.settings)
        options = options_of(crawler, live=False)
        folder = options.folder / crawler.spidercls.name
        _refuse_own_archive(playback, folder, crawler.settings["REPLAY"])
        session = ReplaySession(Collection(folder), playback, options)
        with session.opening():
            recorder = cls(session, options, crawler.stats)
        recorder._connect(crawler)
        return recorder

    def store(self, article: Article, fetch: Fetch | None = None) -> Article | None:
        if article.capture is None:
            return self._store(article)
        self._gathered.add(article.capture, article.to_json(), article.id, fetch)
        return article

    def accepts_misplaced(self, article: Article) -> bool:  # noqa: ARG002  decided when its turn comes
        return True

    def _keep_item(self, url: str, capture: Capture, line: str) -> None:  # noqa: ARG002  its exchange has the URL
        self._gathered.add(capture, line)

    def _finish(self, spider: Spider, reason: str) -> None:  # noqa: ARG002
        if reason != "finished":
            # Half a replay must not look like a whole one.
            self.output.discard()
            return
        self._write_gathered()
        self.output.close()

    def _write_gathered(self) -> None:
        for exchange in self.session.playback.played:
            capture = self._record(exchange.read())
            for item in self._gathered.of(exchange.capture):
                if item.is_article:
                    self._store_gathered(item, capture or exchange.capture)
                elif capture:
                    self.output.keep_item(exchange.url, capture, item.line.encode())

    def _store_gathered(self, item: GatheredItem, capture: Capture) -> None:
        article = replace(Article.from_json(item.line), capture=capture)
        if item.is_misplaced and not self.output.is_known_text(article):
            return
        requested = datetime.fromisoformat(capture.date)
        facts = FetchFacts(requested=requested, kind="article", digest=capture.payload_digest)
        fetch = Fetch(facts=facts, asked_id=item.asked_id, is_misplaced=item.is_misplaced)
        if stored := self._store(article, fetch):
            self._versions.remember(stored)


def _refuse_own_archive(playback: Playback, folder: Path, given: str) -> None:
    """Raise ArgumentError if *playback* is in the collection *folder* that the crawl writes."""
    target = folder.resolve()
    if any(source.path.resolve().is_relative_to(target) for source in playback.sources):
        raise ArgumentError(
            f"REPLAY={given}: lies in the collection that this crawl writes, {target};"
            " set ARCHIVE_DIR to another folder"
        )


def _stop(crawler: Crawler, running: bool) -> None:  # noqa: FBT001
    """End the crawl of *crawler* if it is *running*, with an exit status that reports the failure."""

    def lose_spider() -> None:
        # Scrapy's commands exit with 1 when a crawler has no spider; nothing that comes later changes that.
        crawler.spider = None

    crawler.signals.connect(lose_spider, signal=signals.engine_stopped, weak=False)
    if running:
        deferred_from_coro(crawler.engine.close_spider_async(reason="recording_failed"))
