"""How a crawl ended: a table on standard output or a line on standard error, and an exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from archive import ArchiveError, ArchiveInUseError
from crawler.console.progress import counted
from crawler.errors import CrawlError
from crawler.recording.recorder import LiveRecorder, recorder_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.recording.recorder import Recorder

_MONITOR_FAILED = 3
SKIPPED = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try again later


def report(name: str, crawler: Crawler, error: BaseException | None) -> int:
    """Print how the crawl of *name* ended, with *error* if it raised one; return the exit status."""
    recorder = recorder_of(crawler) if error is None else None
    if recorder and recorder.session.error:
        error = recorder.session.error
    if isinstance(error, ArchiveInUseError):
        sys.stderr.write(f"{name}: skipped: {error}\n")
        return SKIPPED
    if isinstance(error, (ArchiveError, CrawlError)):
        sys.stderr.write(f"{name}: error: {error}\n")
        return 1
    if error is not None:
        raise error
    if recorder:
        sys.stdout.write(summary(crawler, recorder))
        sys.stdout.flush()
    if isinstance(recorder, LiveRecorder) and recorder.uploads and recorder.uploads.error:
        sys.stderr.write(
            f"{name}: error: not uploaded, the next crawl tries again: {recorder.uploads.error}\n"
        )
        return 1
    if crawler.stats.get_value("monitors/failed"):
        return _MONITOR_FAILED
    return 1 if crawler.stats.get_value("finish_reason") != "finished" else 0


def summary(crawler: Crawler, recorder: Recorder) -> str:
    """Return the table that ends a crawl."""
    stats = crawler.stats.get_stats()
    failures = [
        f"{value} {key.removeprefix('failures/')}"
        for key, value in sorted(stats.items())
        if key.startswith("failures/")
    ]
    with_article = stats.get("pages/article", 0)
    rows = [
        ("pages", f"{_total(stats, 'pages/')}, {with_article} with an article{_others(stats)}"),
        ("articles", str(stats.get("articles/new", 0))),
        ("revisions", str(stats.get("articles/revised", 0))),
        ("unchanged", str(stats.get("articles/unchanged", 0) + stats.get("pages/unmodified", 0))),
        ("failures", f"{_total(stats, 'failures/')}" + (f" ({', '.join(failures)})" if failures else "")),
    ]
    rows += _live_rows(stats) if isinstance(recorder, LiveRecorder) else _replay_rows(stats)
    rows.append(("archived", _archived(stats, recorder)))
    if isinstance(recorder, LiveRecorder) and recorder.uploads:
        files = counted(stats.get("upload/files", 0), "file")
        rows.append(("uploaded", f"{files}, {counted(stats.get('upload/bytes', 0), 'byte')}"))
    path = recorder.output.path
    rows += [
        ("collection", str(recorder.session.collection.root)),
        ("items", str(path) if path.exists() else "none"),
    ]
    lines = (f"  {label:<15}{value}\n" for label, value in rows)
    return f"{crawler.spidercls.name}\n{''.join(lines)}"


def _others(stats: dict[str, Any]) -> str:
    """Return how many pages with status 200 held no article, by kind; empty if there is none."""
    prefix, known = "pages/", {"article", "unmodified", "gone"}
    kinds = {key.removeprefix(prefix): value for key, value in stats.items() if key.startswith(prefix)}
    others = [f"{kinds[kind]} {kind}" for kind in sorted(kinds.keys() - known)]
    return f"; {', '.join(others)}" if others else ""


def _total(stats: dict[str, Any], prefix: str) -> int:
    return sum(value for key, value in stats.items() if key.startswith(prefix))


def _live_rows(stats: dict[str, Any]) -> list[tuple[str, str]]:
    missing, returned, removed = (
        stats.get(f"articles/{name}", 0) for name in ("missing", "returned", "removed")
    )
    waiting = counted(stats.get("frontier/waiting", 0), "page")
    return [
        ("not served", f"{missing}, restored {returned}, removed for good {removed}"),
        ("waiting", f"{waiting}, for the next crawl"),
    ]


def _replay_rows(stats: dict[str, Any]) -> list[tuple[str, str]]:
    """Return how many requests the archive could not answer, and to which hosts."""
    prefix = "replay/missing/"
    hosts = sorted(key.removeprefix(prefix) for key in stats if key.startswith(prefix))
    missing = counted(_total(stats, prefix), "request")
    return [("not in archive", f"{missing}, to {', '.join(hosts)}" if hosts else missing)]


def _archived(stats: dict[str, Any], recorder: Recorder) -> str:
    if not recorder.output.archives:
        return "nothing (ARCHIVE_ENABLED is False)"
    exchanges = counted(stats.get("archive/exchanges", 0), "exchange")
    return f"{exchanges}, {counted(stats.get('archive/bytes', 0), 'byte')}"
