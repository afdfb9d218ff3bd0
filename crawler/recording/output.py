"""`CrawlOutput`: the files of one crawl. Exchanges go into the archive, articles into JSONL and the state.

The order of writing is record, index line, item line, state row. After a crash `crawler.recording.recovery`
continues where that order was cut.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive import ArchiveWriteError
from archive.collection import OPEN
from crawler import clock
from crawler.recording.earlier import ArchivedVersions
from crawler.recording.revisions import Revisions
from crawler.state import FetchFacts

if TYPE_CHECKING:
    from pathlib import Path

    from archive import Capture, Collection, Exchange, WarcWriter
    from crawler.items import Article
    from crawler.state import State

#: Ends the name of a crawl that was replayed from an archive.
REPLAYED = "-replay"
ARTICLE_JSON = "application/vnd.banluu.article+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """How the page of an article was fetched."""

    facts: FetchFacts
    #: The id of the due page that was fetched for it, if any.
    due_id: str | None = None
    #: The id of the article that was asked for, if a redirect led here.
    asked_id: str | None = None
    #: The page names another article than the one at its address.
    is_misplaced: bool = False


class CrawlOutput:
    """Writes what the crawl *name* finds into *collection*, whose lock must be held.

    Without *writer* nothing is archived. *revisions* decides, by *state*, which revision an article is.

    Raises ArchiveWriteError, from the constructor on, when a file cannot be written.
    """

    def __init__(
        self,
        collection: Collection,
        name: str,
        writer: WarcWriter | None,
        state: State,
        revisions: Revisions | None = None,
    ) -> None:
        self.name = name
        self.path = items_folder(collection) / f"{name}.jsonl"
        self._writer = writer
        self._state = state
        self._revisions = revisions or Revisions(state, ArchivedVersions(collection), lambda _counted: None)
        self._size = 0
        #: Number of stored articles that had been missing before, and of those missing now.
        self.returned = 0
        self.missing = 0
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

    def store(self, article: Article, fetch: Fetch | None = None) -> Article | None:
        """Store *article* and return it with its revision, or return None if it has not changed.

        *fetch* tells how its page was fetched. Raises ArchiveWriteError or StateError.
        """
        fetch = fetch or Fetch(facts=_facts_of(article))
        article, moved_from = self._as_known(article, fetch)
        stored = self._revisions.next(article)
        if stored:
            stored = replace(stored, copy_of=self._state.near_duplicates.earliest(stored))
            line = stored.to_bytes()
            if self._writer and stored.capture and stored.url:
                self._writer.write_metadata(stored.url, stored.capture, ARTICLE_JSON, line)
            self._write_line(line + b"\n")
        with self._state.transaction():
            self._revisions.resolve(article, stored, fetch.facts.requested)
            if stored:
                self._state.articles.remember(stored, self.name)
                self._state.near_duplicates.remember(stored)
            if moved_from or fetch.is_misplaced:
                url = article.canonical_url if fetch.is_misplaced else article.url
                self._state.articles.record_move(
                    article.id, moved_from or article.id, url or "", fetch.facts.requested, self.name
                )
            self._record_fetch(article, stored, fetch)
        return stored

    def is_known_text(self, article: Article) -> bool:
        """Return whether nearly the text of *article* is stored under its id.

        Then a page that names another article is this one, at a new address.
        """
        return self._revisions.is_same_article(article.id, article)

    def _as_known(self, article: Article, fetch: Fetch) -> tuple[Article, str | None]:
        """Return *article* with the id under which it is known, and the id of its new address if it moved.

        It moved if a redirect led to nearly the same text, or if the same text of the same date stands at
        another address of an edition whose addresses hold no numbers.
        """
        articles, own = self._state.articles, article.id
        if (known := articles.first_id(own)) != own:
            return replace(article, id=known), None
        if articles.knows(own):
            return article, None
        asked = articles.first_id(fetch.asked_id) if fetch.asked_id else None
        if asked and asked != own and self._revisions.is_same_article(asked, article):
            return replace(article, id=asked), own
        if not own.rpartition(":")[2].isdecimal() and (twin := self._state.near_duplicates.twin(article)):
            return replace(article, id=twin), own
        return article, None

    def _record_fetch(self, article: Article, stored: Article | None, fetch: Fetch) -> None:
        visits, due_id = self._state.visits, fetch.due_id
        if due_id and due_id != article.id:
            if not self._leads_elsewhere(due_id, article):
                visits.record_other_address(due_id)
            elif self._revisions.is_same_article(due_id, article):
                # Both were known before the one came to lead to the other, which is visited from now on.
                seen = fetch.facts.requested
                self._state.articles.record_event(due_id, "moved", seen, self.name, target=article.url)
                visits.record_other_address(due_id)
            else:
                self.missing += visits.record_missing(
                    due_id, fetch.facts, self.name, sort="redirected", target=article.url
                )
        outcome = "unchanged" if stored is None else "new" if stored.revision.number == 1 else "revised"
        self.returned += visits.record_article(article.id, fetch.facts, self.name, outcome)

    def _leads_elsewhere(self, due_id: str, article: Article) -> bool:
        """Return whether the page of *due_id*, an article that is known, shows another *article* now."""
        articles = self._state.articles
        return articles.knows(due_id) and articles.first_id(due_id) != article.id

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


def _facts_of(article: Article) -> FetchFacts:
    capture = article.capture
    return FetchFacts(requested=datetime.fromisoformat(capture.date) if capture else clock.now())


def items_folder(collection: Collection) -> Path:
    """Return the folder of *collection*'s JSONL files."""
    return collection.root / "items"


def growing(path: Path) -> Path:
    """Return the name of the file at *path* until it is finished."""
    return path.with_name(path.name + OPEN)
