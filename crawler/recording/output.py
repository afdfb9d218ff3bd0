"""`Job`: the output of one crawl. Exchanges go into the archive, articles into JSONL and state.

The order of writing is record, index line, item line, state row. After a crash `crawler.recording.recovery` carries on
where that order was cut.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive import ArchiveWriteError
from archive.collection import OPEN
from crawler import clock
from crawler.state import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from archive import Capture, Collection, Exchange, WarcWriter
    from crawler.items import Article
    from crawler.state import State

#: How the name of a job ends that ran out of an archive.
REPLAYED = "-replay"
ARTICLE_JSON = "application/vnd.banluu.article+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A page that was due, and what its server said."""

    id: str
    answer: Answer


class Job:
    """Writes what one crawl finds into *collection*, whose lock must be held.

    Without *writer* nothing is archived. *state* tells which revision an article is.

    Raises ArchiveWriteError, from the constructor on, when the disk refuses.
    """

    def __init__(self, collection: Collection, name: str, writer: WarcWriter | None, state: State) -> None:
        self.name = name
        self.path = items_folder(collection) / f"{name}.jsonl"
        self._writer = writer
        self._state = state
        self._size = 0
        #: Articles that were back after a removal.
        self.returned = 0
        try:
            self.path.parent.mkdir(exist_ok=True)
            self._out = growing(self.path).open("wb", buffering=0)
        except OSError as error:
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error

    @property
    def has_items(self) -> bool:
        """Whether any article was stored."""
        return self._size > 0

    @property
    def archives(self) -> bool:
        """Whether exchanges are archived."""
        return self._writer is not None

    @property
    def bytes_archived(self) -> int:
        """Size of the WARC files written so far."""
        return self._writer.bytes_written if self._writer else 0

    def record(self, exchange: Exchange) -> Capture | None:
        """Archive *exchange*; return where its response lies, or None without one.

        Raises ArchiveWriteError.
        """
        return self._writer.write(exchange) if self._writer else None

    def store(self, article: Article, visit: Visited | None = None) -> Article | None:
        """Store *article* with its revision; return it so, or None when it is known as it is.

        *visit* is how its page was come by, if it was due. Raises ArchiveWriteError or StateError.
        """
        revision = self._state.articles.revision_of(article)
        if revision:
            article = replace(article, revision=revision, copy_of=self._state.copies.earliest(article))
            line = article.to_bytes()
            if self._writer and article.capture and article.url:
                self._writer.write_metadata(article.url, article.capture, ARTICLE_JSON, line)
            self._write_line(line + b"\n")
        with self._state.transaction():
            if revision:
                self._state.articles.remember(article, self.name)
                self._state.copies.remember(article)
            self._had(visit, article)
        return article if revision else None

    def _had(self, visit: Visited | None, article: Article) -> None:
        articles = self._state.articles
        if visit and visit.id != article.id:
            articles.moved(visit.id)
        moment = datetime.fromisoformat(article.capture.date) if article.capture else clock.now()
        answer = visit.answer if visit else Answer(asked=moment)
        self.returned += articles.was_had(article.id, answer, self.name)

    def note_item(self, url: str, capture: Capture, item: bytes) -> None:
        """Keep *item* (JSON), which is no article, beside the response at *capture* that it came from.

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
            # What of the line is there must go, and the next one begin where it began.
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
        """Take back the items written so far; the archive has to be untouched."""
        self._out.close()
        growing(self.path).unlink(missing_ok=True)


def items_folder(collection: Collection) -> Path:
    """Return where the JSONL of *collection* lies."""
    return collection.root / "items"


def growing(path: Path) -> Path:
    """Return what the file at *path* is called until it is finished."""
    return path.with_name(path.name + OPEN)
