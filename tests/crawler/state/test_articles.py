"""Revisions, removals and returns of an article."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crawler.state import AnnouncedArticle, FetchFacts, State
from tests.support.articles import an_article
from tests.support.states import HOUR, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.items import Article


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        yield state


def _stored(state: State, article: Article) -> Article | None:
    revision = state.articles.revision_of(article)
    if revision is None:
        return None
    stored = replace(article, revision=revision)
    state.articles.remember(stored, "job")
    return stored


def test_each_change_is_a_revision_also_one_back(state: State) -> None:
    changes: list[object] = []
    for headline in ("A headline", "A headline", "Another", "A headline"):
        stored = _stored(state, an_article(1, headline))
        changes.append(stored and (stored.revision.number, stored.revision.changed))
    assert changes == [(1, []), None, (2, ["headline"]), (3, ["headline"])]
    assert state.articles.knows("x:y:1")
    assert not state.articles.knows("x:y:2")


def test_an_older_revision_does_not_replace_a_later_one(state: State) -> None:
    first = _stored(state, an_article(1))
    assert first
    _stored(state, an_article(1, "Another"))
    state.articles.remember(first, "job")
    assert state.articles.revision_of(an_article(1, "Another")) is None


def test_a_removal_and_a_return_are_new_once(state: State) -> None:
    state.frontier.announce(
        1, [AnnouncedArticle(id="x:y:1", edition_key="x:y", url="https://a.vn/1", date=NOW)], "job", NOW
    )
    facts = FetchFacts(requested=NOW, url="https://a.vn/1")
    assert not state.articles.was_captured("x:y:1")
    assert not state.articles.record_fetch("x:y:1", facts, "job")
    assert state.articles.was_captured("x:y:1")
    gone = replace(facts, requested=NOW + HOUR)
    assert [state.articles.record_removal("x:y:1", gone, "job") for _ in range(2)] == [True, False]
    back = replace(facts, requested=NOW + 2 * HOUR)
    assert [state.articles.record_fetch("x:y:1", back, "job") for _ in range(2)] == [True, False]
    assert [event.kind for event in state.articles.history("x:y:1")] == ["removed", "returned"]


def test_an_article_is_found_by_its_id_and_its_address(state: State) -> None:
    url = "https://a.vn/1"
    state.frontier.announce(
        1, [AnnouncedArticle(id="x:y:1", edition_key="x:y", url=url, date=NOW)], "job", NOW
    )
    _stored(state, an_article(1))
    assert state.articles.find("x:y:1") == state.articles.find(url) == "x:y:1"
    assert state.articles.find("x:y:2") is None
