"""Every look at an article's page: what came of it, and when the page is asked for again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.clock import milliseconds, moment
from crawler.state.changes import UNCONFIRMED
from crawler.state.schedule import SECOND_LOOK, Due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.state.database import Database
    from crawler.state.schedule import Schedule

_AHEAD = timedelta(hours=1)  # how far a server's clock may be ahead of ours
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFacts:
    """The facts of a fetch: when it happened, what came, and the server's headers about the page."""

    #: When the request was sent; aware.
    requested: datetime
    status: int = 200
    #: The kind of the page, see `crawler.extraction.kinds`; None without a page.
    kind: str | None = None
    #: Digest of the payload; None if it was not recorded.
    digest: str | None = None
    #: The page's URL after redirects; None without a redirect.
    url: str | None = None
    #: The Date header; aware, None if missing.
    date: datetime | None = None
    etag: str | None = None
    #: The Last-Modified header, unparsed.
    last_modified: str | None = None

    @property
    def is_unmodified(self) -> bool:
        """The server said that the page is as it was."""
        return self.status == NOT_MODIFIED

    @property
    def server_time(self) -> datetime:
        """The Date header; the time of the request if that is missing or too far ahead of our clock."""
        if self.date is None or self.date > self.requested + _AHEAD:
            return self.requested
        return self.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One look at an article's page."""

    seen: datetime
    #: None if no answer came.
    status: int | None
    kind: str | None
    digest: str | None
    #: new, revised, unchanged, unmodified (304), gone (404, 410), redirected, or "failed: " and why.
    outcome: str

    @property
    def has_article(self) -> bool:
        """Whether the article was there, or the server said that it is unchanged."""
        return self.outcome in {"new", "revised", "unchanged", "unmodified"}


class Visits:
    """The looks at articles' pages in *database*, and by *schedule* the next ones."""

    def __init__(self, database: Database, schedule: Schedule) -> None:
        self._database = database
        self._schedule = schedule

    def record_article(self, article_id: str, facts: FetchFacts, crawl: str, outcome: str) -> bool:
        """Record that the article was there, changed or not; return True if it had been missing.

        *outcome* is "new", "revised" or "unchanged"; with status 304 "unmodified".
        """
        database = self._database
        with database.transaction():
            query = "SELECT removed, etag, modified, url FROM article WHERE id = ?"
            removed, etag, modified, url = database.row(query, (article_id,)) or (None,) * 4
            if outcome == "revised" and _same_validators((etag, modified), facts):
                self._distrust(facts.url or url, facts.requested)
            self._record_request(article_id, facts, captured=True)
            kept = facts.is_unmodified
            database.execute(
                "UPDATE article SET removed = NULL, url = coalesce(?, url), etag = coalesce(?, ?),"
                " modified = coalesce(?, ?) WHERE id = ?",
                (
                    facts.url,
                    facts.etag,
                    etag if kept else None,
                    facts.last_modified,
                    modified if kept else None,
                    article_id,
                ),
            )
            seen = milliseconds(facts.requested)
            database.execute(
                "UPDATE event SET last_seen = ? WHERE what = 'revision' AND coalesce(last_seen, 0) < ?"
                " AND article = (SELECT key FROM article WHERE id = ?)"
                " AND number = (SELECT revision FROM article WHERE id = ?)",
                (seen, seen, article_id, article_id),
            )
            if removed is not None:
                database.execute(
                    "INSERT INTO event (article, seen, what, job)"
                    " SELECT key, ?, 'returned', ? FROM article WHERE id = ? ON CONFLICT DO NOTHING",
                    (seen, crawl, article_id),
                )
            seen_as = facts if kept else replace(facts, kind="article")
            self._record(article_id, seen_as, crawl, "unmodified" if kept else outcome)
        return removed is not None

    def record_missing(
        self, article_id: str, facts: FetchFacts, crawl: str, *, sort: str, target: str | None = None
    ) -> bool:
        """Record that a captured article was not served; return True the first time.

        *sort* is "gone" or, with the *target*, "redirected".
        """
        with self._database.transaction():
            self._record(article_id, facts, crawl, sort)
            looks = list(self.missing_since(article_id))
            due = None
            if not self._is_lasting(article_id):
                due = self._schedule.after_missing(milliseconds(facts.requested), len(looks))
            self._record_request(article_id, facts, due=due)
            # None if our clock was set back since the article was there.
            first = looks[-1].seen if looks else facts.requested
            return self._remove(article_id, first, crawl, sort, target)

    def _remove(self, article_id: str, seen: datetime, crawl: str, sort: str, target: str | None) -> bool:
        """Record the removal, unless it is recorded; return whether it was not."""
        if self._database.value("SELECT removed FROM article WHERE id = ?", (article_id,)) is not None:
            return False
        self._database.execute(
            "UPDATE article SET removed = ? WHERE id = ?", (milliseconds(seen), article_id)
        )
        self._database.execute(
            "INSERT INTO event (article, seen, what, job, sort, target, last_seen)"
            " SELECT key, ?, 'removed', ?, ?, ?, (SELECT last_seen FROM event WHERE article = key"
            "  AND what = 'revision' AND number = revision)"
            " FROM article WHERE id = ? ON CONFLICT DO NOTHING",
            (milliseconds(seen), crawl, sort, target, article_id),
        )
        return True

    def record_failure(
        self,
        article_id: str,
        reason: str,
        now: datetime,
        crawl: str = "",
        facts: FetchFacts | None = None,
    ) -> bool:
        """Record that a page could not be had, for *reason*, and when to retry.

        *facts* are those of an answer that was not the article. Returns True if this made it a soft removal:
        an error page with status 200 at three visits over at least a day.
        """
        database, at = self._database, milliseconds(now)
        with database.transaction():
            query = "SELECT failures, failing_since, captured FROM article WHERE id = ?"
            failures, since, captured = database.row(query, (article_id,)) or (0, None, None)
            due = self._schedule.after_failure(at, failures, since, captured=captured is not None)
            if captured is not None and self._is_lasting(article_id):
                due = self._schedule.after(captured, at)
            self._record(article_id, facts, crawl, f"failed: {reason}", at)
            database.execute(
                "UPDATE article SET failures = failures + 1, failing_since = coalesce(failing_since, ?),"
                " reason = ?, due = ?, unconditional = CASE WHEN ? = 1 THEN 1 ELSE unconditional END,"
                " leased_until = NULL WHERE id = ?",
                (at, reason, due.at, int(due.unconditional), article_id),
            )
            if captured is None or facts is None or facts.kind != "error":
                return False
            looks = [each for each in self.missing_since(article_id) if each.kind == "error"]
            if len(looks) < 3 or looks[0].seen - looks[-1].seen < timedelta(days=1):
                return False
            return self._remove(article_id, looks[-1].seen, crawl, "soft", None)

    def _is_lasting(self, article_id: str) -> bool:
        query = (
            "SELECT 1 FROM event JOIN article ON article.key = event.article AND event.seen = removed"
            " WHERE id = ? AND what = 'removed' AND outcome = 'lasting'"
        )
        return self._database.value(query, (article_id,)) is not None

    def record_other_address(self, article_id: str) -> None:
        """Record that the page shows an article that is known under another id; that one is visited."""
        self._database.execute(
            "UPDATE article SET due = NULL, leased_until = NULL, failures = 0, failing_since = NULL,"
            " reason = NULL, captured = coalesce(captured, announced) WHERE id = ?",
            (article_id,),
        )

    def _record(
        self, article_id: str, facts: FetchFacts | None, crawl: str, outcome: str, seen: int = 0
    ) -> None:
        answer = (facts.status, facts.kind, facts.digest) if facts else (None,) * 3
        self._database.execute(
            "INSERT INTO visit (article, seen, status, kind, digest, outcome, job)"
            " SELECT key, ?, ?, ?, ?, ?, ? FROM article WHERE id = ? ON CONFLICT DO NOTHING",
            (milliseconds(facts.requested) if facts else seen, *answer, outcome, crawl, article_id),
        )

    def _record_request(
        self, article_id: str, facts: FetchFacts, *, captured: bool = False, due: Due | None = None
    ) -> None:
        """Record a request that was answered, and when the page is due again: at *due*, or by its age.

        If it was announced with a new date during the request, it is due at once.
        """
        requested = milliseconds(facts.requested)
        query = "SELECT captured, renewed, dated FROM article WHERE id = ?"
        first, renewed, dated = self._database.row(query, (article_id,)) or (None, None, None)
        if first is None:
            first = requested
        if renewed is not None and renewed > requested and dated > milliseconds(facts.server_time):
            due = Due(renewed)
        due = due or self._second_look(article_id, requested) or self._schedule.after(first, requested)
        self._database.execute(
            "UPDATE article SET captured = CASE WHEN ? THEN ? ELSE captured END,"
            " fetched = ?, fetched_there = ?, due = ?, unconditional = ?, visits = visits + 1,"
            " leased_until = NULL, failures = 0, failing_since = NULL, reason = NULL WHERE id = ?",
            (
                captured,
                first,
                requested,
                milliseconds(facts.server_time),
                due.at,
                int(due.unconditional),
                article_id,
            ),
        )

    def _second_look(self, article_id: str, requested: int) -> Due | None:
        """Return the second look at the latest version if it is unconfirmed and not that old yet."""
        query = (
            "SELECT event.seen FROM event JOIN article ON article.key = event.article"
            " WHERE id = ? AND what = 'revision' AND number = revision AND outcome = ?"
        )
        seen: int | None = self._database.value(query, (article_id, UNCONFIRMED))
        if seen is None or requested >= seen + SECOND_LOOK:
            return None
        return Due(seen + SECOND_LOOK, unconditional=True)

    # Hosts.

    def _distrust(self, url: str | None, since: datetime) -> None:
        """Send no more validators to the host of *url*: a page changed while its validator did not."""
        self._database.execute(
            "INSERT INTO host (name, distrusted) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            (host_of(url), milliseconds(since)),
        )

    def distrusted_since(self, url: str) -> datetime | None:
        """Return since when it is known that the host of *url* calls changed pages unchanged; None: never."""
        since = self._database.value("SELECT distrusted FROM host WHERE name = ?", (host_of(url),))
        return moment(since) if since is not None else None

    # Questions.

    def of(self, article_id: str) -> Iterator[Visit]:
        """Yield the looks at the article's page, the latest first."""
        query = (
            "SELECT seen, status, visit.kind, digest, outcome FROM visit JOIN article ON key = article"
            " WHERE id = ? ORDER BY seen DESC"
        )
        for seen, status, kind, digest, outcome in self._database.rows(query, (article_id,)):
            yield Visit(seen=moment(seen), status=status, kind=kind, digest=digest, outcome=outcome)

    def missing_since(self, article_id: str) -> Iterator[Visit]:
        """Yield the looks that found 404, 410, an error page or a redirect since the article was there last.

        The latest comes first.
        """
        for visit in self.of(article_id):
            if visit.has_article:
                return
            if visit.outcome in {"gone", "redirected"} or visit.kind == "error":
                yield visit

    def is_unrecorded(self, article_id: str, requested: datetime) -> bool:
        """Return whether the article is known, but not its fetch requested at *requested* (aware)."""
        row = self._database.row("SELECT fetched FROM article WHERE id = ?", (article_id,))
        return row is not None and (row[0] or 0) < milliseconds(requested)

    def was_captured(self, article_id: str) -> bool:
        """Return whether the article's page was ever had."""
        query = "SELECT captured FROM article WHERE id = ?"
        return self._database.value(query, (article_id,)) is not None


def _same_validators(before: tuple[str | None, str | None], facts: FetchFacts) -> bool:
    etag, modified = before
    if etag or facts.etag:
        return etag == facts.etag
    return modified is not None and modified == facts.last_modified


def host_of(url: str | None) -> str:
    """Return the host of *url*; an empty string without one."""
    return urlsplit(url or "").hostname or ""
