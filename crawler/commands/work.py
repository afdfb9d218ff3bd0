"""`scrapy work`: many spiders in one process, shared with the same command on other machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.commands import BaseRunSpiderCommand

from crawler.console.command import refuse
from crawler.console.crawl_queue import CrawlQueue
from crawler.console.summary import SKIPPED

if TYPE_CHECKING:
    import argparse


class Command(BaseRunSpiderCommand):
    """Crawl several spiders, each on whichever machine is free for it."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] [SPIDER…]"

    def short_desc(self) -> str:
        return "Crawl several spiders, or all, sharing them with the same command on other machines"

    def long_desc(self) -> str:
        return (
            "Crawls each SPIDER (default: all) once. With STATE_URL, many machines may run the same command:"
            " each spider is crawled by the first that comes; the others wait until that is done, and one of"
            " them takes over if it dies. Exit status as of `scrapy crawl`; a spider that another machine has"
            " crawled counts as done."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--at-once", type=int, default=4, metavar="N", help="spiders side by side (default: %(default)s)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        process: Any = self.crawler_process
        assert process is not None  # noqa: S101  Scrapy's own idiom
        known = sorted(process.spider_loader.list())
        for name in args:
            if name not in known:
                refuse(f"no spider {name!r}; there are: {', '.join(known)}")
        if opts.at_once < 1:
            refuse(f"--at-once {opts.at_once}: at least 1")
        if process.settings["REPLAY"]:
            refuse("REPLAY: an archive is replayed by `scrapy crawl`")
        queue = CrawlQueue(process, opts.spargs, opts.at_once)
        statuses = queue.run(list(dict.fromkeys(args)) or known)
        wrong = [status for status in statuses if status not in {0, SKIPPED}]
        self.exitcode = 1 if 1 in wrong else max(wrong, default=0)
