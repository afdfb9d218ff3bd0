"""What a crawl ends with: a table on standard output, or a line on standard error, and an exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from archive import ArchiveError, ArchiveInUseError
from crawler.errors import CrawlError
from crawler.recording.recorder import Recorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_MONITOR_FAILED = 3
STEPPED_ASIDE = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try again later


def report(name: str, crawler: Crawler, error: BaseException | None) -> int:
    """Print how the crawl of *name* ended, with *error* if it raised one; return the exit status."""
    recorder = crawler.get_extension(Recorder) if error is None else None
    if recorder and recorder.error:
        error = recorder.error
    if isinstance(error, ArchiveInUseError):
        sys.stderr.write(f"{name}: steps aside: {error}\n")
        return STEPPED_ASIDE
    if isinstance(error, (ArchiveError, CrawlError)):
        sys.stderr.write(f"{name}: error: {error}\n")
        return 1
    if error is not None:
        raise error
    if recorder:
        sys.stdout.write(summary(crawler, recorder))
        sys.stdout.flush()
    if recorder and recorder.uploading and recorder.uploading.error:
        sys.stderr.write(
            f"{name}: error: not uploaded, the next crawl tries again: {recorder.uploading.error}\n"
        )
        return 1
    if crawler.stats.get_value("monitors/failed"):
        return _MONITOR_FAILED
    return 1 if crawler.stats.get_value("finish_reason") != "finished" else 0


def _missing(stats: dict[str, Any]) -> str:
    """Say how many requests the archive could not answer, and whose."""
    prefix = "replay/missing/"
    hosts = {key.removeprefix(prefix): value for key, value in stats.items() if key.startswith(prefix)}
    total = sum(hosts.values())
    return f"{total} requests, to {', '.join(sorted(hosts))}" if total else "0 requests"


def _archived(stats: dict[str, Any], recorder: Recorder) -> str:
    if not recorder.job.archives:
        return "nothing (ARCHIVE_ENABLED is False)"
    return f"{stats.get('archive/exchanges', 0)} exchanges, {stats.get('archive/bytes', 0):,} bytes"


def _uploaded(stats: dict[str, Any], recorder: Recorder) -> list[tuple[str, str]]:
    if recorder.uploading is None:
        return []
    return [("uploaded", f"{stats.get('upload/files', 0)} files, {stats.get('upload/bytes', 0):,} bytes")]


def summary(crawler: Crawler, recorder: Recorder) -> str:
    """Return the table that ends a crawl."""
    stats = crawler.stats.get_stats()

    def total(prefix: str) -> int:
        return sum(value for key, value in stats.items() if key.startswith(prefix))

    failures = [
        f"{value} {key.removeprefix('failures/')}"
        for key, value in sorted(stats.items())
        if key.startswith("failures/")
    ]
    rows = [
        ("pages", f"{total('pages/')}, of which {stats.get('pages/article', 0)} hold an article"),
        ("articles", str(stats.get("articles/new", 0))),
        ("revisions", str(stats.get("articles/revised", 0))),
        ("unchanged", str(stats.get("articles/unchanged", 0) + stats.get("pages/unmodified", 0))),
        ("failures", f"{total('failures/')}" + (f" ({', '.join(failures)})" if failures else "")),
    ]
    if recorder.state:
        removed, returned = stats.get("articles/removed", 0), stats.get("articles/returned", 0)
        rows += [
            ("removed", f"{removed}, and {returned} back again"),
            ("waiting", f"{stats.get('frontier/waiting', 0)} pages, for the next crawl"),
        ]
    if recorder.playback:
        rows.append(("not in archive", _missing(stats)))
    rows += [
        ("archived", _archived(stats, recorder)),
        *_uploaded(stats, recorder),
        ("collection", str(recorder.collection.root)),
        ("items", str(recorder.job.path) if recorder.job.path.exists() else "none"),
    ]
    lines = (f"  {label:<15}{value}\n" for label, value in rows)
    return f"{crawler.spidercls.name}\n{''.join(lines)}"
