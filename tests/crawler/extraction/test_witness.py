"""The second witness notices when a rule reads another text than the page holds."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawler import extract
from crawler.cross_check import CrossCheck
from crawler.extraction import agreement, with_agreement
from crawler.testing import replay
from tests.support.crawls import SEEDS

if TYPE_CHECKING:
    import pytest

    from crawler.items import Article

URL = "https://zh.vietnamplus.vn/article-post268001.vnp"
PAGE = (SEEDS / "pages" / "000_64e55b9a19bdb261.html").read_bytes()


def test_agreement_is_high_where_the_rule_is_right_and_low_where_it_is_not() -> None:
    article = extract(PAGE, URL)
    assert article
    right = agreement(article, PAGE)
    assert right
    assert right > 0.9
    assert with_agreement(article, right).flags == []
    assert with_agreement(article, right).extractor.trafilatura
    half = dataclasses.replace(article, text=article.text[: len(article.text) // 3])
    figure = agreement(half, PAGE)
    assert figure is not None
    assert figure < 0.6
    assert with_agreement(half, figure).flags == ["disagreement"]
    other = dataclasses.replace(article, text="Another article's text, which is not on this page at all.")
    assert agreement(other, PAGE) == 0


def test_there_is_no_second_witness_where_there_is_no_first() -> None:
    page = b"<h1>Title</h1>" + b"<p>Some words of a paragraph that is long enough to be prose.</p>" * 5
    article = extract(page, "https://example.com/x")
    assert article
    assert article.flags == ["fallback_extractor", "language_detected", "no_date"]
    assert agreement(article, page) is None


def test_crawls_hear_it_and_say_so() -> None:
    heard = replay("vna", SEEDS, edition="zh")
    assert all(article.extractor.trafilatura for article in heard)
    assert all(article.flags == [] for article in heard)
    unheard = replay("vna", SEEDS, settings={"EXTRACTION_WITNESS": False}, edition="zh")
    assert all(article.extractor.trafilatura is None for article in unheard)


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
