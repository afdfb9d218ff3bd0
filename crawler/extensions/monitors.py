"""`Monitors`: whether somebody should look at a crawl: what could not be had, what raised, what dropped.

A live crawl is looked at by itself (an edition of which nothing could be had, pages that all failed) and is
compared with earlier ones of its collection, by publisher: how many requested pages were fetched and held an
article, how many articles have each field, how far the second witness agrees. A replay is looked at for
exceptions only, and for having played anything at all. Each line is logged as an error and sets the exit
status of `scrapy crawl`.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.items import Article
from crawler.recording.recorder import session_of
from crawler.recording.session import LiveSession, ReplaySession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

_FIELDS = ("headline", "description", "text", "authors", "source", "date_published", "images")
_CRAWLS = 200  # earlier crawls that are compared; a quiet hour brings few articles
_FEW = 10  # articles or requests in this crawl, and ten times as many before: fewer prove nothing
_DROP = 0.25  # of a rate
_QUIET = 0.05  # share of earlier crawls: what was missing in more of them is missing at times
_NEVER_MISSING = {
    "announcements/articles": "nothing was announced",
    "visits/asked": "no page was asked for",
}


class Monitors:
    """Looks at a crawl when it ends; `lines` say what is wrong, the gravest first."""

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats
        self._examples: dict[str, str] = {}
        #: An example of each sort of exception that was raised, by its name.
        self._errors: dict[str, str] = {}
        #: One line for each thing that is wrong; empty while the crawl runs.
        self.lines: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Monitors:
        monitors = cls(crawler.stats)
        crawler.signals.connect(monitors.spider_error, signal=signals.spider_error)
        crawler.signals.connect(monitors.item_error, signal=signals.item_error)
        crawler.signals.connect(monitors.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(monitors.spider_closed, signal=signals.spider_closed)
        return monitors

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        """Count an exception in a callback, a rule or a spider middleware."""
        self._count(failure, response)

    def item_error(self, failure: Failure, response: Response | None) -> None:
        """Count an exception in an item pipeline."""
        self._count(failure, response)

    def _count(self, failure: Failure, response: Response | None) -> None:
        name = type(failure.value).__name__
        self._stats.inc_value(f"failures/{name}")
        self._stats.inc_value("monitors/exceptions")
        if name not in self._errors:
            self._errors[name] = _example(failure, response)

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
        now = {k: v for k, v in self._stats.get_stats().items() if isinstance(v, int | float)}
        self.lines = [
            f"{now[f'failures/{name}']:,.0f} exceptions {example}" for name, example in self._errors.items()
        ]
        if reason == "finished" and isinstance(session, LiveSession):
            before = session.state.crawls.latest(_CRAWLS, session.started)
            self.lines += [*shortfalls(now), *complaints(now, before, self._examples)]
        elif reason == "finished" and isinstance(session, ReplaySession) and not now.get("httpcache/hit"):
            self.lines.append("nothing of the archive was played: it holds none of the pages asked for")
        for line in self.lines:
            self._stats.inc_value("monitors/failed")
            logger.error("%s: %s", spider.name, line)


def _example(failure: Failure, response: Response | None) -> str:
    """Return what *failure* was, and on which page: its last line, the URL and the place of the record."""
    last = f"{type(failure.value).__name__}: {failure.getErrorMessage()}"
    frames = traceback.extract_tb(failure.value.__traceback__ if failure.value else None)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    if response is None:
        return f"like {last}{where}"
    capture = response.meta.get("capture") if response.request else None
    place = f" in {capture.file}:{capture.offset}" if capture else ""
    return f"like {last}{where}, at {response.url}{place}"


def shortfalls(now: Mapping[str, float]) -> Iterator[str]:
    """Yield a line for each thing of which a crawl with the figures *now* got nothing at all."""
    for edition, asked in _of(now, "sources/", "/asked").items():
        if not now.get(f"sources/{edition}/read"):
            yield f"{edition}: nothing could be had; of {asked:,.0f} sources none was read{_reasons(now)}"
    asked, had = now.get("visits/asked", 0), now.get("visits/had", 0)
    # A page that failed again is no news.
    if asked > now.get("visits/retried", 0) and not had:
        yield f"none of {asked:,.0f} pages could be had{_reasons(now)}"
    kinds = _of(now, "pages/")
    if had and not any(kinds.get(kind) for kind in ("article", "unmodified", "gone")):
        listed = ", ".join(f"{count:,.0f} {kind}" for kind, count in kinds.items())
        yield f"none of {had:,.0f} pages held an article ({listed or 'redirects'})"
    if not asked and now.get("failures/site rests"):
        yield "everything was put off: the site rests"


def _of(now: Mapping[str, float], prefix: str, suffix: str = "") -> dict[str, float]:
    """Return the figures whose keys have *prefix* and *suffix*, by the rest of the key."""
    keys = sorted(key for key in now if key.startswith(prefix) and key.endswith(suffix))
    return {key.removeprefix(prefix).removesuffix(suffix): now[key] for key in keys}


def _reasons(now: Mapping[str, float]) -> str:
    listed = ", ".join(f"{count:,.0f} {reason}" for reason, count in _of(now, "failures/").items())
    return f" ({listed})" if listed else ""


def complaints(
    now: Mapping[str, float], before: Sequence[Mapping[str, float]], examples: Mapping[str, str]
) -> Iterator[str]:
    """Yield a line for each figure that is much lower *now* than in the crawls *before*."""
    yield from _silences(now, before)
    for key, of, what in _shares(now):
        count, total = now.get(key, 0), now.get(of, 0)
        past = sum(crawl.get(of, 0) for crawl in before)
        if total < _FEW or past < 10 * _FEW:
            continue
        share, usual = count / total, sum(crawl.get(key, 0) for crawl in before) / past
        if usual - share > _DROP:
            example = f"; for example {examples[key]}" if key in examples else ""
            yield f"{what} {share:.0%} of {total:,.0f}, {usual:.0%} before{example}"


def _silences(now: Mapping[str, float], before: Sequence[Mapping[str, float]]) -> Iterator[str]:
    """Yield a line for each thing that was never missing before and is missing *now*."""
    if len(before) < _FEW:
        return
    for key, words in _NEVER_MISSING.items():
        usual = [crawl.get(key, 0) for crawl in before]
        if not now.get(key) and sum(count == 0 for count in usual) <= _QUIET * len(usual):
            yield f"{words}, {sum(usual) / len(usual):,.0f} a crawl before"


def _shares(now: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    """Yield the key of a count, the key of its total, and the words for the rate."""
    yield "visits/had", "visits/asked", "pages that could be fetched:"
    if now.get("pages/article", 0) + now.get("pages/unmodified", 0) < _DROP * now.get("visits/had", 0):
        yield "pages/article", "visits/had", "pages that held an article:"
    for key in now:
        if key.startswith("fields/") and key.endswith("/articles"):
            publisher = key.split("/")[1]
            for name in _FIELDS:
                yield f"fields/{publisher}/{name}", key, f"{publisher}: articles with {name}:"
        if key.startswith("extraction/agreement/") and key.endswith("/pages"):
            publisher = key.split("/")[2]
            sums = f"extraction/agreement/{publisher}/sum"
            yield sums, key, f"{publisher}: agreement with the second witness:"
