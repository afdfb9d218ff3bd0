"""`scrapy mend`: what the next crawl would do after a crash, and the index made anew."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archive import Collection
from crawler.addon import DEFAULTS
from crawler.console.command import one_line_errors
from crawler.recording.recovery import mend_items, remember_items
from crawler.state import state_of

if TYPE_CHECKING:
    import argparse


class Command(ScrapyCommand):
    """Bring the files of collections to agree after a crash."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False, "STATE_URL": DEFAULTS["STATE_URL"]}

    def syntax(self) -> str:
        return "PATH…"

    def short_desc(self) -> str:
        return "Cut torn tails, close leftover .open files, rebuild the index of collections"

    def long_desc(self) -> str:
        return (
            "PATH is a collection or a folder of collections. Says what was done, one line each. A crawl"
            " does the same for its own collection when it starts, without rebuilding the index. Refuses a"
            " collection that a crawl is writing."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        if not args:
            raise UsageError("give at least one collection")
        with one_line_errors():
            for path in map(Path, args):
                for collection in Collection.find(path):
                    _mend(collection, self.settings["STATE_URL"] if self.settings else "")


def _mend(collection: Collection, url: str) -> None:
    done: list[str] = []
    collection.acquire("scrapy mend")
    try:
        collection.mend(done.append)
        collection.rebuild_index(done.append)
        with closing(state_of(collection.root, url)) as state:
            mend_items(collection, state, done.append)
            remember_items(collection, state)
    finally:
        collection.release()
    sys.stdout.writelines(f"{line}\n" for line in done or [f"{collection.root}: nothing to mend"])
