"""The one clock of live crawls; whoever needs another time in a test replaces `now`."""

from __future__ import annotations

from datetime import UTC, datetime, time


def now() -> datetime:
    """Return the present moment; aware, UTC."""
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """Return the aware *moment* as milliseconds since 1970, as databases here have it."""
    return round(moment.timestamp() * 1000)


def moment(value: int) -> datetime:
    """Return what `milliseconds` made; aware, UTC."""
    return datetime.fromtimestamp(value / 1000, UTC)


def is_day(value: datetime) -> bool:
    """Tell whether *value* stands for a whole day: midnight, wherever its author is."""
    return value.time() == time()
