"""`Monitors`: compares the figures of each live crawl with those of earlier crawls of its collection.

Compared by publisher: how many requested pages were fetched, how many articles have each field, how far the
second witness agrees. A rate that drops by a quarter is logged as an error, with the WARC location of an
example, and sets the exit status of `scrapy crawl`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.items import Article
from crawler.recording.recorder import session_of
from crawler.recording.session import LiveSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)

_FIELDS = ("headline", "description", "text", "authors", "source", "date_published", "images")
_CRAWLS = 200  # earlier crawls that are compared; a quiet hour brings few articles
_FEW = 10  # articles or requests in this crawl, and ten times as many before: fewer prove nothing
_DROP = 0.25  # of a rate


class Monitors:
    """Compares a crawl with earlier ones."""

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats
        self._examples: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Monitors:
        monitors = cls(crawler.stats)
        crawler.signals.connect(monitors.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(monitors.spider_closed, signal=signals.spider_closed)
        return monitors

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
        session = session_of(spider.crawler)
        if reason != "finished" or not isinstance(session, LiveSession):
            return
        now = {k: v for k, v in self._stats.get_stats().items() if isinstance(v, int | float)}
        before = session.state.crawls.latest(_CRAWLS, session.started)
        for complaint in complaints(now, before, self._examples):
            self._stats.inc_value("monitors/failed")
            logger.error("%s: %s", spider.name, complaint)


def complaints(
    now: Mapping[str, float], before: Sequence[Mapping[str, float]], examples: Mapping[str, str]
) -> Iterator[str]:
    """Yield a line for each rate that is much lower *now* than in the crawls *before*."""
    for key, of, what in _shares(now):
        count, total = now.get(key, 0), now.get(of, 0)
        past = sum(crawl.get(of, 0) for crawl in before)
        if total < _FEW or past < 10 * _FEW:
            continue
        share, usual = count / total, sum(crawl.get(key, 0) for crawl in before) / past
        if usual - share > _DROP:
            example = f"; for example {examples[key]}" if key in examples else ""
            yield f"{what} {share:.0%} of {total:,.0f}, {usual:.0%} before{example}"


def _shares(now: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    """Yield the key of a count, the key of its total, and the words for the rate."""
    yield "visits/had", "visits/asked", "pages that could be fetched:"
    for key in now:
        if key.startswith("fields/") and key.endswith("/articles"):
            publisher = key.split("/")[1]
            for name in _FIELDS:
                yield f"fields/{publisher}/{name}", key, f"{publisher}: articles with {name}:"
        if key.startswith("extraction/agreement/") and key.endswith("/pages"):
            publisher = key.split("/")[2]
            sums = f"extraction/agreement/{publisher}/sum"
            yield sums, key, f"{publisher}: agreement with the second witness:"
