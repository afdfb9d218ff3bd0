"""Moments as databases have them."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler import clock
from crawler.extraction.dates import HO_CHI_MINH


def test_a_moment_survives_the_database_to_the_millisecond() -> None:
    moment = datetime(2026, 6, 1, 7, 30, 15, 123_456, tzinfo=HO_CHI_MINH)
    assert clock.milliseconds(moment) == 1_780_273_815_123
    assert clock.moment(clock.milliseconds(moment)) == moment.replace(microsecond=123_000)
    assert clock.now().tzinfo is UTC


def test_midnight_stands_for_a_day_wherever_it_is() -> None:
    assert clock.is_day(datetime(2026, 6, 1, tzinfo=HO_CHI_MINH))
    assert not clock.is_day(datetime(2026, 6, 1, 0, 0, 1, tzinfo=UTC))
