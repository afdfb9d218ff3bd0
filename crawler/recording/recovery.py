"""After a crash: items and state are brought to what the archive holds.

A job writes record, index line, item line and state row in this order. What is torn is cut, what is missing
is made up from what came before it; so a page that a killed crawl had recorded and not come to read gives
its article, too.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from archive import Originals, WarcSource
from archive.collection import OPEN
from crawler.items import Article
from crawler.recording.output import REPLAYED, items_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive import Collection, WarcRecord
    from crawler.state import State


def mend_items(collection: Collection, state: State, report: Callable[[str], None]) -> None:
    """Finish the JSONL that crashed jobs left open; *report* says what was done.

    The archive must have been mended before. A torn last line is cut: its record is in the archive. What a
    replay left goes: it can be had again. A line that is no article is moved aside, into `.damaged`.
    """
    for growing in sorted(items_folder(collection).glob(f"*.jsonl{OPEN}")):
        final = growing.with_name(growing.name.removesuffix(OPEN))
        if final.stem.endswith(REPLAYED):
            growing.unlink()
            continue
        count = _cut(growing, final, state, report)
        # As a crawl does it: first the line, then what the state knows. A crash in here loses nothing.
        with growing.open("ab", buffering=0) as out:
            for article in _unread(collection, final.stem, state, report):
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
    """Leave only good lines in *growing*, and let *state* know them; return how many there are."""
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
        report(f"{growing}: {len(bad)} lines that are no articles moved to {final.name}.damaged")
    # In one step: a crash in here must find the lines still there.
    temporary = final.with_name(f"{final.name}.new")
    temporary.write_bytes(b"".join(good))
    temporary.replace(growing)
    return len(good)


def _unread(
    collection: Collection, job: str, state: State, report: Callable[[str], None]
) -> Iterator[Article]:
    """Yield the articles, each a new revision, of pages that *job* recorded and did not come to read."""
    # Only here: who records a crawl should not have to load what reads pages.
    from crawler.bulk.pages import articles_of, records_of  # noqa: PLC0415
    from crawler.extraction import page_class  # noqa: PLC0415
    from crawler.extraction.dates import parse_moment  # noqa: PLC0415

    def is_unread(record: WarcRecord) -> bool:
        url = record.target_uri
        page = page_class(url)
        key = page.key(url) if page.publisher else None
        asked = parse_moment(record.get("WARC-Date"))
        return key is not None and asked is not None and state.articles.is_unread(key, asked)

    for path in collection.files_of(job):
        source = WarcSource(path=path)
        records = (each for each in records_of(source, report) if is_unread(each))
        for article in articles_of(records, source, Originals([]), report):
            if revision := state.articles.revision_of(article):
                yield replace(article, revision=revision, copy_of=state.copies.earliest(article))


def remember_items(collection: Collection, state: State) -> None:
    """Bring *state* to know every article in the closed JSONL of *collection*, should it have lost any."""
    for path in sorted(items_folder(collection).glob("*.jsonl")):
        if path.stem.endswith(REPLAYED):
            continue
        with path.open("rb") as lines:
            for line in lines:
                with suppress(KeyError, TypeError, ValueError):
                    _learn(state, Article.from_json(line), path.stem)


def _learn(state: State, article: Article, job: str) -> None:
    with state.transaction():
        state.articles.remember(article, job)
        state.copies.remember(article)
