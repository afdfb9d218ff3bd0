"""`Witness`: trafilatura is heard on articles in a thread, so that no download waits for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.utils.asyncio import run_in_thread

from crawler.extraction import agreement, witnessed
from crawler.responses import content_type_of

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

    from crawler.items import Article


class Witness:
    """Compares articles with what trafilatura finds, and counts by publisher how they agree.

    At most *most_waiting* wait for it: when a crawl brings pages faster, the others go unheard, and are
    counted as such. None: all are heard.
    """

    def __init__(self, stats: StatsCollector, most_waiting: int | None) -> None:
        self._stats = stats
        self._most = most_waiting
        self._waiting = 0
        self._one_at_a_time = asyncio.Lock()

    async def hear(self, article: Article, response: Response) -> Article:
        """Return *article*, flagged where the page of *response* has another text for trafilatura."""
        prefix = f"extraction/agreement/{article.publisher}"
        if self._most is not None and self._waiting >= self._most:
            self._stats.inc_value(f"{prefix}/unheard")
            return article
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                content_type = content_type_of(response)
                figure = await run_in_thread(agreement, article, response.body, content_type)
        finally:
            self._waiting -= 1
        if figure is None:
            return article
        self._stats.inc_value(f"{prefix}/pages")
        self._stats.inc_value(f"{prefix}/sum", figure, start=0.0)  # type: ignore[arg-type]  # no count
        self._stats.min_value(f"{prefix}/min", figure)
        article = witnessed(article, figure)
        if "disagreement" in article.flags:
            self._stats.inc_value(f"{prefix}/disagreements")
        return article
