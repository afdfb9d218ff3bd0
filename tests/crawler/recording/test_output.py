"""Items on disk: a line is whole or not there."""

from __future__ import annotations

from typing import Any

import pytest

from archive import ArchiveWriteError, Collection
from crawler.recording.output import CrawlOutput, items_folder
from crawler.state import State
from tests.support.articles import an_article


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
        job.store(an_article(1))
    stored = job.store(an_article(2))
    assert stored
    job.close()
    assert job.path.read_text() == stored.to_json() + "\n"
    state.close()


def test_articles_are_stored_once_a_revision(collection: Collection) -> None:
    state = State(None)
    job = CrawlOutput(collection, "job", None, state)
    assert job.store(an_article(1))
    assert job.store(an_article(1)) is None
    changed = job.store(an_article(1, "Another headline"))
    assert changed
    assert (changed.revision.number, changed.revision.changed) == (2, ["headline"])
    back = job.store(an_article(1))
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
