"""What a killed crawl left of its items is finished."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crawler.recording.output import items_folder
from crawler.recording.recovery import recover_items
from crawler.state import State
from tests.support.articles import an_article

if TYPE_CHECKING:
    from archive import Collection


def test_a_killed_replay_takes_nothing_from_an_earlier_one(collection: Collection) -> None:
    folder = items_folder(collection)
    folder.mkdir()
    whole = an_article(1).to_json() + "\n" + an_article(2).to_json() + "\n"
    (folder / "20260101000000-abc-replay.jsonl").write_text(whole)
    (folder / "20260101000000-abc-replay.jsonl.open").write_text(an_article(1).to_json() + "\n")
    state = State(None)
    recover_items(collection, state, lambda _line: None)
    assert [path.name for path in folder.iterdir()] == ["20260101000000-abc-replay.jsonl"]
    assert (folder / "20260101000000-abc-replay.jsonl").read_text() == whole
    state.close()


def test_a_torn_line_is_cut_and_the_state_learns_the_others(collection: Collection) -> None:
    folder = items_folder(collection)
    folder.mkdir()
    line = an_article(1).to_json() + "\n"
    (folder / "job.jsonl.open").write_text(line + line[:50])
    state = State(None)
    reports: list[str] = []
    recover_items(collection, state, reports.append)
    assert (folder / "job.jsonl").read_text() == line
    assert state.articles.knows("x:y:1")
    assert reports == [f"{folder / 'job.jsonl'}: closed, 1 articles"]
    state.close()


def test_a_crash_while_mending_keeps_the_lines(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = items_folder(collection)
    folder.mkdir()
    line = an_article(1).to_json() + "\n"
    (folder / "job.jsonl.open").write_text(line + line[:50])
    state = State(None)
    with monkeypatch.context() as patch:
        patch.setattr("crawler.recording.output.os.fsync", _refuse)
        with pytest.raises(OSError, match="full"):
            recover_items(collection, state, lambda _line: None)
    recover_items(collection, state, lambda _line: None)
    assert (folder / "job.jsonl").read_text() == line
    assert [path.name for path in folder.iterdir()] == ["job.jsonl"]
    state.close()


def _refuse(_descriptor: int) -> None:
    raise OSError("disk full")


def test_lines_of_other_versions_are_kept_as_they_are(collection: Collection) -> None:
    folder = items_folder(collection)
    folder.mkdir()
    older, newer = (json.loads(an_article(number).to_json()) for number in (1, 2))
    del older["videos"]
    newer["mood"] = {"is": "good"}
    lines = f"{json.dumps(older)}\n{json.dumps(newer)}\n"
    (folder / "job.jsonl.open").write_text(f"{lines}{{}}\n")
    state = State(None)
    recover_items(collection, state, lambda _line: None)
    assert (folder / "job.jsonl").read_text() == lines
    assert (folder / "job.jsonl.damaged").read_text() == "{}\n"
    state.close()
