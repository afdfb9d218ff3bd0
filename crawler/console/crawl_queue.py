"""`CrawlQueue`: crawls of several spiders, in turn or side by side, each when its sites are free."""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred

from archive import ArchiveError, ArchiveInUseError
from crawler import clock
from crawler.console.summary import SKIPPED, report
from crawler.errors import CrawlError, LeaseHeldError
from crawler.recording.lease import Leasing
from crawler.recording.options import lease_of
from crawler.settings_table import defaults
from crawler.state import open_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrapy.crawler import AsyncCrawlerProcess
    from twisted.python.failure import Failure

_CHECKS = 12  # whether the sites are free, in the time that a lease lasts


def settle() -> None:
    """Exempt from garbage collection what exists before a crawl and stays until its end."""
    gc.collect()
    gc.freeze()


class CrawlQueue:
    """Crawls in *process*, *at_once* spiders side by side, each with the spider arguments *given*."""

    def __init__(self, process: AsyncCrawlerProcess, given: Mapping[str, str], at_once: int = 1) -> None:
        self._process = process
        self._given = given
        self._at_once = asyncio.Semaphore(at_once)
        self._began = clock.now()

    def run(self, names: Sequence[str]) -> list[int]:
        """Crawl the spiders *names*; return the exit status of each. Starts the reactor and stops it."""
        from twisted.internet import reactor as installed  # noqa: PLC0415  the process installs it

        reactor: Any = installed
        statuses: list[int] = []
        failures: list[Failure] = []

        async def crawl_all() -> None:
            statuses.extend(await asyncio.gather(*map(self._crawl, names)))

        def begin() -> None:
            work = Deferred.fromFuture(asyncio.ensure_future(crawl_all()))
            work.addErrback(failures.append).addBoth(lambda _: reactor.stop())

        reactor.callWhenRunning(begin)
        settle()
        self._process.start(stop_after_crawl=False)
        if failures:
            failures[0].raiseException()
        return statuses

    async def _crawl(self, name: str) -> int:
        """Crawl the spider *name* as soon as its sites are free, unless another process has done so."""
        is_reported = False
        while True:
            async with self._at_once:
                crawler = self._process.create_crawler(name)
                try:
                    if self._is_done(name):
                        sys.stdout.write(f"{name}\n  skipped: crawled by another process in the meantime\n")
                        return SKIPPED
                    await self._process.crawl(crawler, **self._given)
                except (LeaseHeldError, ArchiveInUseError) as held:
                    if not is_reported:
                        sys.stderr.write(f"{name}: waiting: {held}\n")
                    is_reported = True
                except (ArchiveError, CrawlError) as error:
                    return report(name, crawler, error)
                else:
                    return report(name, crawler, None)
            await asyncio.sleep(float(self._setting("STATE_LEASE")) / _CHECKS)

    def _setting(self, name: str) -> Any:
        # The add-on sets its defaults in each crawl's settings, not in the process's.
        return self._process.settings.get(name, defaults(name)[name])

    def _is_done(self, name: str) -> bool:
        """Return whether a crawl of *name*, here or elsewhere, has finished since we began.

        Raises LeaseHeldError while one runs. That is checked first: a crawl records its end before it gives
        back its lease.
        """
        if not (url := self._setting("STATE_URL")):
            return False
        with closing(open_state(Path(self._setting("ARCHIVE_DIR"), name), url)) as state:
            if isinstance(state.database, Leasing) and (holder := state.database.holder(lease_of(name))):
                raise LeaseHeldError(f"leased to {holder}")
            return state.crawls.finished_since(self._began)
