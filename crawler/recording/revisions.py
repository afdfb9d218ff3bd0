"""Whether a page that was read is a new version of its article: an edit of the publisher, or none.

Versions are compared like with like. Where a page seems changed, the capture of the version before is read
again by today's rules; so neither a mended rule nor a new field becomes a revision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from crawler.items import Revision
from crawler.state.changes import UNCONFIRMED, differing, kept_share, packed, revised
from crawler.state.schedule import SECOND_LOOK

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.items import Article
    from crawler.state import State, Version

#: Flags of a revision: old and new rules disagree whether there was a change; or the version before it could
#: not be read again, and a newer date of modification is all that is known.
RULES_DISAGREE = "rules_disagree"
COMPARED_UNLIKE = "compared_unlike"
_SAME_TEXT = 0.8  # share of the text that two addresses of one article have in common, both ways


class Earlier(Protocol):
    """Gives the version before, as today's rules read its capture."""

    def article(self, version: Version) -> Article | None:
        """Return the article in the capture of *version*.

        None if today's rules find none there. Raises LookupError if the capture cannot be read here.
        """


@dataclass(frozen=True, slots=True)
class Compared:
    """The result of a comparison: a revision to write, or None; and what to count, if anything."""

    article: Article | None
    counted: str = ""


class Revisions:
    """Compares articles with their latest versions in *state*, which *earlier* reads again."""

    def __init__(self, state: State, earlier: Earlier, count: Callable[[str], None]) -> None:
        self._state = state
        self._earlier = earlier
        self._count = count

    def next(self, article: Article) -> Article | None:
        """Return *article* as its next revision; None if the publisher changed nothing that counts."""
        before = self._state.articles.latest(article.id)
        if before is None:
            return replace(article, revision=Revision(), flags=_flags(article))
        digests = packed(article)
        is_same = before.fields == digests
        is_alike = before.rules == article.extractor.version and before.fields is not None
        compared = Compared(None) if is_same and is_alike else self._compare(before, article, digests)
        if compared.counted:
            self._count(f"articles/{compared.counted}")
        if compared.article is None and not is_alike:
            # Today's reading of the same version: what the next ones are compared with.
            self._state.articles.rebase(article)
        return compared.article

    def _compare(self, before: Version, article: Article, digests: bytes) -> Compared:
        try:
            known = self._earlier.article(before)
        except LookupError:
            return self._compare_unread(before, article, digests)
        if known is None:
            # By today's rules the version before was no article: an error page that passed for one.
            changed = differing(before.fields, digests) if before.fields else ["text"]
            if not changed:
                return Compared(None, "reread")
            return Compared(_revision(before, article, changed, RULES_DISAGREE))
        known = replace(known, revision=Revision(number=before.number))
        found = revised(known, article)
        if found is None:
            return Compared(None, "reread")
        if before.fields is not None and self._seemed_the_same(before, found, digests):
            found = replace(found, flags=sorted({*found.flags, RULES_DISAGREE}))
        return Compared(found)

    def _seemed_the_same(self, before: Version, found: Article, digests: bytes) -> bool:
        """Return whether the rules of *before* saw no change where today's see one."""
        stored_changes = differing(before.fields or b"", digests)
        if not set(found.revision.changed) <= set(stored_changes):
            return True
        payload = found.capture.payload_digest if found.capture else None
        return before.rules != found.extractor.version and any(
            visit.outcome == "unchanged" and payload is not None and visit.digest == payload
            for visit in self._state.visits.of(before.id)
        )

    def _compare_unread(self, before: Version, article: Article, digests: bytes) -> Compared:
        """Compare with a version whose capture cannot be read here: by digests of the same rules."""
        if before.fields is not None and before.rules == article.extractor.version:
            changed = differing(before.fields, digests)
            flags = [UNCONFIRMED] if self._lost_much(before, article) else []
            return Compared(_revision(before, article, changed, *flags) if changed else None)
        if _is_newer(article.date_modified, before):
            changed = differing(before.fields, digests) if before.fields else ["date_modified"]
            return Compared(_revision(before, article, changed, COMPARED_UNLIKE))
        return Compared(None, "reread_missing")

    def _lost_much(self, before: Version, article: Article) -> bool:
        """Return whether more than half of the text of *before* is gone, as far as its sketch tells."""
        likeness = self._state.near_duplicates.resemblance(before.id, article)
        if not before.length:
            return False
        if likeness is None:
            return 2 * len(article.text) < before.length
        # Of the Jaccard index J and both sizes: the shared part is J / (1 + J) of their sum.
        shared = likeness / (1 + likeness) * (before.length + len(article.text))
        return 2 * shared < before.length

    def resolve(self, article: Article, stored: Article | None, seen: datetime) -> None:
        """Record what a look at *seen* at the unconfirmed latest version found: *article*, and *stored*.

        Nothing is recorded within ten minutes of the version, or if it is not unconfirmed.
        """
        before = self._state.articles.latest(article.id)
        if before is None or before.outcome != UNCONFIRMED:
            return
        if stored is not None:
            earlier = self._state.articles.fields_of(article.id, before.number - 1)
            outcome = "reverted" if earlier == packed(article) else "changed again"
        else:
            if (seen - before.seen).total_seconds() * 1000 < SECOND_LOOK:
                return
            outcome = "confirmed"
        self._state.articles.resolve(before, outcome)

    def is_same_article(self, article_id: str, article: Article) -> bool:
        """Return whether *article*, read at another address, has nearly the text of the one with this id."""
        before = self._state.articles.latest(article_id)
        if before is None:
            return False
        try:
            known = self._earlier.article(before)
        except LookupError:
            known = None
        if known is not None:
            shares = kept_share(known.text, article.text), kept_share(article.text, known.text)
            return min(shares) >= _SAME_TEXT and (len(known.text) > 0 or known.headline == article.headline)
        likeness = self._state.near_duplicates.resemblance(article_id, article)
        return likeness is not None and likeness >= _SAME_TEXT


def _flags(article: Article) -> list[str]:
    return sorted(set(article.flags) - {UNCONFIRMED})


def _revision(before: Version, article: Article, changed: list[str], *flags: str) -> Article:
    revision = Revision(number=before.number + 1, changed=changed)
    return replace(article, revision=revision, flags=sorted({*_flags(article), *flags}))


def _is_newer(date_modified: str | None, before: Version) -> bool:
    """Return whether the page was modified after *before*, by its own date."""
    if date_modified is None:
        return False
    last = datetime.fromisoformat(before.date_modified) if before.date_modified else before.seen
    return datetime.fromisoformat(date_modified) > last
