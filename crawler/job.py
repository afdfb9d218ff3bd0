"""`Job`: the output of one crawl. Exchanges go into the archive, articles into JSONL and state.

The order of writing is record, index line, item line, state row. After a crash `mend_items` carries on
where that order was cut.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from archive import ArchiveWriteError
from archive.collection import OPEN
from crawler.items import Article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archive import Capture, Collection, Exchange, WarcWriter
    from crawler.state import State

ARTICLE_JSON = "application/vnd.banluu.article+json"


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
        try:
            self.path.parent.mkdir(exist_ok=True)
            self._out = _growing(self.path).open("wb", buffering=0)
        except OSError as error:
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error

    @property
    def bytes_archived(self) -> int:
        """Size of the WARC files written so far."""
        return self._writer.bytes_written if self._writer else 0

    def record(self, exchange: Exchange) -> Capture | None:
        """Archive *exchange*; return where its response lies, or None without one.

        Raises ArchiveWriteError.
        """
        return self._writer.write(exchange) if self._writer else None

    def store(self, article: Article) -> Article | None:
        """Store *article* with its revision; return it so, or None when it is known as it is.

        Raises ArchiveWriteError or StateError.
        """
        revision = self._state.revision_of(article)
        if revision is None:
            return None
        article = replace(article, revision=revision)
        line = article.to_json().encode()
        if self._writer and article.capture and article.url:
            self._writer.write_metadata(article.url, article.capture, ARTICLE_JSON, line)
        self._write_line(line + b"\n")
        self._state.remember(article, self.name)
        return article

    def _write_line(self, line: bytes) -> None:
        position = self._out.tell()
        try:
            view = memoryview(line)
            while view:
                view = view[self._out.write(view) :]
        except OSError as error:
            os.ftruncate(self._out.fileno(), position)
            raise ArchiveWriteError(f"{self.path}: {error.strerror}") from error

    def close(self) -> None:
        """Give every file its final name.

        Raises ArchiveWriteError.
        """
        if self._writer:
            self._writer.close()
        try:
            os.fsync(self._out.fileno())
            self._out.close()
            _growing(self.path).replace(self.path)
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

    The archive must have been mended before. A torn last line is cut: its record is in the archive,
    its article comes again.
    """
    for growing in sorted(items_folder(collection).glob(f"*.jsonl{OPEN}")):
        final = growing.with_name(growing.name.removesuffix(OPEN))
        whole = count = 0
        with growing.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    report(f"{growing}: cut {len(line)} bytes of an unfinished line")
                    break
                state.remember(Article.from_json(line), final.stem)
                whole += len(line)
                count += 1
        os.truncate(growing, whole)
        if count:
            growing.replace(final)
            report(f"{final}: closed, {count} articles")
        else:
            growing.unlink()
