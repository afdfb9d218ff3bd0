"""A removal lasts only if the host was well whenever the article was missing."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.state import FetchFacts, State
from tests.support.states import HOUR, NOW, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = "x:y:1"
OTHER_HOST = "https://b.vn/3"


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        pages = [
            wanted(NOW),
            wanted(NOW, url="https://a.vn/2", number=2),
            wanted(NOW, url=OTHER_HOST, number=3),
        ]
        state.frontier.announce(1, pages, "job", NOW)
        for number in (1, 2, 3):
            state.visits.record_article(f"x:y:{number}", FetchFacts(requested=NOW), "job", "new")
        yield state


def _gone(state: State, hours: float) -> None:
    facts = FetchFacts(requested=NOW + hours * HOUR, status=404)
    state.visits.record_missing(ID, facts, "job", sort="gone")


def _there(state: State, hours: float, number: int = 2, status: int = 200) -> None:
    facts = FetchFacts(requested=NOW + hours * HOUR, status=status)
    state.visits.record_article(f"x:y:{number}", facts, "job", "unchanged")


def test_two_looks_while_others_were_served_last(state: State) -> None:
    _gone(state, 5)
    _there(state, 5.5)
    assert state.removals.settle() == 0
    _gone(state, 9)
    assert not state.removals.lasts(ID)
    _there(state, 9.9)
    assert state.removals.settle() == 1
    assert state.removals.settle() == 0
    assert [event.outcome for event in state.articles.history(ID)] == ["lasting"]
    # From now on it is visited like any other article.
    assert state.database.value("SELECT due FROM article WHERE id = ?", (ID,)) == round(
        (NOW + 24 * HOUR).timestamp() * 1000
    )


@pytest.mark.parametrize(
    ("number", "status"),
    [(1, 200), (3, 200), (2, 304)],
    ids=["itself alone", "another host", "unchanged, it is said"],
)
def test_what_does_not_show_that_the_host_was_well(state: State, number: int, status: int) -> None:
    for hours in (5, 9, 30):
        _gone(state, hours)
        if number != 1:
            _there(state, hours, number, status)
    assert not state.removals.lasts(ID)
    assert [well for _, well in state.removals.looks(ID)] == [False, False, False]


def test_looks_while_the_host_was_out_of_order_do_not_count(state: State) -> None:
    for hours in (5, 9, 30, 50, 60):
        _gone(state, hours)
        if hours != 50:
            _there(state, hours)
    assert not state.removals.lasts(ID)
    _gone(state, 70)
    _there(state, 70)
    assert state.removals.lasts(ID)


def test_a_soft_one_takes_three_looks_over_a_day(state: State) -> None:
    for hours in (5, 9, 20, 40):
        facts = FetchFacts(requested=NOW + hours * HOUR, kind="error")
        state.visits.record_failure(ID, "error", facts.requested, "job", facts)
        _there(state, hours)
        assert state.removals.settle() == (hours == 40)


def test_looks_in_the_same_minute_are_one(state: State) -> None:
    for hours in (5, 5.1, 5.2):
        _gone(state, hours)
    _there(state, 5.3)
    assert not state.removals.lasts(ID)


def test_redirects_do_not_prove_each_other(state: State) -> None:
    for hours in (5, 9):
        for number in (1, 2):
            facts = FetchFacts(requested=NOW + hours * HOUR, kind="article", digest="theirs")
            state.visits.record_missing(
                f"x:y:{number}", facts, "job", sort="redirected", target="https://b.vn/3"
            )
    assert state.removals.settle() == 0
