"""`scrapy mend`: recover collections after a crash, as the next crawl would, and rebuild their index."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from archive import Collection
from crawler.console.command import ArchiveCommand
from crawler.recording.recovery import recover_items, relearn_items
from crawler.state import open_state

if TYPE_CHECKING:
    import argparse


class Command(ArchiveCommand):
    """Make the files of collections agree after a crash."""

    reads = ("STATE_URL",)

    def syntax(self) -> str:
        return "PATH…"

    def short_desc(self) -> str:
        return "Cut torn tails, close leftover .open files, rebuild the index of collections"

    def long_desc(self) -> str:
        return (
            "PATH is a collection or a folder of collections. Prints one line for each repair. A crawl makes"
            " the same repairs to its own collection when it starts, but does not rebuild the index. Refuses"
            " a collection that a crawl is writing."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        if not args:
            raise UsageError("give at least one collection")
        for path in map(Path, args):
            for collection in Collection.find(path):
                _mend(collection, self.setting("STATE_URL"))


def _mend(collection: Collection, url: str) -> None:
    done: list[str] = []
    collection.acquire("scrapy mend")
    try:
        collection.mend(done.append)
        collection.rebuild_index(done.append)
        with closing(open_state(collection.root, url)) as state:
            recover_items(collection, state, done.append)
            relearn_items(collection, state)
    finally:
        collection.release()
    sys.stdout.writelines(f"{line}\n" for line in done or [f"{collection.root}: nothing to mend"])
