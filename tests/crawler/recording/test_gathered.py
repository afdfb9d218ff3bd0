"""The items of a replay come back by capture, in one order."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from archive import Capture
from crawler.recording.gathered import GatheredItems
from crawler.recording.output import Fetch
from crawler.state import FetchFacts
from tests.support.states import NOW

CAPTURE = Capture(
    file="a", offset=0, length=1, record_id="r", date="2026-01-01T00:00:00Z", payload_digest=None
)
FETCH = Fetch(facts=FetchFacts(requested=NOW), asked_id="x:y:2", is_misplaced=True)


def test_items_come_back_in_one_order_whatever_the_order_they_came_in() -> None:
    given = [("b", "x:y:2", None), ("a", "x:y:1", FETCH), ("c", "", None)]
    orders = []
    for items in (given, given[::-1]):
        with closing(GatheredItems()) as gathered:
            for line, article_id, fetch in items:
                gathered.add(CAPTURE, line, article_id, fetch)
            assert list(gathered.of(replace(CAPTURE, offset=9))) == []
            orders.append(list(gathered.of(CAPTURE)))
    assert orders[0] == orders[1]
    assert [item.line for item in orders[0]] == ["c", "a", "b"]
    assert [item.is_article for item in orders[0]] == [False, True, True]
    assert (orders[0][1].asked_id, orders[0][1].is_misplaced) == ("x:y:2", True)
