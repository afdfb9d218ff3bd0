"""`scrapy history`: print the revisions, removals and returns of an article."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.console.command import ArchiveCommand, refuse
from crawler.console.history_text import history_lines, history_of
from crawler.extraction import is_address, page_class

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from crawler.state import Event, State


class Command(ArchiveCommand):
    """Print an article's revisions, removals and returns."""

    reads = ("ARCHIVE_DIR", "STATE_URL")

    def syntax(self) -> str:
        return "ID|URL [--collection FOLDER]"

    def short_desc(self) -> str:
        return "Print an article's revisions, removals and returns, with word-level diffs"

    def long_desc(self) -> str:
        return (
            "Searches the collections in ARCHIVE_DIR, or the database at STATE_URL. Shows each revision with"
            " the fields that changed, as [-removed-]{+added+} like git, with the interval in which the edit"
            " happened, and with the WARC file and offset of its capture. A removal is told with every look"
            " at it, and lasts only if other articles of the host were served at the same time."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--collection", metavar="FOLDER", help="a collection, or a folder of them")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give the id or the URL of one article")
        roots = [opts.collection] if opts.collection else []
        found = False
        for root, state in self.known_states(roots):
            found |= _print_history(root, state, args[0])
        if not found:
            where = opts.collection or self.setting("ARCHIVE_DIR")
            refuse(f"{args[0]}: not found in {where}; articles that were only replayed have no history")


def _print_history(root: Path, state: State, id_or_url: str) -> bool:
    """Print the history of the article with this id or URL in *state*; return whether it is known."""
    key = page_class(id_or_url).key(id_or_url) if is_address(id_or_url) else None
    with closing(state):
        article_id = state.articles.find(id_or_url) or (state.articles.find(key) if key else None)
        if article_id is None:
            return False
        history = history_of(state, article_id)
    sys.stdout.write(f"{article_id}, {root}\n")
    lines = history_lines(history, partial(_item, root, article_id))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return True


def _item(root: Path, article_id: str, event: Event) -> dict[str, Any]:
    """Return the item of a revision; empty if no JSONL has it any more.

    Crawls on other machines write the same collection into folders beside this one; those are searched too.
    """
    name = f"{event.crawl}.jsonl"
    beside = root.absolute().parents[1].glob(f"*/{root.name}/items")
    folders = [root / "items", *sorted(beside)]
    paths = [folder / each for folder in folders for each in (name, f"{name}.open")]
    needle = json.dumps(article_id, ensure_ascii=False).encode()
    for each in paths:
        if not each.exists():
            continue
        with each.open("rb") as lines:
            for line in lines:
                if needle not in line:
                    continue
                item: dict[str, Any] = json.loads(line)
                if (item["id"], item["revision"]["number"]) == (article_id, event.number):
                    return item
    return {}
