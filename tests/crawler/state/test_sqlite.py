"""The state in SQLite."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.errors import StateError
from crawler.state import State
from crawler.state.schema import MIGRATIONS
from crawler.state.sqlite import Sqlite
from tests.support.states import HOUR, NOW, due_urls, had, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        yield state


def test_an_older_state_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    whole = list(MIGRATIONS)
    try:
        MIGRATIONS[:] = whole[:1]
        with closing(Sqlite(path)) as database:
            database.execute("INSERT INTO article VALUES ('x:y:1', 3, '{}', 'job')")
    finally:
        MIGRATIONS[:] = whole
    with closing(State(path)) as state:
        assert state.articles.knows("x:y:1")
        assert due_urls(state, NOW) == []
        state.frontier.announce(1, [wanted(NOW)], "job", NOW)
        assert due_urls(state, NOW) == ["https://a.vn/1"]
        had(state, NOW)
        # It is young no more: it is visited twice a year.
        assert due_urls(state, NOW + 179 * 24 * HOUR) == []
        assert due_urls(state, NOW + 180 * 24 * HOUR) == ["https://a.vn/1"]
    with closing(Sqlite(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError, match="schema version 99 is from a newer banluu"):
        State(path)
