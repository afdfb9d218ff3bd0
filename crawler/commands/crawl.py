"""`scrapy crawl`, ended by a summary, and by a clear line and an exit status when it cannot run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from archive import ArchiveError, ArchiveInUseError
from crawler.errors import CrawlError
from crawler.recorder import Recorder

if TYPE_CHECKING:
    import argparse
    from asyncio import Task

    from scrapy.crawler import Crawler

_MONITOR_FAILED = 3
_STEPPED_ASIDE = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try again later


class Command(crawl.Command):
    """Run a spider; print what it found and where that lies."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give the name of one spider")
        assert self.crawler_process is not None  # noqa: S101  Scrapy's own idiom
        try:
            crawler = self._create_crawler(args[0])
        except KeyError as error:
            names = ", ".join(self.crawler_process.spider_loader.list())
            message = f"no spider {args[0]!r}; there are: {names}"
            raise UsageError(message, print_help=False) from error
        task = cast("Task[None]", self.crawler_process.crawl(crawler, **opts.spargs))
        self.crawler_process.start()
        self.exitcode = self._report(args[0], crawler, task)

    def _report(self, name: str, crawler: Crawler, task: Task[None]) -> int:
        error = task.exception() if task.done() else None
        recorder = crawler.get_extension(Recorder) if error is None else None
        if recorder and recorder.error:
            error = recorder.error
        if isinstance(error, ArchiveInUseError):
            sys.stderr.write(f"{name}: steps aside: {error}\n")
            return _STEPPED_ASIDE
        if isinstance(error, (ArchiveError, CrawlError)):
            sys.stderr.write(f"{name}: error: {error}\n")
            return 1
        if error is not None:
            raise error
        if recorder:
            sys.stdout.write(summary(crawler, recorder))
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
        ("collection", str(recorder.collection.root)),
        ("items", str(recorder.job.path) if recorder.job.path.exists() else "none"),
    ]
    lines = (f"  {label:<15}{value}\n" for label, value in rows)
    return f"{crawler.spidercls.name}\n{''.join(lines)}"
