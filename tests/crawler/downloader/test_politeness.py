"""How long an answer asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawler.downloader.politeness import retry_after


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"120", 120),
        (b"0", 0),
        (format_datetime(datetime(2026, 1, 1, 12, 5, tzinfo=UTC), usegmt=True).encode(), 300),
        (format_datetime(datetime(2026, 1, 1, 11, 0, tzinfo=UTC), usegmt=True).encode(), 0),
        (b"99999999999999999999", 86_400),
        (b"-5", None),
        (b"soon", None),
        (b"\xff\x00", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(value: bytes | None, expected: int | None) -> None:
    found = retry_after(value, datetime(2026, 1, 1, 12, 0, tzinfo=UTC))
    assert found == (None if expected is None else timedelta(seconds=expected))
