"""Replay: an archive answers in place of the network, through Scrapy's cache seam.

Replay                    which archived exchange answers which request
ReplayStorage             HTTPCACHE_STORAGE: hands those answers to Scrapy
RefusingDownloadHandler   stands where the network was, in case anything gets past the cache
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from archive import ArchivedExchange, ArchiveIndex, MalformedMessageError, NotAnArchiveError
from archive.message import parse_response, split_interim
from archive.sources import find_sources
from crawler.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from archive import WarcSource

logger = logging.getLogger(__name__)

_SERVER_ERROR = 500


def replay_sources(value: str) -> list[WarcSource]:
    """Return the WARC files that the setting REPLAY names: paths, separated by commas.

    Raises NotAnArchiveError, naming the path.
    """
    return find_sources([Path(part.strip()) for part in value.split(",") if part.strip()])


class Replay:
    """Answers requests out of an archive and remembers what it served."""

    def __init__(self, sources: Sequence[WarcSource]) -> None:
        """Read *sources* once.

        Raises DamagedRecordError or NotAnArchiveError.
        """
        self._index = ArchiveIndex(sources)
        if self._index.clock is None:
            raise NotAnArchiveError(f"{sources[0]}: holds no HTTP exchange")
        #: The archive's own time: that of its latest exchange.
        self.clock: datetime = self._index.clock
        #: What the archive is, for a name: its files and their sizes.
        self.identity = [(source.name, source.path.stat().st_size) for source in sources]
        self._used: dict[tuple[str, str, int], ArchivedExchange] = {}

    @property
    def used(self) -> list[ArchivedExchange]:
        """What was served, with the failed tries before it, in the order of time."""
        return [self._used[order] for order in sorted(self._used)]

    def serve(self, method: str, url: str) -> ArchivedExchange | None:
        """Return the latest good exchange for *url*, else the latest with any answer, else None.

        The tries that failed just before it were part of the crawl too, and count as used.
        """
        known = self._index.find(method, url)
        answers = [n for n, exchange in enumerate(known) if exchange.status and exchange.complete]
        good = [n for n in answers if known[n].status < _SERVER_ERROR]
        chosen = max(good or answers, default=None)
        if chosen is None:
            return None
        first = chosen
        while first > 0 and (first - 1) not in good:
            first -= 1
        for exchange in known[first : chosen + 1]:
            self._used[exchange.order] = exchange
        return known[chosen]


class ReplayStorage:
    """A read-only cache storage over the crawl's `Replay`."""

    def __init__(self, settings: BaseSettings) -> None:
        del settings

    def open_spider(self, spider: Spider) -> None:
        from crawler.recorder import Recorder  # noqa: PLC0415  recorder imports this module

        recorder = spider.crawler.get_extension(Recorder)
        if recorder is None or recorder.replay is None:
            raise ArgumentError("ReplayStorage needs crawler.addon.ArchiveAddon and REPLAY")
        self._replay = recorder.replay
        self._stats = spider.crawler.stats

    def close_spider(self, spider: Spider) -> None:
        pass

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:  # noqa: ARG002
        exchange = self._replay.serve(request.method, request.url)
        if exchange is None:
            if not request.url.endswith("/robots.txt"):
                self._stats.inc_value(f"replay/missing/{urlsplit(request.url).hostname}")
            logger.debug("Not in the archive: %(request)s", {"request": request})
            return None
        self._stats.inc_value("replay/served")
        request.meta["capture"] = exchange.capture
        return _response(request, exchange)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        raise NotImplementedError("a replay stores nothing")


def _response(request: Request, exchange: ArchivedExchange) -> Response | None:
    """Return the archived answer as the download handler would have returned it."""
    _, final = split_interim(exchange.read().received)
    try:
        message = parse_response(final, exchange.method)
    except MalformedMessageError:
        return None
    headers = Headers()
    for name, value in message.headers:
        headers.appendlist(name, value)
    response_class = responsetypes.from_args(headers=headers, url=request.url, body=message.body)
    return response_class(
        url=request.url,
        status=message.status,
        headers=headers,
        body=message.body,
        protocol=message.protocol,
    )


class RefusingDownloadHandler:
    """Refuses every request: a replay never touches the network."""

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
