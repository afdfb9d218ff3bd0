"""What is known of each article: its revisions, removals and returns, and when to visit it again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler import clock
from crawler.clock import milliseconds, moment
from crawler.items import Article, Revision, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.state.database import Database

# What belongs to the page around an article, or to its capture, is no change of the article.
_NOT_CONTENT = {"url", "canonical_url", "related", "copy_of", "revision", "flags", "extractor", "capture"}
_CONTENT = [field.name for field in fields(Article) if field.name not in _NOT_CONTENT]
_EMPTY: dict[type, str] = {type(None): "null", str: '""', list: "[]"}
_AHEAD = timedelta(hours=1)  # as far a server's clock may be before ours
_DIGEST = 6  # bytes; of some twenty fields no two will ever meet


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFacts:
    """The facts of a fetch: when it was, and what the server said about the page."""

    #: When the request was sent; aware.
    requested: datetime
    #: The page's URL after redirects; None if it is the one requested.
    url: str | None = None
    #: Its Date header; aware, None without one.
    date: datetime | None = None
    etag: str | None = None
    #: Its Last-Modified header, unparsed.
    last_modified: str | None = None
    #: It was a 304.
    is_unmodified: bool = False

    @property
    def server_time(self) -> datetime:
        """When the request was answered by the server's clock, unless that is far ahead of ours."""
        if self.date is None or self.date > self.requested + _AHEAD:
            return self.requested
        return self.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A revision, a removal or a return of an article."""

    seen: datetime
    #: "revision", "removed" or "returned".
    what: str
    number: int
    changed: tuple[str, ...]
    #: Name of the crawl that saw it.
    crawl: str
    #: The capture's WARC file and offset, if it is archived.
    file: str | None
    offset: int | None
    record_id: str | None


def field_digests(article: Article) -> dict[str, bytes]:
    """Return a digest of each field that makes up the article itself, the field's name in it."""
    return {
        name: hashlib.blake2b(
            f"{name}\0{to_json(value) if value else _EMPTY[type(value)]}".encode("utf-8", "surrogatepass"),
            digest_size=_DIGEST,
        ).digest()
        for name in _CONTENT
        for value in (getattr(article, name),)
    }


def next_recrawl(captured: int, now: int, revisits: Sequence[int]) -> int | None:
    """Return when a page that was first had at *captured* is due again after *now*; None: never.

    *revisits* are the ages, in seconds, at which it is visited; all else is in milliseconds.
    """
    return next((due for age in sorted(revisits) if (due := captured + age * 1000) > now), None)


class Articles:
    """The articles in *database*; young ones are due again at the ages *revisits*, in seconds."""

    def __init__(self, database: Database, revisits: Sequence[int]) -> None:
        self._database = database
        self._revisits = revisits

    def knows(self, article_id: str) -> bool:
        """Tell whether any revision of the article has been stored."""
        query = "SELECT 1 FROM article WHERE id = ? AND revision > 0"
        return self._database.value(query, (article_id,)) is not None

    def revision_of(self, article: Article) -> Revision | None:
        """Return which revision *article* is; None when it says what the latest one says."""
        query = "SELECT revision, fields FROM article WHERE id = ? AND revision > 0"
        row = self._database.row(query, (article.id,))
        if row is None:
            return Revision()
        number, fields = row
        if fields is None:
            # Taken over from an older schema, which digested otherwise: this is what it is from now on.
            digests = b"".join(field_digests(article).values())
            self._database.execute("UPDATE article SET fields = ? WHERE id = ?", (digests, article.id))
            return None
        known = {fields[at : at + _DIGEST] for at in range(0, len(fields), _DIGEST)}
        changed = [name for name, digest in field_digests(article).items() if digest not in known]
        return Revision(number=number + 1, changed=changed) if changed else None

    def remember(self, article: Article, crawl: str) -> None:
        """Store *article* as the latest revision of itself, unless as late a one is known."""
        fields = b"".join(field_digests(article).values())
        number, captured = article.revision.number, article.capture
        seen = milliseconds(datetime.fromisoformat(captured.date) if captured else clock.now())
        site = article.id.rpartition(":")[0] if article.id.count(":") == 2 else article.publisher
        database = self._database
        with database.transaction():
            database.execute(
                "INSERT INTO article (id, site, url, captured, fetched, due) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET captured = coalesce(article.captured, excluded.captured)",
                (article.id, site, article.url or "", seen, seen, next_recrawl(seen, seen, self._revisits)),
            )
            is_later = database.execute(
                "UPDATE article SET revision = ?, fields = ? WHERE id = ? AND revision < ?",
                (number, fields, article.id, number),
            )
            if is_later:
                where = (captured.file, captured.offset, captured.record_id) if captured else (None,) * 3
                changed = ",".join(article.revision.changed)
                self._note(article.id, (seen, "revision", number, changed, crawl, *where))

    def _note(self, article_id: str, event: tuple[Any, ...]) -> None:
        self._database.execute(
            "INSERT INTO event (article, seen, what, number, changed, job, file, place, record_id)"
            " SELECT key, ?, ?, ?, ?, ?, ?, ?, ? FROM article WHERE id = ? ON CONFLICT DO NOTHING",
            (*event, article_id),
        )

    def record_fetch(self, article_id: str, facts: FetchFacts, crawl: str) -> bool:
        """Note that the page was had, changed or not; tell whether it had been gone before."""
        with self._database.transaction():
            removed: int | None = self._database.value(
                "SELECT removed FROM article WHERE id = ?", (article_id,)
            )
            self._record_request(article_id, facts, captured=True)
            self._database.execute(
                "UPDATE article SET removed = NULL, url = coalesce(?, url),"
                " etag = coalesce(?, CASE WHEN ? THEN etag END),"
                " modified = coalesce(?, CASE WHEN ? THEN modified END) WHERE id = ?",
                (
                    facts.url,
                    facts.etag,
                    facts.is_unmodified,
                    facts.last_modified,
                    facts.is_unmodified,
                    article_id,
                ),
            )
            if removed is not None:
                seen = milliseconds(facts.requested)
                self._note(article_id, (seen, "returned", 0, "", crawl, None, None, None))
        return removed is not None

    def record_other_page(self, article_id: str, facts: FetchFacts) -> None:
        """Note that a page came that holds no article, where there has been one."""
        self._record_request(article_id, facts)

    def _record_request(self, article_id: str, facts: FetchFacts, *, captured: bool = False) -> None:
        """Note that a page was asked for with success, and when it is due again.

        What was announced while it was on its way is due at once.
        """
        asked = milliseconds(facts.requested)
        query = "SELECT captured, renewed, dated FROM article WHERE id = ?"
        first, renewed, dated = self._database.row(query, (article_id,)) or (None, None, None)
        if first is None:
            first = asked
        is_renewed = renewed is not None and renewed > asked and dated > milliseconds(facts.server_time)
        due = renewed if is_renewed else next_recrawl(first, asked, self._revisits)
        self._database.execute(
            "UPDATE article SET captured = CASE WHEN ? THEN ? ELSE captured END,"
            " fetched = ?, fetched_there = ?, due = ?, visits = visits + 1, leased_until = NULL,"
            " failures = 0, failing_since = NULL, reason = NULL WHERE id = ?",
            (captured, first, asked, milliseconds(facts.server_time), due, article_id),
        )

    def is_unrecorded(self, article_id: str, asked: datetime) -> bool:
        """Tell whether the page of an announced article, asked for at *asked* (aware), was never noted."""
        row = self._database.row("SELECT fetched FROM article WHERE id = ?", (article_id,))
        return row is not None and (row[0] or 0) < milliseconds(asked)

    def was_captured(self, article_id: str) -> bool:
        """Tell whether the article's page was ever had."""
        query = "SELECT captured FROM article WHERE id = ?"
        return self._database.value(query, (article_id,)) is not None

    def record_removal(self, article_id: str, facts: FetchFacts, crawl: str) -> bool:
        """Note that the server has a page no more that it had; tell whether that is new."""
        seen = milliseconds(facts.requested)
        with self._database.transaction():
            removed = self._database.value("SELECT removed FROM article WHERE id = ?", (article_id,))
            self._record_request(article_id, facts)
            self._database.execute(
                "UPDATE article SET removed = coalesce(removed, ?), etag = NULL, modified = NULL"
                " WHERE id = ?",
                (seen, article_id),
            )
            if removed is None:
                self._note(article_id, (seen, "removed", 0, "", crawl, None, None, None))
        return removed is None

    def record_move(self, article_id: str) -> None:
        """Note that another article stands where this one was: that one is visited from now on."""
        self._database.execute(
            "UPDATE article SET due = NULL, leased_until = NULL, failures = 0, failing_since = NULL,"
            " reason = NULL, captured = coalesce(captured, announced) WHERE id = ?",
            (article_id,),
        )

    def find(self, wanted: str) -> str | None:
        """Return the id of the article whose id or URL *wanted* is; None where none is known."""
        query = "SELECT id FROM article WHERE id = ? OR url = ? ORDER BY revision DESC"
        found: str | None = self._database.value(query, (wanted, wanted))
        return found

    def history(self, article_id: str) -> Iterator[Event]:
        """Yield what happened to an article, the earliest first."""
        query = (
            "SELECT seen, what, number, changed, job, file, place, record_id FROM event"
            " JOIN article ON article.key = event.article WHERE id = ? ORDER BY seen, number"
        )
        for seen, what, number, changed, *rest in self._database.rows(query, (article_id,)):
            names = tuple(changed.split(",")) if changed else ()
            crawl, file, offset, record_id = rest
            yield Event(
                seen=moment(seen), what=what, number=number, changed=names, crawl=crawl,
                file=file, offset=offset, record_id=record_id,
            )  # fmt: skip
