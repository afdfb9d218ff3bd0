"""`Progress`: one line on the terminal while a crawl runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

_INTERVAL = 0.5  # seconds
_ERASE = "\r\x1b[K"


class Progress:
    """Keeps one line on the terminal up to date."""

    def __init__(self, stats: StatsCollector, out: TextIO) -> None:
        self._stats = stats
        self._out = out
        self._task = create_looping_call(self._show)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        if not sys.stderr.isatty():
            raise NotConfigured  # silently: no terminal, no line
        progress = cls(crawler.stats, sys.stderr)
        crawler.signals.connect(progress.start, signal=signals.engine_started)
        crawler.signals.connect(progress.stop, signal=signals.engine_stopped)
        return progress

    def start(self) -> None:
        self._task.start(_INTERVAL)

    def stop(self) -> None:
        self._task.stop()
        self._out.write(_ERASE)
        self._out.flush()

    def _show(self) -> None:
        get = self._stats.get_value
        waiting = get("scheduler/enqueued", 0) - get("scheduler/dequeued", 0)
        self._out.write(
            f"{_ERASE}{get('response_received_count', 0)} responses,"
            f" {get('item_scraped_count', 0)} articles, {waiting} waiting"
        )
        self._out.flush()
