"""Sitemaps and feeds of a publisher are requested, read, and followed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from archive import Playback, find_sources
from crawler.arguments import CrawlArguments
from crawler.discovery.announcements import Window
from crawler.discovery.intake import ReplayIntake, Targets
from crawler.discovery.sources import SourceReader, Sources
from spiders.vna import VnaPage
from tests.support.crawls import SEEDS

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

ROOT = "https://zh.vietnamplus.vn"
PAGE = f"{ROOT}/article-post268001.vnp"


@pytest.fixture
def stats() -> StatsCollector:
    stats = get_crawler().stats
    assert stats
    return stats


@pytest.fixture
def reader(stats: StatsCollector) -> SourceReader:
    playback = Playback(find_sources([SEEDS / "seeds.warc.gz"]))
    targets = Targets(VnaPage, CrawlArguments(editions=("zh",)), VnaPage.editions.values())
    sources = Sources(dated=["/sitemap.xml", "/rss/home.rss"], listings=[], max_pages=9)
    reader = SourceReader(sources, targets, ReplayIntake(playback, Request), stats)
    reader.windows["zh"] = Window()
    return reader


def _read(reader: SourceReader, body: str, status: int = 200) -> list[str]:
    url = f"{ROOT}/sitemap.xml"
    response = TextResponse(url, status=status, body=body.encode(), request=Request(url))
    return [request.url for request in reader.parse(response, "zh")]


def test_it_begins_with_what_was_declared(reader: SourceReader) -> None:
    assert {request.url for request in reader.requests("zh")} == {
        f"{ROOT}/sitemap.xml",
        f"{ROOT}/rss/home.rss",
    }


def test_articles_are_handed_over_and_other_pages_not(reader: SourceReader, stats: StatsCollector) -> None:
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in (PAGE, f"{ROOT}/politics/"))
    assert _read(reader, f"<urlset>{urls}</urlset>") == [PAGE]
    assert stats.get_value("announcements/articles") == 1
    assert reader.unread == set()


def test_sitemaps_of_others_and_those_that_cannot_matter_are_not_followed(reader: SourceReader) -> None:
    reader.windows["zh"] = Window(since=datetime(2020, 1, 1, tzinfo=UTC))
    entries = "".join(
        f"<sitemap><loc>{url}</loc></sitemap>"
        for url in (
            f"{ROOT}/sitemaps/google-news.xml",
            "https://evil.example/sitemap.xml",
            f"{ROOT}/news-1999-1.xml",
        )
    )
    assert _read(reader, f"<sitemapindex>{entries}</sitemapindex>") == [f"{ROOT}/sitemaps/google-news.xml"]


@pytest.mark.parametrize("body", ["<html>Not found</html>", f"<urlset><url><loc>{PAGE}</loc></url><url>"])
def test_an_edition_of_which_something_cannot_be_read_was_not_looked_through(
    reader: SourceReader, body: str
) -> None:
    _read(reader, body)
    assert reader.unread == {"zh"}


def test_what_has_not_changed_is_counted_and_not_read(reader: SourceReader, stats: StatsCollector) -> None:
    assert _read(reader, "", status=304) == []
    assert (reader.unread, stats.get_value("announcements/unmodified")) == (set(), 1)
