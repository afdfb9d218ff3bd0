"""Articles are cross-checked beside the downloads."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawler import extract
from crawler.cross_check import CrossCheck
from tests.support.crawls import SEEDS

if TYPE_CHECKING:
    import pytest

    from crawler.items import Article


URL = "https://zh.vietnamplus.vn/article-post268001.vnp"


PAGE = (SEEDS / "pages" / "000_64e55b9a19bdb261.html").read_bytes()


def test_who_waits_too_long_goes_unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing else waits: the loop goes on while trafilatura is at work."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> float:
        begun.set()
        assert go_on.wait(30)
        return 0.1

    monkeypatch.setattr("crawler.cross_check.agreement", slow)
    article = extract(PAGE, URL)
    assert article is not None
    response = HtmlResponse(URL, body=PAGE)
    stats = MemoryStatsCollector(get_crawler())

    async def check() -> list[Article]:
        witness = CrossCheck(stats, 2)
        heard = [asyncio.ensure_future(witness.check(article, response)) for _ in range(4)]
        await asyncio.to_thread(begun.wait, 30)
        done, _ = await asyncio.wait(heard, return_when=asyncio.FIRST_COMPLETED)
        assert len(done) == 2
        go_on.set()
        return list(await asyncio.gather(*heard))

    heard = asyncio.run(check())
    assert ["disagreement" in each.flags for each in heard] == [True, True, False, False]
    assert stats.get_value("extraction/agreement/vna/unheard") == 2
    assert stats.get_value("extraction/agreement/vna/pages") == 2
