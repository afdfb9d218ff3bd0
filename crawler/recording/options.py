"""How a crawl is recorded: the settings as values, and what is derived from them."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import Playback, WriterOptions, find_sources
from archive.records import WARC_FORMAT
from crawler.domains import site_of_host
from crawler.errors import ArgumentError
from crawler.state import Schedule
from crawler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_NAMESPACE = uuid.UUID("b2a0b0f6-5d3c-5e0c-9d0f-62616e6c7575")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingOptions:
    """How a crawl is recorded."""

    #: The folder of collections.
    folder: Path
    archive_enabled: bool
    writer: WriterOptions
    #: Bytes that must stay free on the disk.
    min_free: int = 0
    #: URL that finished files are uploaded to, or empty; and whether WARC files are removed after that.
    upload: str = ""
    removes: bool = False
    #: URL of the state's database; empty: beside the archive.
    state_url: str = ""
    #: Seconds for which a crawl leases its sites there, and the names that it leases.
    lease: float = 60
    sites: tuple[str, ...] = ()
    #: When pages are fetched again.
    schedule: Schedule = field(default_factory=Schedule)
    #: The spider's arguments: a part of a replay's name.
    arguments: dict[str, str]
    warcinfo: dict[str, str]


def playback_of(settings: BaseSettings) -> Playback:
    """Return the archive that REPLAY names. Raises ArgumentError or ArchiveError."""
    paths = [Path(part.strip()) for part in settings["REPLAY"].split(",") if part.strip()]
    if not paths:
        raise ArgumentError(f"REPLAY={settings['REPLAY']}: names no archive")
    playback = Playback(find_sources(paths))
    if playback.undated:
        logger.warning("%d records without a readable date are left out", playback.undated)
    return playback


def options_of(crawler: Crawler, *, live: bool) -> RecordingOptions:
    """Return how the crawl of *crawler* is recorded. Raises ArgumentError."""
    settings = crawler.settings
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
        min_free=settings.getint("ARCHIVE_MIN_FREE") if live else 0,
        schedule=Schedule(
            ages=tuple(int(age) for age in settings.getlist("STATE_REVISITS")),
            tail=settings.getint("STATE_REVISITS_TAIL"),
        ),
        upload=settings["ARCHIVE_UPLOAD"],
        removes=settings.getbool("ARCHIVE_UPLOAD_REMOVE"),
        state_url=settings["STATE_URL"] if live else "",
        lease=settings.getfloat("STATE_LEASE"),
        sites=_sites_of(crawler),
        arguments=getattr(crawler.spider, "given", {}),
        warcinfo=_warcinfo(settings, live=live),
    )


def _sites_of(crawler: Crawler) -> tuple[str, ...]:
    """Return the names to lease: the spider's collection, and the sites it sends requests to."""
    hosts = getattr(crawler.spider, "allowed_domains", None) or ()
    return (lease_of(crawler.spidercls.name), *sorted({site_of_host(host) for host in hosts}))


def fingerprint(playback: Playback, options: RecordingOptions) -> str:
    """Return a short name for a replay, the same for the same archive, arguments and version."""
    parts: list[Any] = [
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
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


def random_id(_what: str) -> str:
    """Return a unique record id."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def derived_ids(crawl: str) -> Callable[[str], str]:
    """Return a function that derives a record id from a description of the record and its count."""
    seen: Counter[str] = Counter()

    def derive(what: str) -> str:
        seen[what] += 1
        return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{crawl} {what} {seen[what]}')}>"

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


def lease_of(spider: str) -> str:
    """Return the name under which a crawl of *spider* leases its collection."""
    return f"collection {spider}"
