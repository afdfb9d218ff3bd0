"""Why a request was not sent, or failed: exceptions that carry their reason, and the reason of any failure.

RequestRefused            we did not send it
├── RestingError          its site is being given a rest
├── PrivateAddressError   its host is not on the public network
└── RobotsError           robots.txt forbids it or could not be fetched
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.statscollectors import StatsCollector
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

#: Reason of a request that robots.txt forbids.
FORBIDDEN = "forbidden by robots.txt"
# Scrapy's own middlewares give their reason in the text alone.
_SCRAPY_TEXTS = {"Forbidden by robots.txt": FORBIDDEN, "offsite": "offsite"}


class RequestRefused(IgnoreRequest):
    """A request that we did not send. `reason` is counted as `failures/<reason>`; empty: not counted."""

    reason = ""


class RestingError(RequestRefused):
    """The site is being given a rest until `until`."""

    reason = "site rests"

    def __init__(self, site: str, until: datetime) -> None:
        super().__init__(f"{site} rests until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until


class PrivateAddressError(RequestRefused):
    """A host, or the address that its name resolved to, is not on the public network."""

    reason = "private address"


class RobotsError(RequestRefused):
    """robots.txt forbids the request, or could not be fetched."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reason_of(failure: Failure) -> str:
    """Return why a request failed, in a word or two; empty where a replay has counted it already."""
    error = failure.value
    if isinstance(error, RequestRefused):
        return error.reason
    response = getattr(error, "response", None)
    if response is not None:
        return str(response.status)
    if isinstance(error, IgnoreRequest):
        return next((reason for words, reason in _SCRAPY_TEXTS.items() if words in str(error)), "")
    return type(error).__name__


def retry_at(failure: Failure) -> datetime | None:
    """Return when a request that was put off may be sent; None if it was not put off."""
    return failure.value.until if isinstance(failure.value, RestingError) else None


def count_failure(failure: Failure, stats: StatsCollector) -> str:
    """Count *failure* under its reason, log it, and return the reason."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy's addition
    reason = reason_of(failure)
    if reason:
        stats.inc_value(f"failures/{reason}")
    logger.info("Failed (%s): %s", reason or "not in the archive", request.url)
    return reason
