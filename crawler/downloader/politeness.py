"""Politeness towards a publisher, beyond Scrapy's own limits.

All hosts of a site, those of its editions, share one slot. A site that refuses (403, 429, 503, a challenge)
is given a rest: at once if it says for how long (Retry-After, RFC 9110 10.2.3), else when it refuses
repeatedly. Rests outlast the crawl. Crawl-delay is kept, to the second.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import NotConfigured

from archive import MalformedMessageError, decode_content
from crawler import clock
from crawler.domains import site_of
from crawler.extraction import is_challenge
from crawler.failures import RestingError
from crawler.recording.recorder import session_of
from crawler.recording.session import LiveSession
from crawler.responses import GONE, NOT_MODIFIED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

_REFUSALS = {403, 429, 503}
_WELCOMES = {*range(200, 300), NOT_MODIFIED, *GONE}
_SHORT_REST = timedelta(seconds=60)  # waited for within the crawl
_LONGEST_REST = timedelta(days=1)
_LEASE_CHECK = 0.1  # seconds
_SHORT_BODY = 20_000  # bytes; challenge pages are shorter
_LONGEST_DELAY = 300.0  # seconds; a Crawl-delay above that is a wish not to be crawled


def retry_after(value: bytes | None, now: datetime) -> timedelta | None:
    """Return how long a Retry-After header, in seconds or as a date, asks us to stay away, if it does."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdecimal():
        return min(timedelta(seconds=int(text[:10])), _LONGEST_REST)
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(moment - now, timedelta()), _LONGEST_REST)
    except (ValueError, OverflowError):
        return None


class PolitenessMiddleware:
    """Lets each request wait for its turn, and judges each response: a refusal or a welcome."""

    def __init__(self, crawler: Crawler, session: LiveSession) -> None:
        self._settings = crawler.settings
        self._stats = crawler.stats
        self._session = session
        self._sites = session.state.sites
        self._rests: dict[str, datetime] = {}
        self._concurrency = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        #: Sites without any refusal on record.
        self._well: set[str] = set()
        self._turns: dict[str, asyncio.Semaphore] = {}
        #: By site: the Crawl-delay in seconds, and when the next request may go.
        self._delays: dict[str, float] = {}
        self._next: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        session = session_of(crawler)
        if not isinstance(session, LiveSession):
            raise NotConfigured  # a replay sends nothing
        middleware = cls(crawler, session)
        crawler.signals.connect(middleware.robots_parsed, signal=signals.robots_parsed)
        return middleware

    async def process_request(self, request: Request) -> None:
        request.meta["download_slot"] = site_of(request.url)

    async def in_turn(self, request: Request, send: Callable[[Request], Awaitable[Response]]) -> Response:
        """Wait until *request* may be sent, *send* it, and judge its response before the next one goes.

        `process_response` would judge it too late: the next request is on the wire by then. Raises
        RestingError when the site rests for longer.
        """
        async with self._turn(request):
            response = await send(request)
            self._judge(request, response)
            return response

    @asynccontextmanager
    async def _turn(self, request: Request) -> AsyncIterator[None]:
        """Wait until *request* may be sent, and keep others back while it is on the wire.

        Scrapy's slots are not enough: without a delay they let through everything that waits, and they keep
        requests that were queued before a refusal.
        """
        site = site_of(request.url)
        async with self._turns.setdefault(site, asyncio.Semaphore(self._concurrency)):
            if delay := self._delays.get(site):
                now = time.monotonic()
                moment = max(now, self._next.get(site, now))
                self._next[site] = moment + delay
                await asyncio.sleep(moment - now)
            while (wait := self._rest(site) - clock.now()) > timedelta():
                if wait > _SHORT_REST:
                    raise RestingError(site, self._rest(site))
                await asyncio.sleep(wait.total_seconds())
            # We may have been held up for so long that another crawl has our lease: wait until we know.
            while not (self._session.may_send or self._session.error):  # noqa: ASYNC110  a lease has no event
                await asyncio.sleep(_LEASE_CHECK)
            if self._session.error:
                # What cannot be recorded must not be requested.
                raise RestingError(site, clock.now())
            yield

    def _rest(self, site: str) -> datetime:
        """Return until when *site* rests."""
        if site not in self._rests:
            self._rests[site] = self._sites.rests_until(site) or clock.moment(0)
        return self._rests[site]

    def _judge(self, request: Request, response: Response) -> None:
        """Judge *response*: by its status, or as a challenge page, which is a refusal with status 200."""
        site = site_of(request.url)
        if response.status in _REFUSALS:
            self._refused(site, retry_after(response.headers.get("Retry-After"), clock.now()))
        elif is_challenge(_short_body(response)):
            self._refused(site)
        elif response.status in _WELCOMES and urlsplit(request.url).path != "/robots.txt":
            # Sites that refuse every page still serve their robots.txt.
            self._welcomed(site)

    def _welcomed(self, site: str) -> None:
        if site not in self._well:
            with self._session.required():
                self._sites.welcomed(site)
            self._well.add(site)

    def _refused(self, site: str, asked: timedelta | None = None) -> None:
        """Record a refusal of *site*, which *asked* us to stay away for so long, if it did."""
        self._well.discard(site)
        with self._session.required():
            until = self._sites.refused(site, clock.now(), asked)
        self._stats.inc_value(f"politeness/refused/{site}")
        if until:
            self._rests[site] = max(until, self._rests.get(site, until))
            self._stats.inc_value(f"politeness/rests/{site}")
            logger.warning("%s refuses; it is left alone until %s", site, f"{until:%Y-%m-%d %H:%M:%S} UTC")

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Keep the Crawl-delay that a robots.txt asks for."""
        delay = robotparser.rp.crawl_delay(self._settings["USER_AGENT"])
        if delay and delay > 0:  # false for "nan"
            site = site_of(request.url)
            self._delays[site] = max(min(float(delay), _LONGEST_DELAY), self._delays.get(site, 0.0))
            self._next.setdefault(site, time.monotonic() + self._delays[site])


def _short_body(response: Response) -> bytes:
    """Return the decoded body of *response*; empty if it is too long for a challenge page, or broken."""
    if len(response.body) > _SHORT_BODY:
        return b""
    try:
        return decode_content(response.body, response.headers.get("Content-Encoding") or b"", _SHORT_BODY)
    except MalformedMessageError:
        return b""
