"""`scrapy history`: print the revisions, removals and returns of an article."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.console.command import ArchiveCommand, refuse
from crawler.console.word_diff import word_diff
from crawler.extraction import is_address, page_class

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from crawler.state import Event, State

# Fields that repeat another field: a change is shown once, in the other.
_SHOWN_ELSEWHERE = {"body": "text"}


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
            " the fields that changed, as [-removed-]{+added+} like git, and with the WARC file and offset of"
            " its capture."
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
        events = list(state.articles.history(article_id))
    sys.stdout.write(f"{article_id}, {root}\n")
    if not events:
        sys.stdout.write("  not captured yet\n")
    before: dict[str, Any] = {}
    for event in events:
        after = _item(root, article_id, event) if event.kind == "revision" else before
        sys.stdout.writelines(f"{line}\n" for line in _lines(event, before, after))
        before = after
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


def _lines(event: Event, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    moment = f"{event.seen:%Y-%m-%d %H:%M:%S} UTC"
    if event.kind != "revision":
        return [f"{moment}  {event.kind}"]
    place = f"{event.file}:{event.offset}" if event.file else "not archived"
    lines = [f"{moment}  revision {event.number}  {place}"]
    if event.number == 1 and after:
        lines.append(f"    {after['headline']}")
    for name in event.changed:
        if _SHOWN_ELSEWHERE.get(name) in event.changed:
            continue
        if not before or not after:
            lines.append(f"    {name}: changed; the JSONL with its values was deleted")
            continue
        lines.append(f"    {name}: {word_diff(_text(before.get(name)), _text(after.get(name)))}")
    return lines


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
