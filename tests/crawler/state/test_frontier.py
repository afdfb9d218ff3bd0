"""What is announced becomes due, is fetched, and becomes due again."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.state import State
from tests.support.states import HOUR, NOW, due_urls, had, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        yield state


def test_a_page_is_due_at_once_and_at_each_age(state: State) -> None:
    state.frontier.announce(1, [wanted(NOW)], "job", NOW)
    ages, now = [], NOW
    while due_urls(state, NOW + timedelta(days=300)):
        moment = state.database.value("SELECT due FROM article")
        now = max(NOW, datetime.fromtimestamp(moment / 1000, UTC))
        ages.append((now - NOW).total_seconds())
        had(state, now)
    day = 86_400
    assert ages == [0, 3_600, 21_600, day, 7 * day, 30 * day, 210 * day]


def test_a_new_date_makes_it_due_and_an_old_one_does_not(state: State) -> None:
    state.frontier.announce(1, [wanted(NOW)], "job", NOW)
    had(state, NOW)
    state.frontier.announce(2, [wanted(NOW - HOUR)], "job", NOW + HOUR / 2)
    state.frontier.announce(1, [wanted(NOW)], "job", NOW + HOUR / 2)
    assert due_urls(state, NOW + HOUR / 2) == []
    state.frontier.announce(1, [wanted(NOW + HOUR / 3)], "job", NOW + HOUR / 2)
    assert due_urls(state, NOW + HOUR / 2) == ["https://a.vn/1"]


@pytest.mark.parametrize("wrong", [datetime(2062, 1, 1, tzinfo=UTC), NOW + 7 * HOUR])
def test_a_date_in_the_future_hides_no_edit(state: State, wrong: datetime) -> None:
    state.frontier.announce(1, [wanted(NOW)], "job", NOW)
    state.frontier.announce(2, [wanted(wrong)], "job", NOW)
    had(state, NOW, date=datetime(2099, 1, 1, tzinfo=UTC))
    state.frontier.announce(2, [wanted(wrong)], "job", NOW + HOUR / 2)
    assert due_urls(state, NOW + HOUR / 2) == []
    state.frontier.announce(1, [wanted(NOW + HOUR / 3)], "job", NOW + HOUR / 2)
    assert due_urls(state, NOW + HOUR / 2) == ["https://a.vn/1"]


def test_an_edit_on_the_day_of_the_last_visit_is_seen(state: State) -> None:
    today = NOW.replace(hour=0)
    state.frontier.announce(1, [wanted(today - timedelta(days=3))], "job", NOW)
    had(state, NOW)
    state.frontier.announce(1, [wanted(today)], "job", NOW + HOUR / 2)
    assert due_urls(state, NOW + HOUR / 2) == ["https://a.vn/1"]
    had(state, NOW + HOUR / 2)
    state.frontier.announce(1, [wanted(today)], "job", NOW + HOUR * 0.7)
    assert due_urls(state, NOW + HOUR * 0.7) == []


def test_what_is_announced_while_the_page_is_on_its_way_counts(state: State) -> None:
    state.frontier.announce(1, [wanted(NOW)], "job", NOW)
    state.frontier.announce(1, [wanted(NOW + HOUR)], "job", NOW + HOUR)
    had(state, NOW + HOUR / 2)
    had(state, NOW + HOUR * 2)
    state.frontier.announce(1, [wanted(NOW + HOUR * 3)], "job", NOW + HOUR * 3)
    had(state, NOW + HOUR * 2.9)
    assert due_urls(state, NOW + HOUR * 3) == ["https://a.vn/1"]
    had(state, NOW + HOUR * 3.1)
    assert due_urls(state, NOW + HOUR * 3.2) == []


def test_failures_wait_longer_each_time_and_end_after_a_month_of_them(state: State) -> None:
    state.frontier.announce(1, [wanted(NOW)], "job", NOW)
    now, waits = NOW, []
    while (due := state.database.value("SELECT due FROM article")) is not None:
        moment = max(now, datetime.fromtimestamp(due / 1000, UTC))
        waits.append((moment - now).total_seconds() / 60)
        now = moment
        state.visits.record_failure("x:y:1", "503", now)
    assert waits[:4] == [0, 10, 20, 40]
    assert max(waits) == 24 * 60
    assert timedelta(days=30) < now - NOW < timedelta(days=33)
    # An edit revives it, and one failure in good times ends nothing.
    had(state, now)
    state.frontier.announce(1, [wanted(now + 1000 * HOUR)], "job", now + 1000 * HOUR)
    state.visits.record_failure("x:y:1", "503", now + 1000 * HOUR)
    assert due_urls(state, now + 1001 * HOUR) == ["https://a.vn/1"]


def test_the_address_announced_last_is_the_one_asked(state: State) -> None:
    state.frontier.announce(1, [wanted(NOW, url="https://a.vn/old")], "job", NOW)
    state.frontier.announce(1, [wanted(NOW, url="https://a.vn/new")], "job", NOW)
    assert due_urls(state, NOW) == ["https://a.vn/new"]


def test_a_lease_lasts_as_long_as_its_crawl(state: State) -> None:
    state.frontier.announce(1, [wanted(NOW)], "job", NOW)
    assert len(state.frontier.lease(9, NOW)) == 1
    assert state.frontier.lease(9, NOW + 100 * HOUR) == []
    state.frontier.release_all()
    assert len(state.frontier.lease(9, NOW + 100 * HOUR)) == 1


def test_an_edit_announced_at_a_new_address_makes_the_article_due(state: State) -> None:
    state.frontier.announce(1, [wanted(NOW)], "job", NOW)
    had(state, NOW)
    state.articles.record_move("x:y:1", "x:y:2", "https://a.vn/2", NOW, "job")
    later = NOW + HOUR / 2
    state.frontier.announce(1, [wanted(later, url="https://a.vn/2", number=2)], "job", later)
    assert due_urls(state, later) == ["https://a.vn/1"]
