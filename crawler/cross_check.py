"""`CrossCheck`: compares articles with what trafilatura finds, in a thread beside the downloads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.utils.asyncio import run_in_thread

from crawler.extraction import agreement, with_agreement
from crawler.responses import content_type_of

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

    from crawler.items import Article


class CrossCheck:
    """Checks articles one at a time, and counts by publisher how far they agree.

    At most *max_waiting* articles wait for it (None: any number). Further ones are not checked, and counted
    so.
    """

    def __init__(self, stats: StatsCollector, max_waiting: int | None) -> None:
        self._stats = stats
        self._max_waiting = max_waiting
        self._waiting = 0
        self._one_at_a_time = asyncio.Lock()

    async def check(self, article: Article, response: Response) -> Article:
        """Return *article*, flagged if trafilatura finds another text on the page of *response*."""
        prefix = f"extraction/agreement/{article.publisher}"
        if self._max_waiting is not None and self._waiting >= self._max_waiting:
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
        self._stats.inc_value(f"{prefix}/sum", figure, start=0.0)  # type: ignore[arg-type]  # a fraction
        self._stats.min_value(f"{prefix}/min", figure)
        article = with_agreement(article, figure)
        if "disagreement" in article.flags:
            self._stats.inc_value(f"{prefix}/disagreements")
        return article
