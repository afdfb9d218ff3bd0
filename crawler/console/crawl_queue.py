"""`Turns`: spiders crawled one after the other or side by side, each when its sites are free."""

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
from crawler.addon import DEFAULTS
from crawler.console.summary import STEPPED_ASIDE, report
from crawler.errors import CrawlError, LeaseHeldError
from crawler.recording.lease import Leasing, lease_of
from crawler.state import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrapy.crawler import AsyncCrawlerProcess
    from twisted.python.failure import Failure

_LOOKS = 12  # at whether the sites are free, in the time that a lease lasts


def settle() -> None:
    """Spare the garbage collector what is there before a crawl and stays until its end."""
    gc.collect()
    gc.freeze()


class Turns:
    """Crawls in *process*, *at_once* spiders side by side, with the arguments *given* to each."""

    def __init__(self, process: AsyncCrawlerProcess, given: Mapping[str, str], at_once: int = 1) -> None:
        self._process = process
        self._given = given
        self._at_once = asyncio.Semaphore(at_once)
        self._began = clock.now()

    def run(self, names: Sequence[str]) -> list[int]:
        """Crawl the spiders *names*; return the exit status of each. Starts the reactor, and ends it."""
        from twisted.internet import reactor as installed  # noqa: PLC0415  there is none before the process

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
        """Crawl the spider *name* as soon as that may be, unless another process has done so meanwhile."""
        is_told = False
        while True:
            async with self._at_once:
                crawler = self._process.create_crawler(name)
                try:
                    if self._is_done(name):
                        sys.stdout.write(f"{name}\n  crawled by another process meanwhile\n")
                        return STEPPED_ASIDE
                    await self._process.crawl(crawler, **self._given)
                except (LeaseHeldError, ArchiveInUseError) as held:
                    if not is_told:
                        sys.stderr.write(f"{name}: waits: {held}\n")
                    is_told = True
                except (ArchiveError, CrawlError) as error:
                    return report(name, crawler, error)
                else:
                    return report(name, crawler, None)
            await asyncio.sleep(float(self._setting("STATE_LEASE")) / _LOOKS)

    def _setting(self, name: str) -> Any:
        # The add-on, which knows the defaults, sees each crawl's settings, not the process's.
        return self._process.settings.get(name, DEFAULTS[name])

    def _is_done(self, name: str) -> bool:
        """Tell whether a crawl of *name*, here or elsewhere, has ended well since we began.

        Raises LeaseHeldError while one runs; that is asked first, for it notes its end before it gives back
        its lease.
        """
        if not (url := self._setting("STATE_URL")):
            return False
        with closing(state_of(Path(self._setting("ARCHIVE_DIR"), name), url)) as state:
            if isinstance(state.database, Leasing) and (holder := state.database.holder(lease_of(name))):
                raise LeaseHeldError(f"leased to {holder}")
            return state.runs.finished_since(self._began)
