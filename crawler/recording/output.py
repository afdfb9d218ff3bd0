"""`CrawlOutput`: the files of one crawl. Exchanges go into the archive, articles into JSONL and the state.

The order of writing is record, index line, item line, state row. After a crash `crawler.recording.recovery`
continues where that order was cut.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive import ArchiveWriteError
from archive.collection import OPEN
from crawler import clock
from crawler.state import FetchFacts

if TYPE_CHECKING:
    from pathlib import Path

    from archive import Capture, Collection, Exchange, WarcWriter
    from crawler.items import Article
    from crawler.state import State

#: Ends the name of a crawl that was replayed from an archive.
REPLAYED = "-replay"
ARTICLE_JSON = "application/vnd.banluu.article+json"


class CrawlOutput:
    """Writes what the crawl *name* finds into *collection*, whose lock must be held.

    Without *writer* nothing is archived. *state* decides which revision an article is.

    Raises ArchiveWriteError, from the constructor on, when a file cannot be written.
    """

    def __init__(self, collection: Collection, name: str, writer: WarcWriter | None, state: State) -> None:
        self.name = name
        self.path = items_folder(collection) / f"{name}.jsonl"
        self._writer = writer
        self._state = state
        self._size = 0
        #: Number of stored articles that had been removed before.
        self.returned = 0
        try:
            self.path.parent.mkdir(exist_ok=True)
            self._out = growing(self.path).open("wb", buffering=0)
        except OSError as error:
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error

    @property
    def archives(self) -> bool:
        """Whether exchanges are archived."""
        return self._writer is not None

    @property
    def bytes_archived(self) -> int:
        """Size of the WARC files written so far."""
        return self._writer.bytes_written if self._writer else 0

    def record(self, exchange: Exchange) -> Capture | None:
        """Archive *exchange*; return the position of its response, or None without one.

        Raises ArchiveWriteError.
        """
        return self._writer.write(exchange) if self._writer else None

    def store(
        self, article: Article, due_id: str | None = None, facts: FetchFacts | None = None
    ) -> Article | None:
        """Store *article* and return it with its revision, or return None if it has not changed.

        *due_id* is the id of the due page that was fetched for it, if any; *facts* describe that fetch.
        Raises ArchiveWriteError or StateError.
        """
        revision = self._state.articles.revision_of(article)
        if revision:
            copy_of = self._state.near_duplicates.earliest(article)
            article = replace(article, revision=revision, copy_of=copy_of)
            line = article.to_bytes()
            if self._writer and article.capture and article.url:
                self._writer.write_metadata(article.url, article.capture, ARTICLE_JSON, line)
            self._write_line(line + b"\n")
        with self._state.transaction():
            if revision:
                self._state.articles.remember(article, self.name)
                self._state.near_duplicates.remember(article)
            self._record_fetch(article, due_id, facts)
        return article if revision else None

    def _record_fetch(self, article: Article, due_id: str | None, facts: FetchFacts | None) -> None:
        articles = self._state.articles
        if due_id and due_id != article.id:
            articles.record_move(due_id)
        if facts is None:
            requested = datetime.fromisoformat(article.capture.date) if article.capture else clock.now()
            facts = FetchFacts(requested=requested)
        self.returned += articles.record_fetch(article.id, facts, self.name)

    def keep_item(self, url: str, capture: Capture, item: bytes) -> None:
        """Archive *item* (JSON), which is not an article, with the response at *capture* that it came from.

        Raises ArchiveWriteError.
        """
        if self._writer:
            self._writer.write_metadata(url, capture, "application/json", item)

    def _write_line(self, line: bytes) -> None:
        view = memoryview(line)
        try:
            while view:
                view = view[self._out.write(view) :]
        except OSError as error:
            # Remove the part that was written, so that the next line starts where this one did.
            self._out.seek(self._size)
            self._out.truncate()
            raise ArchiveWriteError(f"{self.path}: {error.strerror}") from error
        self._size += len(line)

    def close(self) -> None:
        """Give every file its final name; a crawl without any article leaves no JSONL.

        Raises ArchiveWriteError.
        """
        if self._writer:
            self._writer.close()
            self._writer.drop_earlier_run()
        path = growing(self.path)
        try:
            os.fsync(self._out.fileno())
            self._out.close()
            if self._size:
                path.replace(self.path)
            else:
                path.unlink()
        except OSError as error:
            raise ArchiveWriteError(f"{self.path}: {error.strerror}") from error

    def discard(self) -> None:
        """Delete the items written so far. Nothing may have been archived yet."""
        self._out.close()
        growing(self.path).unlink(missing_ok=True)


def items_folder(collection: Collection) -> Path:
    """Return the folder of *collection*'s JSONL files."""
    return collection.root / "items"


def growing(path: Path) -> Path:
    """Return the name of the file at *path* until it is finished."""
    return path.with_name(path.name + OPEN)
