"""`Job`: the output of one crawl. Exchanges go into the archive, articles into JSONL and state.

The order of writing is record, index line, item line, state row. After a crash `mend_items` carries on
where that order was cut.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive import ArchiveWriteError
from archive.collection import OPEN
from crawler import clock
from crawler.items import Article
from crawler.state import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archive import Capture, Collection, Exchange, WarcWriter
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
            self._out = _growing(self.path).open("wb", buffering=0)
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
            line = article.to_json().encode()
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
        growing = _growing(self.path)
        try:
            os.fsync(self._out.fileno())
            self._out.close()
            if self._size:
                growing.replace(self.path)
            else:
                growing.unlink()
        except OSError as error:
            raise ArchiveWriteError(f"{self.path}: {error.strerror}") from error

    def discard(self) -> None:
        """Take back the items written so far; the archive has to be untouched."""
        self._out.close()
        _growing(self.path).unlink(missing_ok=True)


def items_folder(collection: Collection) -> Path:
    """Return where the JSONL of *collection* lies."""
    return collection.root / "items"


def _growing(path: Path) -> Path:
    return path.with_name(path.name + OPEN)


def mend_items(collection: Collection, state: State, report: Callable[[str], None]) -> None:
    """Finish the JSONL that crashed jobs left open; *report* says what was done.

    The archive must have been mended before. A torn last line is cut: its record is in the archive, its
    article comes again. What a replay left goes: it can be had again. A line that is no article is moved
    aside, into `.damaged`.
    """
    for growing in sorted(items_folder(collection).glob(f"*.jsonl{OPEN}")):
        final = growing.with_name(growing.name.removesuffix(OPEN))
        if final.stem.endswith(REPLAYED):
            growing.unlink()
            continue
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
        if good:
            # In one step: a crash in here must find the lines still there.
            temporary = final.with_name(f"{final.name}.new")
            with temporary.open("wb") as out:
                out.writelines(good)
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(final)
            report(f"{final}: closed, {len(good)} articles")
        growing.unlink()


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
