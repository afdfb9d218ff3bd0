"""`scrapy crawl`: ends with a summary, or with a clear line and exit status if it cannot run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from crawler.console.command import refuse
from crawler.console.crawl_queue import CrawlQueue, settle
from crawler.console.summary import report

if TYPE_CHECKING:
    import argparse
    from asyncio import Task


class Command(crawl.Command):
    """Run a spider; print what it found and where that is."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give the name of one spider")
        process: Any = self.crawler_process
        assert process is not None  # noqa: S101  Scrapy's own idiom
        try:
            crawler = self._create_crawler(args[0])
        except KeyError:
            refuse(f"no spider {args[0]!r}; there are: {', '.join(process.spider_loader.list())}")
        if process.settings["STATE_URL"] and not process.settings["REPLAY"]:
            # Another machine may be crawling it, and may die.
            (self.exitcode,) = CrawlQueue(process, opts.spargs).run(args)
            return
        task = cast("Task[None]", process.crawl(crawler, **opts.spargs))
        settle()
        process.start()
        self.exitcode = report(args[0], crawler, task.exception() if task.done() else None)
