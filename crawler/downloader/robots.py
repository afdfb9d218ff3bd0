"""robots.txt by the rules of RFC 9309: what a failure means (2.3.1), and how long a copy is good (2.4)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred

from crawler import clock
from crawler.recording.recorder import Recorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)
# That a robots.txt cannot be had is told here, in a line; there with two tracebacks.
logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(
    lambda record: not record.msg.startswith("Error downloading")
)

_FRESH = timedelta(hours=24)
_USABLE = timedelta(days=30)  # where it cannot be had anew
_MAX_BYTES = 500 * 1024  # what the RFC asks us to read at least


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, but: 4xx allows all, 5xx and silence forbid all, and a good copy is kept for a day."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        recorder = crawler.get_extension(Recorder)
        self._state = recorder.state if recorder else None
        self._schemes: dict[str, str] = {}
        #: Hosts whose robots.txt cannot be had.
        self._silent: set[str] = set()
        #: Hosts whose robots.txt we did not ask for, though we should have.
        self._refused: set[str] = set()

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if urlsplit(request.url).netloc in self._silent:
            raise IgnoreRequest("robots.txt cannot be had")
        super().process_request_2(rp, request)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        scheme, netloc, *_ = urlsplit(request.url)
        self._schemes[netloc] = scheme
        if netloc not in self._parsers and self._state:
            known = self._state.sources.robots(_robots_url(request))
            if known and clock.now() - known[1] < _FRESH:
                self._parsers[netloc] = Deferred()
                await self._use(known[0], netloc, request)
        # Not what this returns: of several requests that wait for one file, it tells the first one alone.
        await super().robot_parser(request)
        if netloc in self._refused:
            # By us, for now: the next request asks anew.
            self._refused.discard(netloc)
            self._parsers.pop(netloc, None)
        parser = self._parsers.get(netloc)
        return None if isinstance(parser, Deferred) else parser

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        self._stats.inc_value("robotstxt/response_count")
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= 500:
            body = self._last_copy(_robots_url(request), f"status {response.status}")
            await self._use(body, netloc, request)
            return
        body = response.body[:_MAX_BYTES] if response.status < 300 else b""
        if self._state:
            self._state.sources.keep_robots(_robots_url(request), body, clock.now())
        await self._use(body, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, IgnoreRequest):
            # We refused it ourselves, and will refuse the page for the same reason.
            super()._robots_error(exc, netloc)
            if self._state:
                self._refused.add(netloc)
            return
        # Scrapy waits for nothing here, and tells no request: the host's name must do.
        request = Request(f"{self._schemes[netloc]}://{netloc}/robots.txt")
        body = self._last_copy(request.url, type(exc).__name__)
        parser = build_from_crawler(self._parserimpl, self.crawler, body)
        self.crawler.signals.send_catch_log(signals.robots_parsed, robotparser=parser, request=request)
        self._settle(parser, netloc)

    def _last_copy(self, url: str, why: str) -> bytes:
        """Return the robots.txt at *url*, which cannot be had now, as it was when it could."""
        known = self._state.sources.robots(url) if self._state else None
        if known and clock.now() - known[1] < _USABLE:
            logger.warning("%s cannot be had (%s): its last copy is used", url, why)
            return known[0]
        logger.warning("%s cannot be had (%s): nothing of its host is fetched", url, why)
        self._silent.add(urlsplit(url).netloc)
        return b""

    async def _use(self, body: bytes, netloc: str, request: Request) -> None:
        parser: Any = build_from_crawler(self._parserimpl, self.crawler, body)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )
        self._settle(parser, netloc)

    def _settle(self, parser: RobotParser, netloc: str) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser
        if isinstance(waiting, Deferred):
            waiting.callback(parser)


def _robots_url(request: Request) -> str:
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"
