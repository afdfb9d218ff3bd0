"""Item pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem, NotConfigured

from crawler.items import Article
from crawler.recording.recorder import Recorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ArticlePipeline:
    """Hands articles to the recorder; drops what an earlier crawl stored just so."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArticlePipeline:
        recorder = crawler.get_extension(Recorder)
        if recorder is None:
            raise NotConfigured("crawler.recording.recorder.Recorder is not enabled")
        return cls(recorder)

    def process_item(self, item: object) -> object:
        if not isinstance(item, Article):
            return item
        stored = self._recorder.store(item)
        if stored is None:
            raise DropItem(f"{item.id}: unchanged", log_level="DEBUG")
        return stored
