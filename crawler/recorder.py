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
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals

from archive import ArchiveError, Collection, Playback, WarcWriter, find_sources
from archive.records import WARC_FORMAT
from archive.writer import RotationLimits
from crawler.errors import CrawlError
from crawler.items import Article
from crawler.job import Job, mend_items
from crawler.state import State
from crawler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from archive import Capture, Exchange

logger = logging.getLogger(__name__)

_NAMESPACE = uuid.UUID("b2a0b0f6-5d3c-5e0c-9d0f-62616e6c7575")
_LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingOptions:
    """How a crawl is to be recorded."""

    #: Where collections lie.
    folder: Path
    archive_enabled: bool
    limits: RotationLimits
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
        self._stats = stats
        self.started = playback.clock if playback else datetime.now(UTC)
        suffix = _fingerprint(playback, options.arguments) if playback else f"{self.started:%f}"
        job = f"{self.started:%Y%m%d%H%M%S}-{suffix}"
        self.collection.acquire(f"job {job}")
        try:
            self.collection.mend(logger.warning)
            self._state = State(self.collection.root / "state.sqlite")
            mend_items(self.collection, self._state, logger.warning)
            writer = self._writer(job, options) if options.archive_enabled else None
            # The revisions of a replay are those within its archive, whatever else was crawled.
            known = State(None) if playback else self._state
            self.job = Job(self.collection, job, writer, known)
            self._state.begin_run(job, self.started)
        except (ArchiveError, CrawlError):
            self.collection.release()
            raise
        self._spool = sqlite3.connect("")
        self._spool.execute("CREATE TABLE article (file TEXT, offset INTEGER, id TEXT, line TEXT)")

    def _writer(self, job: str, options: RecordingOptions) -> WarcWriter:
        return WarcWriter(
            self.collection,
            job,
            options.warcinfo,
            limits=options.limits,
            clock=self._now,
            new_id=_derived_ids(job) if self.playback else _random_id,
        )

    def _now(self) -> datetime:
        return self.started if self.playback else datetime.now(UTC)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        settings = crawler.settings
        paths = [Path(part.strip()) for part in settings["REPLAY"].split(",") if part.strip()]
        playback = Playback(find_sources(paths)) if paths else None
        options = RecordingOptions(
            folder=Path(settings["ARCHIVE_DIR"]),
            archive_enabled=settings.getbool("ARCHIVE_ENABLED"),
            limits=RotationLimits(
                max_bytes=settings.getint("ARCHIVE_MAX_BYTES"),
                max_age=timedelta(seconds=settings.getint("ARCHIVE_MAX_AGE")),
            ),
            arguments=getattr(crawler.spider, "given", {}),
            warcinfo=_warcinfo(settings["USER_AGENT"], live=playback is None),
        )
        recorder = cls(crawler.spidercls.name, options, playback, crawler.stats)
        crawler.signals.connect(recorder.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(recorder.release, signal=signals.engine_stopped)
        return recorder

    @property
    def default_since(self) -> datetime | None:
        """From when on a crawl looks that was not told: the last finished run, else a day back.

        None in a replay: it covers all that its archive announces.
        """
        if self.playback:
            return None
        return self._state.last_finished() or self.started - _LOOK_BACK

    def knows(self, article_id: str) -> bool:
        """Tell whether the article was stored by an earlier crawl. Never so in a replay."""
        return not self.playback and self._state.knows(article_id)

    def record(self, exchange: Exchange) -> Capture | None:
        """Archive an exchange of a live crawl; return where its response lies.

        Raises ArchiveWriteError, and remembers it: the crawl must not go on unrecorded.
        """
        try:
            capture = self.job.record(exchange)
        except ArchiveError as error:
            self.error = self.error or error
            raise
        self._stats.inc_value("archive/exchanges")
        if exchange.truncated:
            self._stats.inc_value(f"archive/truncated/{exchange.truncated}")
        return capture

    def store(self, article: Article) -> Article | None:
        """Store an article; return it with its revision, or None when it is known as it is."""
        if self.playback and article.capture:
            row = article.capture.file, article.capture.offset, article.id, article.to_json()
            self._spool.execute("INSERT INTO article VALUES (?, ?, ?, ?)", row)
            return article
        try:
            return self._store(article)
        except (ArchiveError, CrawlError) as error:
            self.error = self.error or error
            raise

    def _store(self, article: Article) -> Article | None:
        stored = self.job.store(article)
        if stored is None:
            self._stats.inc_value("articles/unchanged")
        else:
            kind = "new" if stored.revision.number == 1 else "revised"
            self._stats.inc_value(f"articles/{kind}")
        return stored

    def spider_closed(self, reason: str) -> None:
        try:
            if self.playback and reason != "finished":
                # Half a replay must not look like a whole one.
                self.job.discard()
                return
            for article in self._written_replay():
                self._state.remember(article, self.job.name)
            self.job.close()
            if reason == "finished" and self.error is None:
                self._state.finish_run(self.job.name, self._now())
        except (ArchiveError, CrawlError) as error:
            self.error = self.error or error
            logger.error("%(error)s", {"error": error})  # noqa: TRY400  one clear line
        self._stats.set_value("archive/bytes", self.job.bytes_archived)

    def _written_replay(self) -> list[Article]:
        """Write what a replay gathered; return the articles."""
        stored = []
        for exchange in self.playback.played if self.playback else ():
            capture = self.job.record(exchange.read())
            self._stats.inc_value("archive/exchanges")
            own = exchange.capture
            query = "SELECT line FROM article WHERE file = ? AND offset = ? ORDER BY id, line"
            for (line,) in self._spool.execute(query, (own.file, own.offset)):
                article = replace(Article.from_json(line), capture=capture or own)
                if article := self._store(article):  # type: ignore[assignment]
                    stored.append(article)
        return stored

    def release(self) -> None:
        """Let others use the collection."""
        self._state.close()
        self.collection.release()


def _fingerprint(playback: Playback, arguments: dict[str, str]) -> str:
    """Return a short name for a replay: the same archive, arguments and version give the same."""
    told: list[Any] = [playback.identity, sorted(arguments.items()), __version__]
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


def _warcinfo(user_agent: str, *, live: bool) -> dict[str, str]:
    software = f"banluu/{__version__}"
    if live:
        software += f" Scrapy/{version('scrapy')} Python/{platform.python_version()}"
    return {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": WARC_FORMAT,
        "http-header-user-agent": user_agent,
        "payload-digest": "sha1 of the body without transfer coding; of a chunked one, of what it says",
    }
