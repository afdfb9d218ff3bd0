"""Which archived exchange answers a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive import NotAnArchiveError, Playback, find_sources
from tests.support.exchanges import exchange, message, write

if TYPE_CHECKING:
    from pathlib import Path

    from archive import Exchange

URL = "http://a.vn/1"


def _playback(folder: Path, *exchanges: Exchange) -> Playback:
    write(folder / "c", *exchanges)
    return Playback(find_sources([folder / "c" / "archive"]))


def test_the_latest_good_answer_or_one_by_its_number(tmp_path: Path) -> None:
    answers = [message(b"first"), message(b"second"), message(b"", status=b"503 Busy")]
    playback = _playback(tmp_path, *(exchange(n, each) for n, each in enumerate(answers)))
    assert playback.count("GET", URL) == 2
    for number, body in ((-1, b"second"), (0, b"first"), (1, b"second")):
        found = playback.answer("GET", URL, number)
        assert found
        assert found.read().received.endswith(body)


def test_tries_that_failed_before_it_were_part_of_the_crawl(tmp_path: Path) -> None:
    answers = [message(b"", status=b"503 Busy"), message(b"fine"), message(b"", status=b"500 Oops")]
    playback = _playback(tmp_path, *(exchange(n, each) for n, each in enumerate(answers)))
    assert playback.answer("GET", URL)
    assert [each.status for each in playback.played] == [503, 200, 500]


def test_without_a_good_answer_any_whole_one(tmp_path: Path) -> None:
    cut = exchange(1, message()[:-9], truncated="disconnect")
    playback = _playback(tmp_path, exchange(0, message(b"", status=b"404 Not Found")), cut)
    found = playback.answer("GET", URL)
    assert found
    assert found.status == 404
    assert playback.answer("GET", "http://a.vn/2") is None
    assert playback.answer("POST", URL) is None


def test_what_was_cut_is_held_and_answers_nothing(tmp_path: Path) -> None:
    playback = _playback(tmp_path, exchange(0, message()[:-9], truncated="disconnect"))
    assert playback.answer("GET", URL) is None
    assert playback.holds("GET", URL)
    assert not playback.holds("GET", "http://a.vn/2")


def test_its_clock_is_that_of_the_latest_exchange_and_there_must_be_one(tmp_path: Path) -> None:
    playback = _playback(tmp_path, *(exchange(n, message()) for n in range(3)))
    assert playback.clock == exchange(2, message()).started
    (tmp_path / "empty.warc").write_bytes(b"")
    with pytest.raises(NotAnArchiveError, match="holds no HTTP exchange"):
        Playback(find_sources([tmp_path / "empty.warc"]))
