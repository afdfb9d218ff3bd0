"""The clock of live crawls. Tests that need another time replace `now`."""

from __future__ import annotations

from datetime import UTC, datetime, time


def now() -> datetime:
    """Return the present moment; aware, UTC."""
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """Return the aware *moment* as milliseconds since 1970 (UTC), as the state stores times."""
    return round(moment.timestamp() * 1000)


def moment(value: int) -> datetime:
    """Return the moment *value* milliseconds after 1970; aware, UTC."""
    return datetime.fromtimestamp(value / 1000, UTC)


def is_day(value: datetime) -> bool:
    """Return whether *value* is a date without a time: midnight in its own time zone."""
    return value.time() == time()
