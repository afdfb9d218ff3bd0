"""A site that refuses is left alone, each time longer."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.state import State
from tests.support.states import HOUR, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.state.sites import Sites


@pytest.fixture
def sites() -> Iterator[Sites]:
    with closing(State(None)) as state:
        yield state.sites


def test_patience_then_rests_that_double_to_six_hours(sites: Sites) -> None:
    assert sites.rests_until("a.vn") is None
    assert [sites.refused("a.vn", NOW) for _ in range(2)] == [None, None]
    now, rests = NOW, []
    for _ in range(9):
        until = sites.refused("a.vn", now)
        assert until
        assert sites.rests_until("a.vn") == until
        rests.append((until - now) / timedelta(minutes=1))
        now = until
    assert rests == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    # Others are not concerned.
    assert sites.refused("b.vn", NOW) is None


def test_a_good_answer_makes_all_well(sites: Sites) -> None:
    for _ in range(4):
        sites.refused("a.vn", NOW)
    sites.welcomed("a.vn")
    assert sites.refused("a.vn", NOW + HOUR) is None


def test_what_it_asks_for_itself_is_obeyed_at_once(sites: Sites) -> None:
    assert sites.refused("a.vn", NOW, timedelta(hours=2)) == NOW + 2 * HOUR
    assert sites.rests_until("a.vn") == NOW + 2 * HOUR
