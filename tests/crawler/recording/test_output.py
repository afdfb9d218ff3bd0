"""Items on disk: a line is whole or not there."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from archive import ArchiveWriteError, Collection
from crawler.recording.output import CrawlOutput, Fetch, items_folder
from crawler.state import FetchFacts, State
from tests.support.articles import an_article, random_text
from tests.support.states import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler import Article


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


TEXT = random_text(5)
PUBLISHED = "2026-06-01T10:00:00+00:00"


def _slug(
    slug: str, text: str = TEXT, published: str | None = PUBLISHED, headline: str = "A headline"
) -> Article:
    return replace(
        an_article(1, headline),
        id=f"x:y:{slug}",
        url=f"https://a.vn/{slug}",
        text=text,
        date_published=published,
    )


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        yield state


@pytest.fixture
def output(collection: Collection, state: State) -> Iterator[CrawlOutput]:
    output = CrawlOutput(collection, "job", None, state)
    yield output
    output.close()


def _fetch(**given: Any) -> Fetch:
    return Fetch(facts=FetchFacts(requested=NOW, kind="article"), **given)


def test_a_redirect_to_the_same_text_is_the_article_at_its_new_address(
    output: CrawlOutput, state: State
) -> None:
    output.store(_slug("old-slug"))
    moved = _slug("new-slug", published=None, headline="Another headline")
    stored = output.store(moved, _fetch(due_id="x:y:old-slug", asked_id="x:y:old-slug"))
    assert stored
    assert (stored.id, stored.url) == ("x:y:old-slug", "https://a.vn/new-slug")
    assert stored.revision.number == 2
    assert state.articles.find("https://a.vn/new-slug") == "x:y:old-slug"
    # When its new address is announced, it is known.
    assert output.store(moved, _fetch(due_id="x:y:new-slug")) is None
    assert [event.kind for event in state.articles.history("x:y:old-slug")].count("moved") == 1


def test_a_redirect_to_another_text_is_a_removal_and_an_article_of_its_own(
    output: CrawlOutput, state: State
) -> None:
    output.store(_slug("old-slug"))
    other = _slug("other", random_text(6))
    stored = output.store(other, _fetch(due_id="x:y:old-slug", asked_id="x:y:old-slug"))
    assert stored
    assert (stored.id, stored.revision.number) == ("x:y:other", 1)
    (removed,) = (event for event in state.articles.history("x:y:old-slug") if event.kind == "removed")
    assert (removed.sort, removed.target) == ("redirected", "https://a.vn/other")
    assert output.missing == 1
    assert state.database.value("SELECT due FROM article WHERE id = 'x:y:old-slug'") is not None


def test_the_same_text_of_the_same_date_at_another_slug_is_the_same_article(
    output: CrawlOutput, state: State
) -> None:
    output.store(_slug("old-slug"))
    assert output.store(_slug("new-slug")) is None
    assert state.articles.first_id("x:y:new-slug") == "x:y:old-slug"


@pytest.mark.parametrize(
    "other",
    [
        _slug("new-slug", published="2026-06-02T10:00:00+00:00"),
        _slug("new-slug", published=None),
        _slug("new-slug", random_text(6)),
        replace(_slug("new-slug"), id="x:z:new-slug", edition="z"),
        replace(_slug("123"), id="x:y:123"),
    ],
    ids=["another date", "no date", "another text", "another edition", "a number of its own"],
)
def test_wire_copy_is_no_move(output: CrawlOutput, other: Article) -> None:
    output.store(_slug("old-slug"))
    stored = output.store(other)
    assert stored
    assert (stored.id, stored.revision.number) == (other.id, 1)


def test_a_page_that_names_another_article_is_noted_as_moved(output: CrawlOutput, state: State) -> None:
    output.store(_slug("old-slug"))
    assert not output.is_known_text(_slug("old-slug", random_text(6)))
    there = replace(_slug("old-slug"), canonical_url="https://a.vn/new-slug")
    assert output.is_known_text(there)
    # However often it is seen, it moved once.
    for _ in range(2):
        assert output.store(there, _fetch(due_id="x:y:old-slug", is_misplaced=True)) is None
    (moved,) = (event for event in state.articles.history("x:y:old-slug") if event.kind == "moved")
    assert moved.target == "https://a.vn/new-slug"


def test_an_article_that_moves_twice_stays_one(output: CrawlOutput, state: State) -> None:
    output.store(_slug("old-slug"))
    first, second = _slug("new-slug", published=None), _slug("newest-slug", published=None)
    output.store(first, _fetch(asked_id="x:y:old-slug"))
    assert output.store(second, _fetch(due_id="x:y:old-slug", asked_id="x:y:new-slug")) is None
    assert state.articles.first_id("x:y:newest-slug") == "x:y:old-slug"


def test_a_redirect_between_two_that_are_known_and_alike_is_no_removal(
    output: CrawlOutput, state: State
) -> None:
    output.store(_slug("old-slug"))
    other = _slug("other-slug", published="2026-06-03T10:00:00+00:00")
    output.store(other)
    output.store(other, _fetch(due_id="x:y:old-slug", asked_id="x:y:old-slug"))
    kinds = [event.kind for event in state.articles.history("x:y:old-slug")]
    assert sorted(kinds) == ["moved", "revision"]
    assert state.database.value("SELECT due FROM article WHERE id = 'x:y:old-slug'") is None
    assert output.missing == 0
