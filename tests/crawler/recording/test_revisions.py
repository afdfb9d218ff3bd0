"""An edit is the publisher's: never a change of our rules, and never one that nobody made."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from archive import Capture
from crawler.items import Extractor, TextBlock
from crawler.recording.revisions import COMPARED_UNLIKE, RULES_DISAGREE, Revisions
from crawler.state import FetchFacts, State, Version
from crawler.state.changes import UNCONFIRMED
from tests.support.articles import an_article, random_text
from tests.support.states import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler import Article

LONG = random_text(1)


def _article(text: str = LONG, at: datetime = NOW, rules: str = "2", **fields: Any) -> Article:
    """Return an article captured at *at*, as the version *rules* reads it."""
    capture = Capture(
        file="a.warc.gz", offset=0, length=1, record_id=f"<urn:uuid:{at}>",
        date=at.isoformat().replace("+00:00", "Z"), payload_digest=f"sha256:{hash(text)}",
    )  # fmt: skip
    return replace(
        an_article(1),
        text=text,
        body=[TextBlock(type="paragraph", text=text)],
        capture=capture,
        extractor=Extractor(name="banluu", version=rules, page="test"),
        **fields,
    )


class World:
    """A state, and the archive behind it: what today's rules read in the capture before."""

    def __init__(self) -> None:
        self.state = State(None)
        self.archived: Article | LookupError | None = LookupError("on another machine")
        self.counted: Counter[str] = Counter()
        self.revisions = Revisions(self.state, self, lambda name: self.counted.update([name]))

    def article(self, version: Version) -> Article | None:  # noqa: ARG002  it holds one
        if isinstance(self.archived, LookupError):
            raise self.archived
        return self.archived

    def sees(self, article: Article) -> Article | None:
        """Return what *article* is stored as."""
        stored = self.revisions.next(article)
        assert article.capture
        self.revisions.resolve(article, stored, datetime.fromisoformat(article.capture.date))
        if stored:
            self.state.articles.remember(stored, "job")
            self.state.near_duplicates.remember(stored)
        return stored


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    with closing(world.state):
        yield world


def test_a_mended_rule_is_no_revision(world: World) -> None:
    world.sees(_article(LONG[:-300], rules="1"))
    world.archived = _article()
    assert world.sees(_article(at=NOW + timedelta(days=1))) is None
    assert world.counted == {"articles/reread": 1}
    # From now on today's reading is what later ones are compared with.
    world.archived = LookupError()
    assert world.sees(_article(at=NOW + timedelta(days=2))) is None
    assert world.counted == {"articles/reread": 1}


def test_an_edit_is_a_revision_though_the_rules_were_mended(world: World) -> None:
    world.sees(_article(LONG[:-300], rules="1"))
    world.archived = _article()
    stored = world.sees(_article(f"{LONG} And more.", NOW + timedelta(days=1)))
    assert stored
    assert (stored.revision.number, stored.revision.changed, stored.flags) == (2, ["body", "text"], [])


def test_old_and_new_rules_may_disagree_about_an_edit(world: World) -> None:
    # The old rules did not read the author, so that the edit of it looks like no change to them.
    world.sees(_article(rules="1", authors=["Lan"]))
    world.archived = _article(authors=["Hoa"])
    stored = world.sees(_article(at=NOW + timedelta(days=1), authors=["Lan"]))
    assert stored
    assert (stored.revision.changed, stored.flags) == (["authors"], [RULES_DISAGREE])


def test_an_edit_that_the_old_rules_called_unchanged_is_flagged(world: World) -> None:
    first, edited = _article(LONG[:-300], rules="1"), _article(f"{LONG} And more.", NOW + timedelta(days=2))
    world.sees(first)
    assert edited.capture
    facts = FetchFacts(requested=NOW + timedelta(days=1), digest=edited.capture.payload_digest)
    world.state.visits.record_article(first.id, facts, "job", "unchanged")
    world.archived = _article()
    stored = world.sees(edited)
    assert stored
    assert stored.flags == [RULES_DISAGREE]


def test_what_the_old_rules_took_for_a_version_is_corrected(world: World) -> None:
    world.sees(_article("This page does not exist.", rules="1"))
    world.archived = None
    stored = world.sees(_article(at=NOW + timedelta(days=1)))
    assert stored
    assert (stored.revision.number, stored.flags) == (2, [RULES_DISAGREE])


@pytest.mark.parametrize(
    ("before", "after", "flags"),
    [
        (None, None, None),
        (None, NOW - timedelta(days=1), None),
        (None, NOW + timedelta(hours=5), [COMPARED_UNLIKE]),
        (NOW - timedelta(days=2), NOW - timedelta(days=1), [COMPARED_UNLIKE]),
        (NOW - timedelta(days=2), NOW - timedelta(days=2), None),
    ],
)
def test_where_the_version_before_cannot_be_read_its_date_of_modification_decides(
    world: World, before: datetime | None, after: datetime | None, flags: list[str] | None
) -> None:
    dates = [each and each.isoformat() for each in (before, after)]
    world.sees(_article(LONG[:-300], rules="1", date_modified=dates[0]))
    stored = world.sees(_article(at=NOW + timedelta(days=1), date_modified=dates[1]))
    assert (stored and stored.flags) == flags
    assert world.counted == ({} if flags else {"articles/reread_missing": 1})


def test_the_same_rules_need_no_archive(world: World) -> None:
    world.sees(_article())
    stored = world.sees(_article(f"{LONG} And more.", NOW + timedelta(days=1)))
    assert stored
    assert stored.revision.changed == ["body", "text"]
    assert world.sees(_article(f"{LONG} And more.", NOW + timedelta(days=2))) is None
    back = world.sees(_article(at=NOW + timedelta(days=3)))
    assert back
    assert back.revision.number == 3


@pytest.mark.parametrize("is_archived", [True, False])
def test_a_version_that_lost_half_is_unconfirmed_until_it_was_seen_again(
    world: World, *, is_archived: bool
) -> None:
    world.sees(_article())
    if is_archived:
        world.archived = _article()
    short = LONG[: len(LONG) // 3]
    stored = world.sees(_article(short, NOW + timedelta(days=1)))
    assert stored
    assert stored.flags == [UNCONFIRMED]
    for minutes, outcome in ((5, UNCONFIRMED), (15, "confirmed")):
        assert world.sees(_article(short, NOW + timedelta(days=1, minutes=minutes))) is None
        latest = world.state.articles.latest(stored.id)
        assert latest
        assert latest.outcome == outcome


@pytest.mark.parametrize(("text", "outcome"), [(LONG, "reverted"), (f"{LONG} More.", "changed again")])
def test_an_unconfirmed_version_that_is_gone_again_was_reverted(
    world: World, text: str, outcome: str
) -> None:
    world.archived = _article()
    world.sees(_article())
    world.sees(_article("Gone.", NOW + timedelta(days=1)))
    world.archived = _article("Gone.")
    stored = world.sees(_article(text, NOW + timedelta(days=1, minutes=20)))
    assert stored
    assert (stored.revision.number, stored.flags) == (3, [])
    assert [event.outcome for event in world.state.articles.history(stored.id)] == [None, outcome, None]


def test_nearly_the_same_text_is_the_same_article(world: World) -> None:
    world.sees(_article())
    for archived in (LookupError(), _article()):
        world.archived = archived
        assert world.revisions.is_same_article("x:y:1", _article(f"{LONG} And more."))
        assert not world.revisions.is_same_article("x:y:1", _article(random_text(2)))
        assert not world.revisions.is_same_article("x:y:2", _article())
