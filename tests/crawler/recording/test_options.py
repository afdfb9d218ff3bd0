"""How a crawl is recorded, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy import Spider
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from archive import Playback, find_sources
from crawler.errors import ArgumentError
from crawler.recording.options import derived_ids, fingerprint, options_of, playback_of, random_id
from tests.support.crawls import SEEDS
from tests.support.settings import DEFAULTS

if TYPE_CHECKING:
    from crawler.recording.options import RecordingOptions


class Paper(Spider):
    name = "paper"
    allowed_domains = ("zh.vietnamplus.vn", "en.vietnamplus.vn", "nhandan.vn")


def _options(*, live: bool = True, **settings: object) -> RecordingOptions:
    crawler = get_crawler(Paper, {**DEFAULTS, **settings})
    crawler.spider = crawler._create_spider()
    return options_of(crawler, live=live)


def test_a_crawl_leases_its_collection_and_each_site_once() -> None:
    assert _options().sites == ("collection paper", "nhandan.vn", "vietnamplus.vn")


def test_names_of_headers_are_compared_in_lower_case() -> None:
    assert _options(ARCHIVE_REDACTED_HEADERS="Cookie, Set-Cookie").writer.redacted == {
        b"cookie",
        b"set-cookie",
    }


def test_a_replay_shares_no_state_refers_to_no_body_and_needs_no_room() -> None:
    options = _options(live=False, STATE_URL="postgresql://a", ARCHIVE_MIN_FREE=7)
    assert (options.state_url, options.min_free, options.writer.deduplicate) == ("", 0, False)
    # Nothing in it depends on the machine.
    assert "Python" not in options.warcinfo["software"]
    assert "Python" in _options().warcinfo["software"]


def test_a_replay_is_named_after_its_archive_and_what_it_was_asked_for() -> None:
    playback = Playback(find_sources([SEEDS / "seeds.warc.gz"]))
    name = fingerprint(playback, _options(live=False))
    assert name == fingerprint(playback, _options(live=False, STATE_LEASE=9))
    assert name != fingerprint(playback, _options(live=False, ARCHIVE_MAX_BYTES=1000))
    assert name != fingerprint(playback, _options(live=False, ARCHIVE_ENABLED=False))


def test_ids_of_records_are_unique_and_in_a_replay_the_same_each_time() -> None:
    one, again, other = derived_ids("a crawl"), derived_ids("a crawl"), derived_ids("another")
    ids = [one("response"), one("response"), one("request")]
    assert len(set(ids)) == 3
    assert [again("response"), again("response"), again("request")] == ids
    assert other("response") not in ids
    assert random_id("response") != random_id("response")


def test_an_archive_must_be_named() -> None:
    with pytest.raises(ArgumentError, match="REPLAY=,: names no archive"):
        playback_of(Settings({"REPLAY": ","}))
    assert playback_of(Settings({"REPLAY": f" {SEEDS},"})).holds("GET", "https://www.vietnam.vn/robots.txt")
