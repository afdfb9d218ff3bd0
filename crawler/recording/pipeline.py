"""`ArticleMiddleware`: where articles leave the spider and are stored.

A spider middleware sees the article and its response together, and so the due page that it was fetched for.
Item pipelines get what it passes on: articles as they were stored, with their revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

from archive import ArchiveError
from crawler.errors import CrawlError
from crawler.items import Article
from crawler.recording.output import Fetch
from crawler.recording.recorder import recorder_of
from crawler.responses import DUE_PAGE, MISPLACED, asked_id, fetch_facts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.state import DuePage


class ArticleMiddleware(BaseSpiderMiddleware):
    """Stores each article; drops one that has not changed since it was stored."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        recorder = recorder_of(crawler)
        if recorder is None:
            raise NotConfigured("crawler.addon.ArchiveAddon is not enabled")
        self._recorder = recorder
        self._stats = crawler.stats

    def get_processed_item(self, item: Any, response: Response | None) -> Any:
        if not isinstance(item, Article):
            return item
        if response is None:
            return self._store(item)
        due: DuePage | None = response.meta.get(DUE_PAGE)
        if due:
            self._stats.inc_value("visits/asked")
            self._stats.inc_value("visits/had")
        facts = fetch_facts(response, "article")
        fetch = Fetch(
            facts=facts,
            due_id=due.id if due else None,
            asked_id=asked_id(response),
            is_misplaced=response.meta.get(MISPLACED, False),
        )
        return self._store(item, fetch)

    def _store(self, article: Article, fetch: Fetch | None = None) -> Article | None:
        try:
            return self._recorder.store(article, fetch)
        except (ArchiveError, CrawlError):
            # The session has logged it, and stops the crawl.
            return None
