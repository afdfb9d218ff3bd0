"""Items on disk: a line is whole or not there, and leftovers are finished."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from archive import ArchiveWriteError, Collection
from crawler.items import Article, Extractor
from crawler.recording.output import CrawlOutput, items_folder
from crawler.recording.recovery import recover_items
from crawler.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _article(number: int, headline: str = "A headline") -> Article:
    return Article(
        id=f"x:y:{number}",
        url=f"http://a.vn/{number}",
        canonical_url=None,
        publisher="x",
        edition="y",
        language=None,
        headline=headline,
        extractor=Extractor(name="test", version="1", page="test"),
    )


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(tmp_path / "x")
    collection.acquire("a test")
    yield collection
    collection.release()


class _FullDisk:
    """A raw file that takes half of a write and refuses the next."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._writes = 0

    def write(self, data: bytes) -> int:
        self._writes += 1
        if self._writes == 2:
            raise OSError(28, "No space left on device")
        return int(self._file.write(data[: len(data) // 2] if self._writes == 1 else data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_half_a_line_is_taken_back(collection: Collection) -> None:
    state = State(None)
    job = CrawlOutput(collection, "job", None, state)
    job._out = _FullDisk(job._out)  # type: ignore[assignment]
    with pytest.raises(ArchiveWriteError, match="No space left on device"):
        job.store(_article(1))
    stored = job.store(_article(2))
    assert stored
    job.close()
    assert job.path.read_text() == stored.to_json() + "\n"
    state.close()


def test_articles_are_stored_once_a_revision(collection: Collection) -> None:
    state = State(None)
    job = CrawlOutput(collection, "job", None, state)
    assert job.store(_article(1))
    assert job.store(_article(1)) is None
    changed = job.store(_article(1, "Another headline"))
    assert changed
    assert (changed.revision.number, changed.revision.changed) == (2, ["headline"])
    back = job.store(_article(1))
    assert back
    assert back.revision.number == 3
    job.close()
    assert len(job.path.read_text().splitlines()) == 3
    state.close()


def test_a_job_without_articles_leaves_no_file(collection: Collection) -> None:
    state = State(None)
    CrawlOutput(collection, "job", None, state).close()
    assert list(items_folder(collection).iterdir()) == []
    state.close()


def test_a_killed_replay_takes_nothing_from_an_earlier_one(collection: Collection) -> None:
    folder = items_folder(collection)
    folder.mkdir()
    whole = _article(1).to_json() + "\n" + _article(2).to_json() + "\n"
    (folder / "20260101000000-abc-replay.jsonl").write_text(whole)
    (folder / "20260101000000-abc-replay.jsonl.open").write_text(_article(1).to_json() + "\n")
    state = State(None)
    recover_items(collection, state, lambda _line: None)
    assert [path.name for path in folder.iterdir()] == ["20260101000000-abc-replay.jsonl"]
    assert (folder / "20260101000000-abc-replay.jsonl").read_text() == whole
    state.close()


def test_a_torn_line_is_cut_and_the_state_learns_the_others(collection: Collection) -> None:
    folder = items_folder(collection)
    folder.mkdir()
    line = _article(1).to_json() + "\n"
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
    line = _article(1).to_json() + "\n"
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


def test_what_a_project_adds_to_an_article_is_written() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Rated(Article):
        rating: int = 5

    article = _article(1)
    fields = {each.name: getattr(article, each.name) for each in dataclasses.fields(article)}
    assert json.loads(Rated(**fields).to_json()) == {**json.loads(article.to_json()), "rating": 5}


def test_an_article_survives_its_line() -> None:
    article = _article(1)
    assert Article.from_json(article.to_json()) == article
    with_spaces = json.dumps(json.loads(article.to_bytes()))
    assert Article.from_json(with_spaces) == article
    for line in ("", "[]", "{}", '{"id": 1}'):
        with pytest.raises((KeyError, TypeError, ValueError)):
            Article.from_json(line)
