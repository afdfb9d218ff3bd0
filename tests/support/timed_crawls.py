"""Crawls a spider at each of the moments given: timed_crawls.py SPIDER EDITION FOLDER OFFSET_FILE SECONDS…

Each moment is how many seconds the crawl's clock is ahead; it is told to the publisher through OFFSET_FILE, and on
standard output when the crawl has ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.log import configure_logging
from scrapy.utils.project import get_project_settings
from scrapy.utils.reactor import install_reactor

from crawler import clock
from tests.support.crawls import FAST


async def crawls(
    spider: str, edition: str, offset: Path, moments: list[float], runner: AsyncCrawlerRunner
) -> None:
    for seconds in moments:
        later = timedelta(seconds=seconds)
        clock.now = lambda later=later: datetime.now(UTC) + later
        offset.with_suffix(".new").write_text(str(seconds))
        offset.with_suffix(".new").replace(offset)
        crawler = runner.create_crawler(spider)
        await runner.crawl(crawler, edition=edition)
        sys.stdout.write(f"{seconds} {crawler.stats.get_value('finish_reason')}\n")
        sys.stdout.flush()


def main() -> None:
    spider, edition, folder, offset, *moments = sys.argv[1:]
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor  # noqa: PLC0415
    from twisted.internet.defer import Deferred  # noqa: PLC0415

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    settings = get_project_settings()
    given = json.loads(os.environ.get("BANLUU_TEST_SETTINGS", "{}"))
    settings.setdict(
        {**FAST, "ARCHIVE_DIR": folder, "RETRY_TIMES": 1, "LOG_LEVEL": "ERROR", **given}, priority="cmdline"
    )
    configure_logging(settings)
    runner = AsyncCrawlerRunner(settings)

    def begin() -> None:
        times = [float(moment) for moment in moments]
        work = asyncio.ensure_future(crawls(spider, edition, Path(offset), times, runner))
        Deferred.fromFuture(work).addErrback(lambda f: sys.stderr.write(f.getTraceback())).addBoth(
            lambda _: reactor.stop()
        )

    reactor.callWhenRunning(begin)
    reactor.run()


if __name__ == "__main__":
    main()
