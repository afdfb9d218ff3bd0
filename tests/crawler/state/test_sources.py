"""What was read of feeds and sitemaps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.state import SourceState

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("lastmod", "read", "older"),
    [
        ("2026-06-01T10:00:00+00:00", "2026-06-01T11:00:00+00:00", False),
        ("2026-06-01T11:00:00+00:00", "2026-06-01T11:00:30+00:00", True),
        ("2026-06-01T00:00:00+00:00", "2026-06-01T11:00:00+00:00", True),
        ("2026-06-01T00:00:00+00:00", "2026-06-02T11:00:00+00:00", False),
    ],
)
def test_a_day_in_an_index_counts_to_its_end(lastmod: str, read: str, older: bool) -> None:  # noqa: FBT001
    moment = datetime.fromisoformat(lastmod)
    reading = SourceState(lastmod=moment, server_time=datetime.fromisoformat(read))
    assert reading.is_older_than(moment) is older
    assert reading.is_older_than(moment + HOUR)
    assert reading.is_older_than(None)
