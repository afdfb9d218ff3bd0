"""Politeness towards a publisher, whatever Scrapy's own limits let through.

All hosts of a publisher, its editions', share one slot. One that refuses (403, 429, 503, a challenge)
is given a rest, at once where it says for how long (Retry-After, RFC 9110 10.2.3), else when it does so again
and again; rests outlast the crawl. Crawl-delay is kept, to the second.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import tldextract
from scrapy import signals
from scrapy.exceptions import IgnoreRequest, NotConfigured

from crawler import clock
from crawler.recorder import Recorder

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.state import State

logger = logging.getLogger(__name__)

_REFUSALS = {403, 429, 503}
_SHORT = timedelta(seconds=60)  # a rest no longer than this is waited for
_LONGEST_REST = timedelta(days=1)
_LONGEST_DELAY = 300.0  # seconds; who asks for more between two requests asks for no crawl

# The public suffixes that come with the package: nothing is fetched.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def _site(host: str) -> str:
    return _extract(host).top_domain_under_public_suffix or host


def site_of(url: str) -> str:
    """Return the domain that the host of *url* was registered under, or the host itself."""
    return _site(urlsplit(url).hostname or "")


class RestingError(IgnoreRequest):
    """The site is being given a rest until `until`."""

    def __init__(self, site: str, until: datetime) -> None:
        super().__init__(f"{site} rests until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until


def retry_after(value: bytes | None, now: datetime) -> timedelta | None:
    """Return how long a Retry-After, in seconds or as a date, asks us to stay away; None: it does not."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdecimal():
        return min(timedelta(seconds=min(int(text), 10**9)), _LONGEST_REST)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), _LONGEST_REST)


class PolitenessMiddleware:
    """Gives each request the slot of its site, and holds or refuses it while that rests."""

    def __init__(self, crawler: Crawler, state: State) -> None:
        self._crawler = crawler
        self._state = state
        self._stats = crawler.stats
        self._rests: dict[str, datetime] = {}
        self._slow: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        recorder = crawler.get_extension(Recorder)
        if recorder is None or recorder.state is None:
            raise NotConfigured  # a replay has nobody to be polite to
        middleware = cls(crawler, recorder.state)
        crawler.signals.connect(middleware.robots_parsed, signal=signals.robots_parsed)
        return middleware

    async def process_request(self, request: Request) -> None:
        site = site_of(request.url)
        request.meta["download_slot"] = site
        if site in self._slow:
            request.meta["autothrottle_dont_adjust_delay"] = True
        until = self._rest(site)
        while until and (wait := until - clock.now()) > timedelta():
            if wait > _SHORT:
                raise RestingError(site, until)
            await asyncio.sleep(wait.total_seconds())
            until = self._rests.get(site)

    def _rest(self, site: str) -> datetime | None:
        if site not in self._rests:
            known = self._state.sites.rests_until(site)
            self._rests[site] = known or clock.moment(0)
        return self._rests[site]

    async def process_response(self, request: Request, response: Response) -> Response:
        site = site_of(request.url)
        if response.status in _REFUSALS:
            self.refused(site, retry_after(response.headers.get("Retry-After"), clock.now()))
        elif response.status < 400 and not response.flags:
            self._state.sites.welcomed(site)
        return response

    def refused(self, site: str, asked: timedelta | None = None) -> None:
        """Note a refusal of *site*, which *asked* us to stay away so long, if it did."""
        until = self._state.sites.refused(site, clock.now(), asked)
        self._stats.inc_value(f"politeness/refused/{site}")
        if until:
            self._rests[site] = max(until, self._rests.get(site, until))
            self._stats.inc_value(f"politeness/rests/{site}")
            logger.warning("%s refuses; it is left alone until %s", site, f"{until:%Y-%m-%d %H:%M:%S} UTC")

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Keep the Crawl-delay that a robots.txt asks of us."""
        delay = robotparser.rp.crawl_delay(self._crawler.settings["USER_AGENT"])
        if not delay:
            return
        site = site_of(request.url)
        delay = min(float(delay), _LONGEST_DELAY)
        own: float = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        if delay <= own:
            return
        downloader = self._crawler.engine.downloader
        earlier = downloader.per_slot_settings.get(site, {}).get("delay", 0.0)
        limits = {"delay": max(delay, earlier), "concurrency": 1, "randomize_delay": False}
        downloader.per_slot_settings[site] = limits
        self._slow.add(site)
        request.meta["autothrottle_dont_adjust_delay"] = True
        if slot := downloader.slots.get(site):
            slot.delay, slot.concurrency, slot.randomize_delay = limits["delay"], 1, False


def challenged(crawler: Crawler, response: Response) -> None:
    """Count a challenge, which *response* is, as a refusal of its site."""
    if politeness := crawler.get_downloader_middleware(PolitenessMiddleware):
        politeness.refused(site_of(response.url))
