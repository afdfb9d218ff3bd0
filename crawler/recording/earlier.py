"""The version before, as today's rules read its capture; see `crawler.recording.revisions`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from archive import ArchiveError, Originals, WarcSource, read_member
from crawler.items import Article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive import Collection, WarcRecord
    from crawler.state import Version


class ArchivedVersions:
    """Reads the captures of versions in *collection* again."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def article(self, version: Version) -> Article | None:
        """Return the article in the capture of *version*, None if there is none; see `Earlier.article`."""
        # Imported here: recording a crawl should not have to load what reads pages.
        from crawler.bulk.pages import articles_of  # noqa: PLC0415

        source = WarcSource(path=self._path(version))
        records = self._records(source, version)
        complaints: list[str] = []
        found = list(articles_of(records, source, Originals([]), complaints.append))
        if complaints:
            raise LookupError(complaints[0])
        return next((article for article in found if article.id == version.id), next(iter(found), None))

    def _path(self, version: Version) -> Path:
        if version.file is not None and version.offset is not None:
            for path in (self._collection.archive / version.file, self._collection.open_path(version.file)):
                if path.is_file():
                    return path
        raise LookupError(f"{version.id}: revision {version.number} is not archived here")

    @staticmethod
    def _records(source: WarcSource, version: Version) -> Iterator[WarcRecord]:
        try:
            with source.open() as stream:
                for record in read_member(stream, str(source), version.offset or 0):
                    if record.get("WARC-Record-ID") == version.record_id:
                        yield record
                        return
        except (ArchiveError, OSError, EOFError) as error:
            raise LookupError(str(error)) from error
        raise LookupError(f"{source}: no record {version.record_id} at offset {version.offset}")


class WrittenVersions:
    """Keeps the versions that this crawl wrote itself: in a replay all are read by the same rules."""

    def __init__(self) -> None:
        # In a temporary file: an archive may hold more articles than fit into memory.
        self._lines = sqlite3.connect("")
        self._lines.execute("CREATE TABLE line (id TEXT PRIMARY KEY, line BLOB)")

    def remember(self, article: Article) -> None:
        """Keep *article* as the latest version."""
        self._lines.execute("INSERT OR REPLACE INTO line VALUES (?, ?)", (article.id, article.to_bytes()))

    def article(self, version: Version) -> Article | None:
        """Return the article of *version*; see `Earlier.article`."""
        with closing(self._lines.execute("SELECT line FROM line WHERE id = ?", (version.id,))) as rows:
            row = rows.fetchone()
        if row is None:
            raise LookupError(version.id)
        return Article.from_json(row[0])

    def close(self) -> None:
        """Forget them."""
        self._lines.close()
