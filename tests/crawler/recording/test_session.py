"""A crawl holds its collection and state until it is closed, and stops when it cannot record."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from scrapy.utils.test import get_crawler

from archive import ArchiveInUseError, ArchiveWriteError, Collection, Playback, find_sources
from crawler.recording.options import options_of
from crawler.recording.session import CrawlSession, LiveSession, ReplaySession
from crawler.state import State
from tests.support.crawls import SEEDS
from tests.support.settings import DEFAULTS

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.recording.options import RecordingOptions


def _options(folder: Path) -> RecordingOptions:
    return options_of(get_crawler(settings_dict={**DEFAULTS, "ARCHIVE_DIR": str(folder)}), live=True)


def test_a_collection_is_held_until_the_session_is_closed(tmp_path: Path) -> None:
    with closing(LiveSession(Collection(tmp_path / "x"), _options(tmp_path))) as session:
        assert session.may_send
        with pytest.raises(ArchiveInUseError, match=f"crawl {session.name}"):
            LiveSession(Collection(tmp_path / "x"), _options(tmp_path))
    LiveSession(Collection(tmp_path / "x"), _options(tmp_path)).close()


def test_a_crawl_looks_back_a_day_behind_the_last_complete_crawl(tmp_path: Path) -> None:
    with closing(LiveSession(Collection(tmp_path / "x"), _options(tmp_path))) as session:
        assert session.default_since("zh") == session.started - timedelta(days=1)
        earlier = session.started - timedelta(days=9)
        session.state.sources.record_complete_crawl("zh", earlier)
        assert abs(session.default_since("zh") - (earlier - timedelta(days=1))) < timedelta(seconds=1)


def test_the_first_error_counts_and_is_told_once(tmp_path: Path) -> None:
    told: list[bool] = []

    def fail(session: CrawlSession, words: str) -> None:
        with session.required():
            raise ArchiveWriteError(words)

    with closing(LiveSession(Collection(tmp_path / "x"), _options(tmp_path))) as session:
        session.on_failure = told.append
        for words in ("disk full", "and again"):
            with pytest.raises(ArchiveWriteError, match=words):
                fail(session, words)
        assert str(session.error) == "disk full"
    assert told == [True]


def test_what_fails_while_it_is_opened_releases_all(tmp_path: Path) -> None:
    session = LiveSession(Collection(tmp_path / "x"), _options(tmp_path))

    def open_more() -> None:
        with session.opening():
            raise OSError(28, "No space left on device", "a file")

    with pytest.raises(ArchiveWriteError, match="a file: No space left on device"):
        open_more()
    LiveSession(Collection(tmp_path / "x"), _options(tmp_path)).close()


def test_a_replay_has_the_archives_clock_and_knows_nothing_of_live_crawls(tmp_path: Path) -> None:
    playback = Playback(find_sources([SEEDS / "seeds.warc.gz"]))
    with closing(ReplaySession(Collection(tmp_path / "x"), playback, _options(tmp_path))) as session:
        assert session.started == playback.clock
        assert session.name.endswith("-replay")
        assert session.default_since("zh") is None
        session.state.sources.record_complete_crawl("zh", playback.clock)
    with closing(State(tmp_path / "x" / "state.sqlite")) as live:
        assert live.sources.last_complete_crawl("zh") is None
