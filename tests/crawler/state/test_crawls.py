"""The crawls of a collection, with their figures."""

from __future__ import annotations

from contextlib import closing

from crawler.state import State
from tests.support.states import HOUR, NOW


def test_only_crawls_that_finished_count() -> None:
    with closing(State(None)) as state:
        for number, reason in enumerate(("finished", "shutdown", "finished", "")):
            name, began = f"crawl {number}", NOW + number * HOUR
            state.crawls.began(name, began)
            if reason:
                state.crawls.ended(name, began + HOUR / 2, reason, {"n": float(number)})
        assert state.crawls.latest(9, NOW + 9 * HOUR) == [{"n": 2.0}, {"n": 0.0}]
        assert state.crawls.latest(1, NOW + 9 * HOUR) == [{"n": 2.0}]
        assert state.crawls.latest(9, NOW + HOUR) == [{"n": 0.0}]
        assert state.crawls.finished_since(NOW + 2 * HOUR)
        assert not state.crawls.finished_since(NOW + 3 * HOUR)
