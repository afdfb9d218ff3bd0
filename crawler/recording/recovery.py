"""Recovery after a crash: items and state are made to agree with the archive.

A crawl writes record, index line, item line and state row in this order. A torn line is cut, and whatever is
missing is made from what was written before it; so a page that a killed crawl had recorded but not read yet
gives its article, too.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from archive import Originals, WarcSource
from archive.collection import OPEN
from crawler.items import Article
from crawler.recording.earlier import ArchivedVersions
from crawler.recording.output import REPLAYED, items_folder
from crawler.recording.revisions import Revisions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive import Collection, WarcRecord
    from crawler.state import State


def recover_items(collection: Collection, state: State, report: Callable[[str], None]) -> None:
    """Finish the JSONL files that crashed crawls left open; *report* gets a line for each.

    The archive must have been mended before. A torn last line is cut: its record is in the archive. Files
    that a replay left are deleted: it can run again. Lines that are not articles are moved to a file
    `.damaged`.
    """
    for growing in sorted(items_folder(collection).glob(f"*.jsonl{OPEN}")):
        final = growing.with_name(growing.name.removesuffix(OPEN))
        if final.stem.endswith(REPLAYED):
            growing.unlink()
            continue
        count = _cut(growing, final, state, report)
        # As in a crawl, the line comes before the state row: a crash here loses nothing.
        with growing.open("ab", buffering=0) as out:
            for article in _unprocessed(collection, final.stem, state, report):
                out.write(article.to_bytes() + b"\n")
                _learn(state, article, final.stem)
                count += 1
            os.fsync(out.fileno())
        if count:
            growing.replace(final)
            report(f"{final}: closed, {count} articles")
        else:
            growing.unlink()


def _cut(growing: Path, final: Path, state: State, report: Callable[[str], None]) -> int:
    """Leave only good lines in *growing*, and remember them in *state*; return how many there are."""
    good, bad = [], []
    for line in growing.read_bytes().splitlines(keepends=True):
        try:
            article = Article.from_json(line)
        except (KeyError, TypeError, ValueError):
            bad.append(line)
            continue
        if line.endswith(b"\n"):
            _learn(state, article, final.stem)
            good.append(line)
    if bad and not (len(bad) == 1 and not bad[0].endswith(b"\n")):
        final.with_name(f"{final.name}.damaged").write_bytes(b"".join(bad))
        report(f"{growing}: {len(bad)} lines that are not articles moved to {final.name}.damaged")
    # In one step, so that a crash here loses no line.
    temporary = final.with_name(f"{final.name}.new")
    temporary.write_bytes(b"".join(good))
    temporary.replace(growing)
    return len(good)


def _unprocessed(
    collection: Collection, crawl: str, state: State, report: Callable[[str], None]
) -> Iterator[Article]:
    """Yield the new revisions on pages that the crawl *crawl* recorded but had not read."""
    # Imported here: recording a crawl should not have to load what reads pages.
    from crawler.bulk.pages import articles_of, records_of  # noqa: PLC0415
    from crawler.extraction import page_class  # noqa: PLC0415
    from crawler.extraction.dates import parse_moment  # noqa: PLC0415

    def is_unprocessed(record: WarcRecord) -> bool:
        url = record.target_uri
        page = page_class(url)
        key = page.key(url) if page.publisher else None
        asked = parse_moment(record.get("WARC-Date"))
        if key is None or asked is None:
            return False
        return state.visits.is_unrecorded(state.articles.first_id(key), asked)

    revisions = Revisions(state, ArchivedVersions(collection), lambda _counted: None)
    for path in collection.files_of(crawl):
        source = WarcSource(path=path)
        records = (each for each in records_of(source, report) if is_unprocessed(each))
        for article in articles_of(records, source, Originals([]), report):
            known = replace(article, id=state.articles.first_id(article.id))
            if stored := revisions.next(known):
                yield replace(stored, copy_of=state.near_duplicates.earliest(stored))


def relearn_items(collection: Collection, state: State) -> None:
    """Remember in *state* every article in the finished JSONL of *collection*, in case it lost any."""
    for path in sorted(items_folder(collection).glob("*.jsonl")):
        if path.stem.endswith(REPLAYED):
            continue
        with path.open("rb") as lines:
            for line in lines:
                with suppress(KeyError, TypeError, ValueError):
                    _learn(state, Article.from_json(line), path.stem)


def _learn(state: State, article: Article, crawl: str) -> None:
    with state.transaction():
        state.articles.remember(article, crawl)
        state.near_duplicates.remember(article)
