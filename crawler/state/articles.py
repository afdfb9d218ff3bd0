"""The known articles: their versions, their events, and the addresses at which they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler import clock
from crawler.clock import milliseconds, moment
from crawler.state.changes import FORM, UNCONFIRMED, packed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.items import Article
    from crawler.state.database import Database
    from crawler.state.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The latest version of an article that is stored, as far as the state knows it."""

    id: str
    number: int
    #: When its page was fetched.
    seen: datetime
    #: Digests of its fields, see `crawler.state.changes.packed`; None if they cannot be compared.
    fields: bytes | None
    #: The version of banluu that read it; None if unknown.
    rules: str | None
    date_modified: str | None
    #: Of its text, in characters; None if unknown.
    length: int | None
    #: The WARC file, the offset in it, and the record of its capture; None if it is not archived.
    file: str | None
    offset: int | None
    record_id: str | None
    #: None, "unconfirmed", or what the second look found: "confirmed", "reverted", "changed again".
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an article stands."""

    url: str
    published: datetime | None
    #: Why the latest look failed, None if it did not; and since when all looks have failed.
    reason: str | None
    failing_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A revision, a removal or a return of an article, or a change of its address."""

    seen: datetime
    #: "revision", "removed", "returned" or "moved".
    kind: str
    number: int
    changed: tuple[str, ...]
    #: The name of the crawl that recorded it.
    crawl: str
    #: The WARC file and offset of the capture, if it is archived.
    file: str | None
    offset: int | None
    record_id: str | None
    #: Of a revision: when it was last seen. Of a removal, which was first missing at `seen`: the same of the
    #: version before.
    last_seen: datetime | None = None
    #: Of a revision that was or is unconfirmed, see `Version.outcome`. Of a removal: "lasting", or None.
    outcome: str | None = None
    #: Of a removal: "gone" (404, 410), "soft" (an error page with status 200) or "redirected".
    sort: str | None = None
    #: Of a move or a redirect: the address it leads to.
    target: str | None = None


class Articles:
    """The articles in *database*; one that was never announced is next visited by *schedule*."""

    def __init__(self, database: Database, schedule: Schedule) -> None:
        self._database = database
        self._schedule = schedule

    def knows(self, article_id: str) -> bool:
        """Return whether any version of the article is stored."""
        query = "SELECT 1 FROM article WHERE id = ? AND revision > 0"
        return self._database.value(query, (article_id,)) is not None

    def latest(self, article_id: str) -> Version | None:
        """Return the latest version of the article; None if none is stored."""
        query = (
            "SELECT revision, coalesce(event.seen, captured), article.fields, article.form, rules,"
            " date_modified, length, file, place, record_id, outcome FROM article"
            " LEFT JOIN event ON event.article = article.key AND what = 'revision' AND number = revision"
            " WHERE id = ? AND revision > 0"
        )
        row = self._database.row(query, (article_id,))
        if row is None:
            return None
        number, seen, fields, form, rules, date_modified, length, file, offset, record_id, outcome = row
        return Version(
            id=article_id, number=number, seen=moment(seen or 0), fields=fields if form == FORM else None,
            rules=rules, date_modified=date_modified, length=length, file=file, offset=offset,
            record_id=record_id, outcome=outcome,
        )  # fmt: skip

    def fields_of(self, article_id: str, number: int) -> bytes | None:
        """Return the digests of the fields of revision *number*; None if they cannot be compared."""
        query = (
            "SELECT event.fields FROM event JOIN article ON article.key = event.article"
            " WHERE id = ? AND what = 'revision' AND number = ? AND event.form = ?"
        )
        found: bytes | None = self._database.value(query, (article_id, number, FORM))
        return found

    def remember(self, article: Article, crawl: str) -> None:
        """Store *article* as its latest version, unless the same or a later one is stored."""
        number, capture = article.revision.number, article.capture
        seen = milliseconds(datetime.fromisoformat(capture.date) if capture else clock.now())
        edition_key = article.id.rpartition(":")[0] if article.id.count(":") == 2 else article.publisher
        database = self._database
        with database.transaction():
            database.execute(
                "INSERT INTO article (id, site, url, captured, fetched, due) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET captured = coalesce(article.captured, excluded.captured)",
                (article.id, edition_key, article.url or "", seen, seen, self._schedule.after(seen, seen).at),
            )
            is_later = database.execute(
                "UPDATE article SET revision = ? WHERE id = ? AND revision < ?", (number, article.id, number)
            )
            if is_later:
                self.rebase(article)
                self._record_revision(article, seen, crawl)

    def rebase(self, article: Article) -> None:
        """Take *article*, a reading of the latest version, as what later ones are compared with."""
        published = article.date_published
        self._database.execute(
            "UPDATE article SET fields = ?, form = ?, rules = ?, published = coalesce(?, published),"
            " date_modified = ?, length = ? WHERE id = ?",
            (
                packed(article),
                FORM,
                article.extractor.version,
                milliseconds(datetime.fromisoformat(published)) if published else None,
                article.date_modified,
                len(article.text),
                article.id,
            ),
        )

    def _record_revision(self, article: Article, seen: int, crawl: str) -> None:
        capture = article.capture
        self._database.execute(
            "INSERT INTO event (article, seen, what, number, changed, job, file, place, record_id,"
            " last_seen, fields, form, outcome)"
            " SELECT key, ?, 'revision', ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM article WHERE id = ?"
            " ON CONFLICT DO NOTHING",
            (
                seen,
                article.revision.number,
                ",".join(article.revision.changed),
                crawl,
                *((capture.file, capture.offset, capture.record_id) if capture else (None,) * 3),
                seen,
                packed(article),
                FORM,
                UNCONFIRMED if UNCONFIRMED in article.flags else None,
                article.id,
            ),
        )

    def standing(self, article_id: str) -> Standing:
        """Return how the article stands, whether a version of it is stored or not."""
        query = "SELECT url, published, reason, failing_since FROM article WHERE id = ?"
        url, published, reason, since = self._database.row(query, (article_id,)) or ("", None, None, None)
        return Standing(
            url=url,
            published=moment(published) if published is not None else None,
            reason=reason,
            failing_since=moment(since or 0),
        )

    def resolve(self, version: Version, outcome: str) -> None:
        """Record what the second look at the unconfirmed *version* found: its *outcome*."""
        self._database.execute(
            "UPDATE event SET outcome = ? WHERE what = 'revision' AND number = ?"
            " AND article = (SELECT key FROM article WHERE id = ?)",
            (outcome, version.number, version.id),
        )

    # Addresses.

    def find(self, id_or_url: str) -> str | None:
        """Return the id of the article with this id or URL; None if it is not known."""
        query = "SELECT id FROM article WHERE id = ? OR url = ? ORDER BY revision DESC"
        found: str | None = self._database.value(query, (id_or_url, id_or_url))
        return self.first_id(found) if found else None

    def first_id(self, article_id: str) -> str:
        """Return the id under which the article is stored: another one if its address has changed."""
        query = (
            "SELECT first.id FROM article JOIN article AS first ON first.key = article.same_as"
            " WHERE article.id = ?"
        )
        return str(self._database.value(query, (article_id,)) or article_id)

    def record_move(self, article_id: str, new_id: str, url: str, seen: datetime, crawl: str) -> None:
        """Record that the article's address is now *url*, which would give it the id *new_id*."""
        edition_key = new_id.rpartition(":")[0]
        with self._database.transaction():
            if new_id != article_id:
                self._database.execute(
                    "INSERT INTO article (id, site, url) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    (new_id, edition_key, url),
                )
                self._database.execute(
                    "UPDATE article SET same_as = (SELECT key FROM article WHERE id = ?),"
                    " captured = coalesce(captured, ?), fetched = coalesce(fetched, ?) WHERE id = ?",
                    (article_id, milliseconds(seen), milliseconds(seen), new_id),
                )
            self.record_event(article_id, "moved", seen, crawl, target=url)

    def record_event(
        self,
        article_id: str,
        kind: str,
        seen: datetime,
        crawl: str,
        *,
        sort: str | None = None,
        target: str | None = None,
    ) -> None:
        """Record an event that is no revision, unless the latest of its kind has the same target."""
        query = (
            "SELECT target FROM event JOIN article ON key = article WHERE id = ? AND what = ?"
            " ORDER BY seen DESC LIMIT 1"
        )
        if target is not None and self._database.value(query, (article_id, kind)) == target:
            return
        self._database.execute(
            "INSERT INTO event (article, seen, what, job, sort, target)"
            " SELECT key, ?, ?, ?, ?, ? FROM article WHERE id = ? ON CONFLICT DO NOTHING",
            (milliseconds(seen), kind, crawl, sort, target, article_id),
        )

    def history(self, article_id: str) -> Iterator[Event]:
        """Yield the events of an article, the earliest first."""
        query = (
            "SELECT seen, what, number, changed, job, file, place, record_id, last_seen, outcome, sort,"
            " target FROM event JOIN article ON article.key = event.article WHERE id = ?"
            " ORDER BY seen, number"
        )
        for seen, kind, number, changed, *rest in self._database.rows(query, (article_id,)):
            crawl, file, offset, record_id, last_seen, outcome, sort, target = rest
            yield Event(
                seen=moment(seen), kind=kind, number=number,
                changed=tuple(changed.split(",")) if changed else (), crawl=crawl, file=file, offset=offset,
                record_id=record_id, last_seen=moment(last_seen) if last_seen else None, outcome=outcome,
                sort=sort, target=target,
            )  # fmt: skip
