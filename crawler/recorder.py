"""`Recorder`: the extension that owns a crawl's collection.

Live, exchanges and articles go to the job as they come. In a replay they are gathered, and written in
the order of the archive's time when the crawl ends: so neither concurrency nor the day it runs shows in a
byte.
"""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import sqlite3
import uuid
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.serialize import ScrapyJSONEncoder

from archive import (
    ArchiveError,
    ArchiveWriteError,
    Collection,
    Playback,
    WarcWriter,
    WriterOptions,
    find_sources,
)
from archive.records import WARC_FORMAT
from crawler.errors import ArgumentError, CrawlError
from crawler.items import Article
from crawler.job import REPLAYED, Job, mend_items
from crawler.state import State
from crawler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from scrapy.statscollectors import StatsCollector

    from archive import Capture, Exchange

logger = logging.getLogger(__name__)

_NAMESPACE = uuid.UUID("b2a0b0f6-5d3c-5e0c-9d0f-62616e6c7575")
_ENCODER = ScrapyJSONEncoder()
_LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingOptions:
    """How a crawl is to be recorded."""

    #: Where collections lie.
    folder: Path
    archive_enabled: bool
    writer: WriterOptions
    #: What the spider was asked for: a part of a replay's name.
    arguments: dict[str, str]
    warcinfo: dict[str, str]


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
        self.started = playback.clock if playback else datetime.now(UTC)
        suffix = _fingerprint(playback, options) + REPLAYED if playback else f"{self.started:%f}"
        job = f"{self.started:%Y%m%d%H%M%S}-{suffix}"
        self.collection.acquire(f"job {job}")
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
        self._state = self._open.enter_context(closing(State(self.collection.root / "state.sqlite")))
        mend_items(self.collection, self._state, logger.warning)
        # A replay knows nothing but its archive, and leaves no trace in what live crawls know.
        known = self._open.enter_context(closing(State(None))) if self.playback else self._state
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
            new_id=_derived_ids(job) if self.playback else _random_id,
        )

    def _now(self) -> datetime:
        return self.started if self.playback else datetime.now(UTC)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        playback = _playback(crawler.settings)
        options = _options(crawler, live=playback is None)
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
        return None if self.playback else self._state.last_look(edition)

    def knows(self, article_id: str) -> bool:
        """Tell whether the article was stored by an earlier crawl. Never so in a replay."""
        return not self.playback and self._state.knows(article_id)

    def record(self, exchange: Exchange) -> Capture | None:
        """Archive an exchange of a live crawl; return where its response lies.

        Raises ArchiveWriteError, and stops the crawl: it must not go on unrecorded.
        """
        try:
            capture = self.job.record(exchange)
        except ArchiveError as error:
            self._fail(error)
            raise
        if self.job.archives:
            self._stats.inc_value("archive/exchanges")
        if exchange.truncated:
            self._stats.inc_value(f"archive/truncated/{exchange.truncated}")
        return capture

    def store(self, article: Article) -> Article | None:
        """Store an article; return it with its revision, or None when it is known as it is."""
        if self.playback and article.capture:
            row = _key(article.capture), article.id, article.to_json()
            self._spool.execute("INSERT INTO item VALUES (?, ?, ?)", row)
            return article
        try:
            return self._store(article)
        except (ArchiveError, CrawlError) as error:
            self._fail(error)
            raise

    def _store(self, article: Article) -> Article | None:
        stored = self.job.store(article)
        if stored is None:
            self._stats.inc_value("articles/unchanged")
        else:
            kind = "new" if stored.revision.number == 1 else "revised"
            self._stats.inc_value(f"articles/{kind}")
        return stored

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
        try:
            self.job.note_item(request.url, capture, line.encode())
        except ArchiveError as error:
            self._fail(error)

    def _fail(self, error: Exception, *, running: bool = True) -> None:
        if self.error is None:
            self.error = error
            logger.error("Recording failed: %s", error)
            self.on_failure(running)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        try:
            if self.playback and reason != "finished":
                # Half a replay must not look like a whole one.
                self.job.discard()
                return
            self._write_replay()
            self.job.close()
            if reason == "finished" and self.error is None and not self.playback:
                for edition in getattr(spider, "editions_looked_through", ()):
                    self._state.looked_through(edition, self.started)
        except (ArchiveError, CrawlError, OSError) as error:
            self._fail(error, running=False)
        self._stats.set_value("archive/bytes", self.job.bytes_archived)

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


def _playback(settings: BaseSettings) -> Playback | None:
    """Return the archive that REPLAY names; None when it is empty."""
    if not settings["REPLAY"]:
        return None
    paths = [Path(part.strip()) for part in settings["REPLAY"].split(",") if part.strip()]
    if not paths:
        raise ArgumentError(f"REPLAY={settings['REPLAY']}: names no archive")
    playback = Playback(find_sources(paths))
    if playback.undated:
        logger.warning("%d records without a date that can be read are left out", playback.undated)
    return playback


def _options(crawler: Crawler, *, live: bool) -> RecordingOptions:
    settings = crawler.settings
    if not settings["ARCHIVE_DIR"]:
        raise ArgumentError("ARCHIVE_DIR is empty; allowed: the path of a folder")
    redacted = settings.getlist("ARCHIVE_REDACTED_HEADERS")
    return RecordingOptions(
        folder=Path(settings["ARCHIVE_DIR"]),
        archive_enabled=settings.getbool("ARCHIVE_ENABLED"),
        writer=WriterOptions(
            max_bytes=settings.getint("ARCHIVE_MAX_BYTES"),
            max_age=timedelta(seconds=settings.getint("ARCHIVE_MAX_AGE")),
            compression=settings["ARCHIVE_COMPRESSION"],
            digest=settings["ARCHIVE_DIGEST"],
            deduplicate=live and settings.getbool("ARCHIVE_DEDUPLICATE"),
            redacted=frozenset(name.strip().lower().encode() for name in redacted),
        ),
        arguments=getattr(crawler.spider, "given", {}),
        warcinfo=_warcinfo(settings, live=live),
    )


def _stop(crawler: Crawler, running: bool) -> None:  # noqa: FBT001
    """End the crawl of *crawler* if it is *running*, with an exit status that says that it failed."""

    def lose_spider() -> None:
        # Scrapy's commands exit with 1 when a crawler has no spider, and for nothing that comes later.
        crawler.spider = None

    crawler.signals.connect(lose_spider, signal=signals.engine_stopped, weak=False)
    if running:
        deferred_from_coro(crawler.engine.close_spider_async(reason="recording_failed"))


def _key(capture: Capture) -> str:
    return json.dumps(asdict(capture))


def _fingerprint(playback: Playback, options: RecordingOptions) -> str:
    """Return a short name for a replay: the same archive, arguments and version give the same."""
    told: list[Any] = [
        playback.identity,
        sorted(options.arguments.items()),
        options.archive_enabled,
        options.writer.max_bytes,
        options.writer.compression,
        options.writer.digest,
        sorted(map(str, options.writer.redacted)),
        options.warcinfo,
        __version__,
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def _random_id(_what: str) -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _derived_ids(job: str) -> Callable[[str], str]:
    """Return a function that makes a record id out of what the record is, its *n*th time."""
    seen: Counter[str] = Counter()

    def derive(what: str) -> str:
        seen[what] += 1
        return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{job} {what} {seen[what]}')}>"

    return derive


def _warcinfo(settings: BaseSettings, *, live: bool) -> dict[str, str]:
    software = f"banluu/{__version__}"
    if live:
        software += f" Scrapy/{version('scrapy')} Python/{platform.python_version()}"
    digest = settings["ARCHIVE_DIGEST"]
    return {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": WARC_FORMAT,
        "http-header-user-agent": settings["USER_AGENT"],
        "block-digest": f"{digest} of the block",
        "payload-digest": f"{digest} of the body, transfer coding undone, content coding not",
        "redacted-headers": ", ".join(settings.getlist("ARCHIVE_REDACTED_HEADERS")) or "none",
    }
