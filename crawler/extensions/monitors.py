"""`Monitors`: after each live crawl, whether it brought what crawls of this collection are used to bring.

Counted by publisher: how many of what was asked for could not be had, how many articles lack a field, how far
the second witness agrees. What is much worse than in the crawls before is an error in the log, with an
example's place in the archive, and the exit status of `scrapy crawl`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.items import Article
from crawler.recording.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)

_FIELDS = ("headline", "description", "text", "authors", "source", "date_published", "images")
_RUNS = 200  # crawls looked back on; a quiet hour brings little
_FEW = 10  # articles or requests in this crawl, and ten times as many before: less tells nothing
_DROP = 0.25  # of a share; what is worse by this much is no chance


class Monitors:
    """Compares a crawl with those before it."""

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats
        self._recorder: Recorder | None = None
        self._examples: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Monitors:
        monitors = cls(crawler.stats)
        crawler.signals.connect(monitors.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(monitors.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(monitors.spider_closed, signal=signals.spider_closed)
        return monitors

    def spider_opened(self, spider: Spider) -> None:
        self._recorder = spider.crawler.get_extension(Recorder)

    def item_scraped(self, item: object) -> None:
        if not isinstance(item, Article):
            return
        self._stats.inc_value(f"fields/{item.publisher}/articles")
        for name in _FIELDS:
            key = f"fields/{item.publisher}/{name}"
            if getattr(item, name):
                self._stats.inc_value(key)
            elif item.capture:
                self._examples.setdefault(key, f"{item.capture.file}:{item.capture.offset}")
        if "disagreement" in item.flags and item.capture:
            self._examples.setdefault(
                f"extraction/agreement/{item.publisher}/sum", f"{item.capture.file}:{item.capture.offset}"
            )

    def spider_closed(self, spider: Spider, reason: str) -> None:
        if reason != "finished" or self._recorder is None or self._recorder.state is None:
            # A replay is what it is.
            return
        now = {k: v for k, v in self._stats.get_stats().items() if isinstance(v, int | float)}
        before = self._recorder.state.runs.latest(_RUNS, self._recorder.started)
        for complaint in complaints(now, before, self._examples):
            self._stats.inc_value("monitors/failed")
            logger.error("%s: %s", spider.name, complaint)


def complaints(
    now: Mapping[str, float], before: Sequence[Mapping[str, float]], examples: Mapping[str, str]
) -> Iterator[str]:
    """Yield what is much worse in the figures *now* than in those of the crawls *before*."""
    for key, of, what in _shares(now):
        count, total = now.get(key, 0), now.get(of, 0)
        past = sum(run.get(of, 0) for run in before)
        if total < _FEW or past < 10 * _FEW:
            continue
        share, used = count / total, sum(run.get(key, 0) for run in before) / past
        if used - share > _DROP:
            example = f"; for example {examples[key]}" if key in examples else ""
            yield f"{what} {share:.0%} of {total:,.0f}, {used:.0%} before{example}"


def _shares(now: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    """Yield a count's name, that of what it is a share of, and what the share says."""
    yield "visits/had", "visits/asked", "pages that could be had:"
    for key in now:
        if key.startswith("fields/") and key.endswith("/articles"):
            publisher = key.split("/")[1]
            for name in _FIELDS:
                yield f"fields/{publisher}/{name}", key, f"{publisher}: articles with {name}:"
        if key.startswith("extraction/agreement/") and key.endswith("/pages"):
            publisher = key.split("/")[2]
            sums = f"extraction/agreement/{publisher}/sum"
            yield sums, key, f"{publisher}: agreement with the second witness:"
