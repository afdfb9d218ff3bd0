"""`scrapy work`: many spiders in one process, shared with the same command on other machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from crawler.console.summary import STEPPED_ASIDE
from crawler.console.crawl_queue import Turns

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
            "Crawls each SPIDER (default: all) once. With STATE_URL the same command may run on many"
            " machines: each spider is crawled by the one that comes first; the others wait until that is"
            " done, and one of them takes over where it dies. Exit status as of `scrapy crawl`; what others"
            " did counts as done."
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
                raise UsageError(f"no spider {name!r}; there are: {', '.join(known)}", print_help=False)
        if opts.at_once < 1:
            raise UsageError(f"--at-once {opts.at_once}: at least 1", print_help=False)
        if process.settings["REPLAY"]:
            raise UsageError("REPLAY: an archive is replayed by `scrapy crawl`", print_help=False)
        statuses = Turns(process, opts.spargs, opts.at_once).run(list(dict.fromkeys(args)) or known)
        wrong = [status for status in statuses if status not in {0, STEPPED_ASIDE}]
        self.exitcode = 1 if 1 in wrong else max(wrong, default=0)
