"""Politeness towards a publisher, whatever Scrapy's own limits let through.

All hosts of a publisher, its editions', share one slot. One that refuses (403, 429, 503, a challenge)
is given a rest, at once where it says for how long (Retry-After, RFC 9110 10.2.3), else when it does so again
and again; rests outlast the crawl. Crawl-delay is kept, to the second.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import IgnoreRequest, NotConfigured

from crawler import clock
from crawler.domains import site_of
from crawler.recording.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.state import State

logger = logging.getLogger(__name__)

_REFUSALS = {403, 429, 503}
_SHORT = timedelta(seconds=60)  # a rest no longer than this is waited for
_LONGEST_REST = timedelta(days=1)
_MOMENT = 0.1  # seconds
_LONGEST_DELAY = 300.0  # seconds; who asks for more between two requests asks for no crawl


class RestingError(IgnoreRequest):
    """The site is being given a rest until `until`."""

    def __init__(self, site: str, until: datetime) -> None:
        super().__init__(f"{site} rests until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until


def retry_after(value: bytes | None, now: datetime) -> timedelta | None:
    """Return how long a Retry-After, in seconds or as a date, asks us to stay away; None: it does not."""
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
    """Gives each request the slot of its site; `turn` says when it may go over the wire."""

    def __init__(self, crawler: Crawler, recorder: Recorder, state: State) -> None:
        self._crawler = crawler
        self._recorder = recorder
        self._state = state
        self._stats = crawler.stats
        self._rests: dict[str, datetime] = {}
        self._at_once = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        #: Sites of which no refusal is remembered.
        self._well: set[str] = set()
        self._turns: dict[str, asyncio.Semaphore] = {}
        #: Seconds between two requests that a robots.txt asks for, and when the next one may go, by site.
        self._delays: dict[str, float] = {}
        self._next: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        recorder = crawler.get_extension(Recorder)
        if recorder is None or recorder.state is None:
            raise NotConfigured  # a replay has nobody to be polite to
        middleware = cls(crawler, recorder, recorder.state)
        crawler.signals.connect(middleware.robots_parsed, signal=signals.robots_parsed)
        return middleware

    async def process_request(self, request: Request) -> None:
        request.meta["download_slot"] = site_of(request.url)

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Wait until *request* may go over the wire, and keep others back while it is there.

        Scrapy's slots alone let through all that waits when there is no delay, and what has waited since
        before a refusal. Raises RestingError when it may not go for a while.
        """
        site = site_of(request.url)
        async with self._turns.setdefault(site, asyncio.Semaphore(self._at_once)):
            if delay := self._delays.get(site):
                now = time.monotonic()
                moment = max(now, self._next.get(site, now))
                self._next[site] = moment + delay
                await asyncio.sleep(moment - now)
            while (wait := self._rest(site) - clock.now()) > timedelta():
                if wait > _SHORT:
                    raise RestingError(site, self._rest(site))
                await asyncio.sleep(wait.total_seconds())
            # Held up for so long that another crawl may have our lease: until that is known, or the end.
            while not self._recorder.may_ask:
                if self._recorder.error:
                    break
                await asyncio.sleep(_MOMENT)
            if self._recorder.error:
                # The crawl is ending: what cannot be recorded must not be asked for.
                raise RestingError(site, clock.now())
            yield

    def _rest(self, site: str) -> datetime:
        """Return until when *site* rests."""
        if site not in self._rests:
            self._rests[site] = self._state.sites.rests_until(site) or clock.moment(0)
        return self._rests[site]

    def answered(self, request: Request, response: Response) -> None:
        """Note a refusal of the site; to be called while the turn of *request* lasts."""
        if response.status in _REFUSALS:
            asked = retry_after(response.headers.get("Retry-After"), clock.now())
            self.refused(site_of(request.url), asked)

    def welcomed(self, site: str) -> None:
        """Note that *site* gave something that is no challenge."""
        if site not in self._well:
            self._state.sites.welcomed(site)
            self._well.add(site)

    def refused(self, site: str, asked: timedelta | None = None) -> None:
        """Note a refusal of *site*, which *asked* us to stay away so long, if it did."""
        self._well.discard(site)
        until = self._state.sites.refused(site, clock.now(), asked)
        self._stats.inc_value(f"politeness/refused/{site}")
        if until:
            self._rests[site] = max(until, self._rests.get(site, until))
            self._stats.inc_value(f"politeness/rests/{site}")
            logger.warning("%s refuses; it is left alone until %s", site, f"{until:%Y-%m-%d %H:%M:%S} UTC")

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Keep the Crawl-delay that a robots.txt asks of us."""
        delay = robotparser.rp.crawl_delay(self._crawler.settings["USER_AGENT"])
        if delay and delay > 0:  # not so is "nan"
            site = site_of(request.url)
            self._delays[site] = max(min(float(delay), _LONGEST_DELAY), self._delays.get(site, 0.0))
            self._next.setdefault(site, time.monotonic() + self._delays[site])


def received(crawler: Crawler, response: Response, *, is_challenge: bool = False) -> None:
    """Note what a site's answer turned out to be: a challenge is a refusal that says 200."""
    if politeness := crawler.get_downloader_middleware(PolitenessMiddleware):
        note = politeness.refused if is_challenge else politeness.welcomed
        note(site_of(response.url))
