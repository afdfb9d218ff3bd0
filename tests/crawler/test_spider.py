"""What a publisher's spider declares, and what its arguments make of that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.utils.test import get_crawler

from crawler.errors import ArgumentError
from spiders.vna import VnaSpider

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy import Request


def _spider(folder: Path, **arguments: str) -> Any:
    settings = {
        "ADDONS": {"crawler.addon.ArchiveAddon": 300},
        "ARCHIVE_DIR": str(folder),
        # Recording needs a reactor.
        "ARCHIVE_ENABLED": False,
    }
    crawler = get_crawler(VnaSpider, settings)
    crawler.spider = crawler._create_spider(**arguments)
    return crawler.spider


def test_a_wrong_argument_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(ArgumentError, match="edition=xx"):
        VnaSpider(edition="xx")


def test_it_goes_to_its_publishers_hosts_and_those_of_its_urls() -> None:
    assert "zh.vietnamplus.vn" in VnaSpider().allowed_domains
    assert "a.example" not in VnaSpider().allowed_domains
    assert "a.example" in VnaSpider(urls="https://a.example/x").allowed_domains
    assert VnaSpider(edition="zh,en", _job="scrapyd's").editions == ["en", "zh"]


def test_without_the_add_on_it_says_what_it_needs() -> None:
    crawler = get_crawler(VnaSpider)
    spider = crawler._create_spider()

    async def start() -> None:
        async for _ in spider.start():
            pass

    with pytest.raises(ArgumentError, match="vna: a NewsSpider needs ADDONS"):
        asyncio.run(start())


def _first_requests(spider: Any) -> list[Request]:
    async def collect() -> list[Request]:
        return [request async for request in spider.start()]

    return asyncio.run(collect())


@pytest.fixture
def opened() -> Any:
    sessions = []

    def open_spider(folder: Path, **arguments: str) -> Any:
        from crawler.recording.recorder import recorder_of  # noqa: PLC0415

        spider = _spider(folder, **arguments)
        sessions.append(recorder_of(spider.crawler))
        return spider

    yield open_spider
    for recorder in sessions:
        recorder.output.close()
        recorder.session.close()


def test_it_begins_with_what_announces_articles(opened: Any, tmp_path: Path) -> None:
    urls = {request.url for request in _first_requests(opened(tmp_path, edition="zh"))}
    assert {f"https://zh.vietnamplus.vn{path}" for path in ("/sitemap.xml", "/rss/home.rss", "/")} <= urls
    assert not any("en.vietnamplus.vn" in url for url in urls)


def test_listings_which_give_no_dates_are_left_out_where_a_time_is_asked_for(
    opened: Any, tmp_path: Path
) -> None:
    urls = {request.url for request in _first_requests(opened(tmp_path, edition="zh", since="2025-12-01"))}
    assert "https://zh.vietnamplus.vn/sitemap.xml" in urls
    assert "https://zh.vietnamplus.vn/" not in urls


def test_pages_asked_for_by_their_urls_are_all_that_is_fetched(opened: Any, tmp_path: Path) -> None:
    spider = opened(tmp_path, urls="https://zh.vietnamplus.vn/a-post1.vnp")
    assert [request.url for request in _first_requests(spider)] == ["https://zh.vietnamplus.vn/a-post1.vnp"]
    assert spider.editions_looked_through == []
