"""Replay: an archive answers in place of the network, through Scrapy's HTTP cache.

ReplayStorage             the HTTPCACHE_STORAGE: returns archived responses
RefusingDownloadHandler   the download handler: refuses requests that get past the cache
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from archive import MalformedMessageError, parse_response
from archive.message import split_interim
from crawler.errors import ArgumentError
from crawler.recording.recorder import session_of
from crawler.recording.session import ReplaySession

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from archive import ArchivedExchange

logger = logging.getLogger(__name__)


class ReplayStorage:
    """A read-only cache storage of the archive that the setting REPLAY names."""

    def __init__(self, settings: BaseSettings) -> None:
        self._setting = settings["REPLAY"]

    def open_spider(self, spider: Spider) -> None:
        session = session_of(spider.crawler)
        if not isinstance(session, ReplaySession):
            raise ArgumentError(f"REPLAY={self._setting}: needs crawler.addon.ArchiveAddon")
        self._playback = session.playback
        self._stats = spider.crawler.stats

    def close_spider(self, spider: Spider) -> None:
        pass

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:  # noqa: ARG002
        number = request.meta.get("replay_capture", -1)
        exchange = self._playback.answer(request.method, request.url, number)
        if exchange is None:
            self._count_missing(request)
            return None
        self._stats.inc_value("replay/answered")
        request.meta["capture"] = exchange.capture
        return _response(request, exchange)

    def _count_missing(self, request: Request) -> None:
        if self._playback.holds(request.method, request.url):
            # The archived response was cut, garbage or empty: it failed in the live crawl, too.
            self._stats.inc_value("failures/no whole answer")
        elif not request.url.endswith("/robots.txt"):
            self._stats.inc_value(f"replay/missing/{urlsplit(request.url).hostname}")
        logger.debug("Not in the archive: %(request)s", {"request": request})

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        raise NotImplementedError("a replay stores nothing")


def _response(request: Request, exchange: ArchivedExchange) -> Response | None:
    """Return the archived response as the download handler returned it; None if it is malformed."""
    _, final = split_interim(exchange.read().received)
    try:
        message = parse_response(final, exchange.method)
    except MalformedMessageError:
        return None
    headers = Headers()
    for name, value in message.headers:
        headers.appendlist(name, value)
    url = urldefrag(request.url)[0]
    response_class = responsetypes.from_args(headers=headers, url=url, body=message.body)
    return response_class(
        url=url,
        status=message.status,
        headers=headers,
        body=message.body,
        protocol=message.protocol,
    )


class RefusingDownloadHandler:
    """Refuses every request, so that a replay never uses the network."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RefusingDownloadHandler:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        self._stats.inc_value("replay/refused")
        raise IgnoreRequest(f"Refused in a replay: {request}")

    async def close(self) -> None:
        pass
