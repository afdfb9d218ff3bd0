"""robots.txt by RFC 9309: what a failure means (2.3.1), and how long a copy may be used (2.4)."""

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
from crawler.failures import FORBIDDEN, RequestRefused, RobotsError
from crawler.recording.recorder import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)
# A robots.txt that cannot be fetched is reported here in a line, there with two tracebacks.
logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(
    lambda record: not record.msg.startswith("Error downloading")
)

_FRESH = timedelta(hours=24)
_USABLE = timedelta(days=30)  # while it cannot be fetched again
_MAX_BYTES = 500 * 1024  # the least that the RFC asks us to parse


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, except: 4xx allows all, 5xx and silence forbid all, and a good copy is kept for a day."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        session = session_of(crawler)
        self._sources = session.state.sources if session else None
        self._schemes: dict[str, str] = {}
        #: Hosts whose robots.txt cannot be fetched.
        self._unreachable: set[str] = set()
        #: Hosts whose robots.txt we refused to request for now.
        self._put_off: set[str] = set()

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if urlsplit(request.url).netloc in self._unreachable:
            raise RobotsError("robots.txt unreachable")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsError(FORBIDDEN) from error

    async def robot_parser(self, request: Request) -> RobotParser | None:
        scheme, netloc, *_ = urlsplit(request.url)
        self._schemes[netloc] = scheme
        if netloc not in self._parsers and self._sources:
            known = self._sources.robots(_robots_url(request))
            if known and clock.now() - known[1] < _FRESH:
                self._parsers[netloc] = Deferred()
                await self._use(known[0], netloc, request)
        # Its return value is ignored: when several requests wait for one file, only the first one gets it.
        await super().robot_parser(request)
        if netloc in self._put_off:
            self._put_off.discard(netloc)
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
        if self._sources:
            self._sources.keep_robots(_robots_url(request), body, clock.now())
        await self._use(body, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, IgnoreRequest):
            super()._robots_error(exc, netloc)
            if isinstance(exc, RequestRefused):
                # The page will be refused for the same reason; the next request asks for robots.txt again.
                self._put_off.add(netloc)
            return
        # Scrapy awaits nothing here and passes no request: the host's name must do.
        request = Request(f"{self._schemes[netloc]}://{netloc}/robots.txt")
        body = self._last_copy(request.url, type(exc).__name__)
        parser = build_from_crawler(self._parserimpl, self.crawler, body)
        self.crawler.signals.send_catch_log(signals.robots_parsed, robotparser=parser, request=request)
        self._settle(parser, netloc)

    def _last_copy(self, url: str, why: str) -> bytes:
        """Return the last copy of the robots.txt at *url*, which cannot be fetched now."""
        known = self._sources.robots(url) if self._sources else None
        if known and clock.now() - known[1] < _USABLE:
            logger.warning("%s cannot be fetched (%s): using its last copy", url, why)
            return known[0]
        logger.warning("%s cannot be fetched (%s): nothing of its host is fetched", url, why)
        self._unreachable.add(urlsplit(url).netloc)
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
