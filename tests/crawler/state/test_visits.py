"""Each look at a page is kept, and says when the next one is."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crawler.items import Revision
from crawler.state import FetchFacts, State
from crawler.state.changes import UNCONFIRMED
from tests.support.articles import an_article
from tests.support.states import HOUR, NOW, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.state import DuePage

ID = "x:y:1"


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        state.frontier.announce(1, [wanted(NOW)], "job", NOW)
        yield state


def _had(state: State, hours: float, *, etag: str | None = None, outcome: str = "unchanged") -> bool:
    return state.visits.record_article(
        ID, FetchFacts(requested=NOW + hours * HOUR, etag=etag), "job", outcome
    )


def _next(state: State) -> DuePage:
    (page,) = state.frontier.lease(9, NOW + 9999 * HOUR)
    state.frontier.release_all()
    return page


def test_every_look_is_kept_with_its_outcome(state: State) -> None:
    _had(state, 0, outcome="new")
    state.visits.record_article(ID, FetchFacts(requested=NOW + HOUR, status=304), "job", "unmodified")
    gone = FetchFacts(requested=NOW + 2 * HOUR, status=404)
    state.visits.record_missing(ID, gone, "job", sort="gone")
    state.visits.record_failure(ID, "503", NOW + 3 * HOUR, "job")
    found = [(visit.status, visit.kind, visit.outcome) for visit in state.visits.of(ID)]
    assert found == [
        (None, None, "failed: 503"), (404, None, "gone"), (304, None, "unmodified"), (200, "article", "new"),
    ]  # fmt: skip


def test_a_removal_and_a_return_are_new_once(state: State) -> None:
    assert not state.visits.was_captured(ID)
    assert not _had(state, 0)
    assert state.visits.was_captured(ID)
    gone = [FetchFacts(requested=NOW + hours * HOUR, status=404) for hours in (1, 2)]
    assert [state.visits.record_missing(ID, facts, "job", sort="gone") for facts in gone] == [True, False]
    assert [_had(state, 3), _had(state, 4)] == [True, False]
    assert [event.kind for event in state.articles.history(ID)] == ["removed", "returned"]


def test_a_version_is_last_seen_when_it_was_found_unchanged(state: State) -> None:
    state.articles.remember(an_article(1), "job")
    (first,) = state.articles.history(ID)
    later = (first.seen - NOW) / HOUR
    _had(state, later + 1)
    state.articles.remember(replace(an_article(1), revision=Revision(number=2, changed=["text"])), "job")
    _had(state, later + 5)
    seen = [event.last_seen for event in state.articles.history(ID)]
    assert seen == [first.seen + HOUR, first.seen + 5 * HOUR]


def test_validators_are_sent_but_not_at_the_last_age(state: State) -> None:
    _had(state, 0, etag='"1"')
    assert _next(state).etag == '"1"'
    _had(state, 24 * 7, etag='"1"')
    assert _next(state).etag is None
    _had(state, 24 * 30, etag='"1"')
    assert _next(state).etag is None


def test_a_host_whose_validator_stayed_while_the_article_changed_is_asked_without(state: State) -> None:
    _had(state, 0, etag='"1"')
    assert state.visits.distrusted_since("https://a.vn/2") is None
    _had(state, 1, etag='"1"', outcome="revised")
    assert state.visits.distrusted_since("https://a.vn/2") == NOW + HOUR
    assert _next(state).etag is None


def test_a_new_validator_is_no_reason_for_distrust(state: State) -> None:
    _had(state, 0, etag='"1"')
    _had(state, 1, etag='"2"', outcome="revised")
    assert state.visits.distrusted_since("https://a.vn/1") is None


def test_an_unconfirmed_version_is_looked_at_again_after_ten_minutes(state: State) -> None:
    state.articles.remember(replace(an_article(1), flags=[UNCONFIRMED]), "job")
    seen = state.database.value("SELECT seen FROM event")
    (event,) = state.articles.history(ID)
    state.visits.record_article(ID, FetchFacts(requested=event.seen, etag='"1"'), "job", "new")
    assert state.database.value("SELECT due FROM article") == seen + 10 * 60 * 1000
    assert _next(state).etag is None


def test_an_error_page_at_three_visits_over_a_day_is_a_soft_removal(state: State) -> None:
    _had(state, 0)
    found = [
        state.visits.record_failure(
            ID, "error", NOW + hours * HOUR, "job", FetchFacts(requested=NOW + hours * HOUR, kind="error")
        )
        for hours in (1, 2, 3, 26, 27)
    ]
    assert found == [False, False, False, True, False]
    (removed,) = state.articles.history(ID)
    assert (removed.sort, removed.seen) == ("soft", NOW + HOUR)


def test_other_pages_and_errors_of_a_page_never_had_are_no_removal(state: State) -> None:
    for hours in (1, 2, 30):
        facts = FetchFacts(requested=NOW + hours * HOUR, kind="error")
        assert not state.visits.record_failure(ID, "error", facts.requested, "job", facts)
    _had(state, 31)
    for hours in (32, 33, 90):
        facts = FetchFacts(requested=NOW + hours * HOUR, kind="wall")
        assert not state.visits.record_failure(ID, "wall", facts.requested, "job", facts)


def test_a_failure_does_not_bring_the_validators_back(state: State) -> None:
    _had(state, 0, etag='"1"')
    _had(state, 24 * 7, etag='"1"')
    state.visits.record_failure(ID, "503", NOW + 24 * 30 * HOUR, "job")
    assert _next(state).etag is None


def test_what_was_given_up_is_asked_for_when_it_is_announced_anew(state: State) -> None:
    for days in range(40):
        state.visits.record_failure(ID, "503", NOW + days * 24 * HOUR, "job")
    assert state.frontier.lease(9, NOW + 9999 * HOUR) == []
    later = NOW + 50 * 24 * HOUR
    state.frontier.announce(1, [wanted(later)], "job", later)
    assert _next(state).id == ID
