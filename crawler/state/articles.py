"""The known articles: their revisions, removals and returns, and when to fetch them again."""

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

# Fields about the page around an article or about its capture: a change in them is not a revision.
_NOT_CONTENT = {"url", "canonical_url", "related", "copy_of", "revision", "flags", "extractor", "capture"}
_CONTENT = [field.name for field in fields(Article) if field.name not in _NOT_CONTENT]
_EMPTY: dict[type, str] = {type(None): "null", str: '""', list: "[]"}
_AHEAD = timedelta(hours=1)  # how far a server's clock may be ahead of ours
_DIGEST = 6  # bytes; a collision among some twenty fields is practically impossible


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFacts:
    """The facts of a fetch: when it happened, and the server's headers about the page."""

    #: When the request was sent; aware.
    requested: datetime
    #: The page's URL after redirects; None without a redirect.
    url: str | None = None
    #: The Date header; aware, None if missing.
    date: datetime | None = None
    etag: str | None = None
    #: The Last-Modified header, unparsed.
    last_modified: str | None = None
    #: The status was 304.
    is_unmodified: bool = False

    @property
    def server_time(self) -> datetime:
        """The Date header; the time of the request if that is missing or too far ahead of our clock."""
        if self.date is None or self.date > self.requested + _AHEAD:
            return self.requested
        return self.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A revision, a removal or a return of an article."""

    seen: datetime
    #: "revision", "removed" or "returned".
    kind: str
    number: int
    changed: tuple[str, ...]
    #: The name of the crawl that recorded it.
    crawl: str
    #: The WARC file and offset of the capture, if it is archived.
    file: str | None
    offset: int | None
    record_id: str | None


def field_digests(article: Article) -> dict[str, bytes]:
    """Return a digest of each field that belongs to the article itself, over the field's name and value."""
    return {
        name: hashlib.blake2b(
            f"{name}\0{to_json(value) if value else _EMPTY[type(value)]}".encode("utf-8", "surrogatepass"),
            digest_size=_DIGEST,
        ).digest()
        for name in _CONTENT
        for value in (getattr(article, name),)
    }


def next_recrawl(captured: int, now: int, recrawl_ages: Sequence[int]) -> int | None:
    """Return when a page that was first fetched at *captured* is next due after *now*; None: never.

    *recrawl_ages* are in seconds; the times are in milliseconds since 1970.
    """
    return next((due for age in sorted(recrawl_ages) if (due := captured + age * 1000) > now), None)


class Articles:
    """The articles in *database*; their pages are due again at each of *recrawl_ages*, in seconds."""

    def __init__(self, database: Database, recrawl_ages: Sequence[int]) -> None:
        self._database = database
        self._recrawl_ages = recrawl_ages

    def knows(self, article_id: str) -> bool:
        """Return whether any revision of the article is stored."""
        query = "SELECT 1 FROM article WHERE id = ? AND revision > 0"
        return self._database.value(query, (article_id,)) is not None

    def revision_of(self, article: Article) -> Revision | None:
        """Return the revision that *article* is; None if nothing changed since the latest one."""
        query = "SELECT revision, fields FROM article WHERE id = ? AND revision > 0"
        row = self._database.row(query, (article.id,))
        if row is None:
            return Revision()
        number, fields = row
        if fields is None:
            # Migrated from an older schema with other digests: take this article as the latest revision.
            digests = b"".join(field_digests(article).values())
            self._database.execute("UPDATE article SET fields = ? WHERE id = ?", (digests, article.id))
            return None
        known = {fields[at : at + _DIGEST] for at in range(0, len(fields), _DIGEST)}
        changed = [name for name, digest in field_digests(article).items() if digest not in known]
        return Revision(number=number + 1, changed=changed) if changed else None

    def remember(self, article: Article, crawl: str) -> None:
        """Store *article* as its latest revision, unless the same or a later one is stored."""
        fields = b"".join(field_digests(article).values())
        number, captured = article.revision.number, article.capture
        seen = milliseconds(datetime.fromisoformat(captured.date) if captured else clock.now())
        due = next_recrawl(seen, seen, self._recrawl_ages)
        edition_key = article.id.rpartition(":")[0] if article.id.count(":") == 2 else article.publisher
        database = self._database
        with database.transaction():
            database.execute(
                "INSERT INTO article (id, site, url, captured, fetched, due) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET captured = coalesce(article.captured, excluded.captured)",
                (article.id, edition_key, article.url or "", seen, seen, due),
            )
            is_later = database.execute(
                "UPDATE article SET revision = ?, fields = ? WHERE id = ? AND revision < ?",
                (number, fields, article.id, number),
            )
            if is_later:
                where = (captured.file, captured.offset, captured.record_id) if captured else (None,) * 3
                changed = ",".join(article.revision.changed)
                self._record_event(article.id, (seen, "revision", number, changed, crawl, *where))

    def _record_event(self, article_id: str, event: tuple[Any, ...]) -> None:
        self._database.execute(
            "INSERT INTO event (article, seen, what, number, changed, job, file, place, record_id)"
            " SELECT key, ?, ?, ?, ?, ?, ?, ?, ? FROM article WHERE id = ? ON CONFLICT DO NOTHING",
            (*event, article_id),
        )

    def record_fetch(self, article_id: str, facts: FetchFacts, crawl: str) -> bool:
        """Record that the page was fetched, changed or not; return True if it was removed before."""
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
                self._record_event(article_id, (seen, "returned", 0, "", crawl, None, None, None))
        return removed is not None

    def record_other_page(self, article_id: str, facts: FetchFacts) -> None:
        """Record that the server returned a page without an article where there was one before."""
        self._record_request(article_id, facts)

    def _record_request(self, article_id: str, facts: FetchFacts, *, captured: bool = False) -> None:
        """Record a request that succeeded, and when the page is due again.

        If it was announced with a new date during the request, it is due at once.
        """
        requested = milliseconds(facts.requested)
        query = "SELECT captured, renewed, dated FROM article WHERE id = ?"
        first, renewed, dated = self._database.row(query, (article_id,)) or (None, None, None)
        if first is None:
            first = requested
        is_renewed = renewed is not None and renewed > requested and dated > milliseconds(facts.server_time)
        due = renewed if is_renewed else next_recrawl(first, requested, self._recrawl_ages)
        self._database.execute(
            "UPDATE article SET captured = CASE WHEN ? THEN ? ELSE captured END,"
            " fetched = ?, fetched_there = ?, due = ?, visits = visits + 1, leased_until = NULL,"
            " failures = 0, failing_since = NULL, reason = NULL WHERE id = ?",
            (captured, first, requested, milliseconds(facts.server_time), due, article_id),
        )

    def is_unrecorded(self, article_id: str, requested: datetime) -> bool:
        """Return whether the article is known, but not its fetch requested at *requested* (aware)."""
        row = self._database.row("SELECT fetched FROM article WHERE id = ?", (article_id,))
        return row is not None and (row[0] or 0) < milliseconds(requested)

    def was_captured(self, article_id: str) -> bool:
        """Return whether the article's page was ever fetched."""
        query = "SELECT captured FROM article WHERE id = ?"
        return self._database.value(query, (article_id,)) is not None

    def record_removal(self, article_id: str, facts: FetchFacts, crawl: str) -> bool:
        """Record that the page was removed; return True the first time."""
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
                self._record_event(article_id, (seen, "removed", 0, "", crawl, None, None, None))
        return removed is None

    def record_move(self, article_id: str) -> None:
        """Record that the page shows another article now; this one is not fetched again."""
        self._database.execute(
            "UPDATE article SET due = NULL, leased_until = NULL, failures = 0, failing_since = NULL,"
            " reason = NULL, captured = coalesce(captured, announced) WHERE id = ?",
            (article_id,),
        )

    def find(self, id_or_url: str) -> str | None:
        """Return the id of the article with this id or URL; None if it is not known."""
        query = "SELECT id FROM article WHERE id = ? OR url = ? ORDER BY revision DESC"
        found: str | None = self._database.value(query, (id_or_url, id_or_url))
        return found

    def history(self, article_id: str) -> Iterator[Event]:
        """Yield the events of an article, the earliest first."""
        query = (
            "SELECT seen, what, number, changed, job, file, place, record_id FROM event"
            " JOIN article ON article.key = event.article WHERE id = ? ORDER BY seen, number"
        )
        for seen, kind, number, changed, *rest in self._database.rows(query, (article_id,)):
            names = tuple(changed.split(",")) if changed else ()
            crawl, file, offset, record_id = rest
            yield Event(
                seen=moment(seen), kind=kind, number=number, changed=names, crawl=crawl,
                file=file, offset=offset, record_id=record_id,
            )  # fmt: skip
