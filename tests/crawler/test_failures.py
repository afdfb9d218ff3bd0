"""A failure gives its reason in a word or two, and is counted under it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler
from twisted.internet.error import TimeoutError as TwistedTimeoutError
from twisted.python.failure import Failure

from crawler.failures import (
    FORBIDDEN,
    PrivateAddressError,
    RestingError,
    RobotsError,
    count_failure,
    reason_of,
    retry_at,
)

UNTIL = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RestingError("a.vn", UNTIL), "site rests"),
        (PrivateAddressError("127.0.0.1"), "private address"),
        (RobotsError(FORBIDDEN), "forbidden by robots.txt"),
        (HttpError(Response("https://a.vn/", status=503), "not wanted"), "503"),
        (IgnoreRequest("Filtered offsite request to 'b.vn'"), "offsite"),
        (IgnoreRequest("Forbidden by robots.txt"), "forbidden by robots.txt"),
        (IgnoreRequest("Ignored request not in cache"), ""),
        (TwistedTimeoutError(), "TimeoutError"),
    ],
)
def test_each_failure_has_its_reason_and_is_counted(error: Exception, reason: str) -> None:
    failure = Failure(error)
    failure.request = Request("https://a.vn/")  # type: ignore[attr-defined]
    stats = get_crawler().stats
    assert stats
    assert reason_of(failure) == count_failure(failure, stats) == reason
    counted = {key: value for key, value in stats.get_stats().items() if key.startswith("failures/")}
    assert counted == ({f"failures/{reason}": 1} if reason else {})


def test_only_what_was_put_off_has_a_time() -> None:
    assert retry_at(Failure(RestingError("a.vn", UNTIL))) == UNTIL
    assert "a.vn rests until 2026-06-01 12:00:00 UTC" in str(RestingError("a.vn", UNTIL))
    assert retry_at(Failure(RobotsError(FORBIDDEN))) is None
