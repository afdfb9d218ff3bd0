"""The extension that writes a crawl's exchanges and items."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler

from archive import ArchiveWriteError
from crawler.errors import ArgumentError
from crawler.recording.recorder import LiveRecorder, ReplayRecorder, recorder_of, session_of
from tests.support.articles import an_article
from tests.support.crawls import SEEDS, items, records
from tests.support.exchanges import exchange, message
from tests.support.settings import DEFAULTS

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.crawler import Crawler


class Some(Spider):
    name = "some"


def _crawler(folder: Path, **settings: object) -> Crawler:
    return get_crawler(Some, {**DEFAULTS, "ARCHIVE_DIR": str(folder), "ARCHIVE_MIN_FREE": 0, **settings})


def _end(recorder: LiveRecorder | ReplayRecorder, reason: str = "finished") -> None:
    asyncio.run(recorder.spider_closed(Some(), reason))
    recorder.engine_stopped()


def test_without_the_add_on_there_is_none() -> None:
    crawler = get_crawler(Some)
    assert recorder_of(crawler) is None
    assert session_of(crawler) is None


def test_exchanges_and_articles_are_counted_and_on_disk_when_the_crawl_ends(tmp_path: Path) -> None:
    crawler = _crawler(tmp_path)
    recorder = LiveRecorder.from_crawler(crawler)
    capture = recorder.record(exchange(0, message()))
    assert capture
    assert recorder.store(an_article(1))
    assert recorder.store(an_article(1)) is None
    _end(recorder)
    stats = crawler.stats
    assert stats
    assert [
        stats.get_value(name) for name in ("archive/exchanges", "articles/new", "articles/unchanged")
    ] == [1, 1, 1]
    (warc,) = (tmp_path / "some" / "archive").iterdir()
    (response,) = (each for each in records(warc) if each.type == "response")
    assert (response.offset, response.get("WARC-Record-ID")) == (capture.offset, capture.record_id)
    assert [item["id"] for item in items(tmp_path / "some")] == ["x:y:1"]
    assert not list(tmp_path.rglob("*.open"))


def test_a_crawl_stops_before_the_disk_is_full(tmp_path: Path) -> None:
    crawler = _crawler(tmp_path, ARCHIVE_MIN_FREE=10**15)
    recorder = LiveRecorder.from_crawler(crawler)
    told: list[bool] = []
    recorder.session.on_failure = told.append
    with pytest.raises(ArchiveWriteError, match="ARCHIVE_MIN_FREE asks for"):
        recorder.record(exchange(0, message()))
    assert told == [True]
    _end(recorder, "recording_failed")


def test_half_a_replay_leaves_nothing(tmp_path: Path) -> None:
    recorder = ReplayRecorder.from_crawler(_crawler(tmp_path, REPLAY=str(SEEDS)))
    assert recorder.session.playback.answer("GET", "https://zh.vietnamplus.vn/article-post268001.vnp")
    recorder.store(an_article(1))
    _end(recorder, "shutdown")
    assert items(tmp_path / "some") == []
    assert not list((tmp_path / "some" / "archive").iterdir())


def test_an_archive_is_not_replayed_into_itself(tmp_path: Path) -> None:
    recorder = LiveRecorder.from_crawler(_crawler(tmp_path))
    recorder.record(exchange(0, message()))
    _end(recorder)
    with pytest.raises(ArgumentError, match="lies in the collection that this crawl writes"):
        ReplayRecorder.from_crawler(_crawler(tmp_path, REPLAY=str(tmp_path / "some")))
