"""A history tells intervals and doubts, not more than was seen."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest

from archive import Capture
from crawler.console.history_text import history_lines, history_of
from crawler.items import Revision
from crawler.state import FetchFacts, State
from crawler.state.changes import UNCONFIRMED
from tests.support.articles import an_article
from tests.support.states import HOUR, NOW, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = "x:y:1"


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        state.frontier.announce(1, [wanted(NOW), wanted(NOW, url="https://a.vn/2", number=2)], "job", NOW)
        yield state


def _version(state: State, hours: float, number: int = 1, **fields: Any) -> None:
    moment = (NOW + hours * HOUR).astimezone(UTC)
    capture = Capture(
        file="a.warc.gz", offset=7, length=1, record_id=f"r{number}", date=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        payload_digest=None,
    )  # fmt: skip
    revision = Revision(number=number, changed=["text"] if number > 1 else [])
    state.articles.remember(replace(an_article(1), capture=capture, revision=revision, **fields), "job")
    state.visits.record_article(ID, FetchFacts(requested=moment), "job", "new")


def _told(state: State) -> str:
    return "\n".join(history_lines(history_of(state, ID), lambda _event: {}))


def test_an_edit_happened_between_two_looks(state: State) -> None:
    _version(state, 1, date_published="2026-06-01T12:30:00+00:00")
    state.visits.record_article(ID, FetchFacts(requested=NOW + 3 * HOUR), "job", "unchanged")
    _version(state, 9, 2)
    told = _told(state)
    assert "published 2026-06-01 12:30:00 UTC, 30 min before" in told
    assert "edited between 2026-06-01 15:00:00 UTC and 2026-06-01 21:00:00 UTC (6 h 0 min)" in told
    assert "revision 2  a.warc.gz:7" in told


def test_what_only_the_server_says_is_told_as_that(state: State) -> None:
    _version(state, 1)
    facts = FetchFacts(requested=NOW + 3 * HOUR, status=304)
    state.visits.record_article(ID, facts, "job", "unmodified")
    told = _told(state)
    assert (
        "last seen 2026-06-01 15:00:00 UTC; last read 2026-06-01 13:00:00 UTC, after that the server" in told
    )
    assert "as it did" not in told
    state.visits.record_article("x:y:2", FetchFacts(requested=NOW, etag='"1"'), "job", "new")
    state.visits.record_article("x:y:2", FetchFacts(requested=NOW + HOUR, etag='"1"'), "job", "revised")
    assert "as it did of a page that had changed (2026-06-01 13:00:00 UTC)" in _told(state)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (UNCONFIRMED, "it was not looked at again so far"),
        ("confirmed", "a second look confirmed it"),
        ("reverted", "a second look found it back"),
        ("changed again", "a second look found another version"),
    ],
)
def test_an_unconfirmed_version_has_its_outcome(state: State, outcome: str, words: str) -> None:
    _version(state, 1, flags=[UNCONFIRMED])
    version = state.articles.latest(ID)
    assert version
    state.articles.resolve(version, outcome)
    assert words in _told(state)


def test_a_removal_is_told_with_every_look(state: State) -> None:
    _version(state, 1)
    for hours in (5, 9):
        facts = FetchFacts(requested=NOW + hours * HOUR, status=404)
        state.visits.record_missing(ID, facts, "job", sort="gone")
    assert "17:00:00 UTC: 404, and no other article was served" in _told(state)
    assert "not certain: it is looked at again" in _told(state)
    for hours in (5, 9):
        state.visits.record_article("x:y:2", FetchFacts(requested=NOW + hours * HOUR), "job", "unchanged")
    state.removals.settle()
    told = _told(state)
    assert "removed  not served to us: 404 or 410" in told
    assert "last served 2026-06-01 13:00:00 UTC, first missing 2026-06-01 17:00:00 UTC (4 h 0 min)" in told
    assert "21:00:00 UTC: 404, while other articles were served" in told
    assert "lasting" in told


def test_what_stands_there_instead_is_told(state: State) -> None:
    _version(state, 1)
    redirected = FetchFacts(requested=NOW + 2 * HOUR, kind="listing")
    state.visits.record_missing(ID, redirected, "job", sort="redirected", target="https://a.vn/")
    assert "leads to https://a.vn/" in _told(state)
    _version(state, 3)
    facts = FetchFacts(requested=NOW + 4 * HOUR, kind="wall")
    state.visits.record_failure(ID, "wall", facts.requested, "job", facts)
    assert _told(state).endswith("failing  wall at the latest of 1 looks; it is tried again")


def test_nothing_was_captured_yet(state: State) -> None:
    assert _told(state) == "  not captured yet"
