"""Versions, events and addresses of an article."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crawler.items import Revision
from crawler.state import AnnouncedArticle, State
from crawler.state.changes import UNCONFIRMED, packed
from tests.support.articles import an_article
from tests.support.states import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def state() -> Iterator[State]:
    with closing(State(None)) as state:
        yield state


def test_the_latest_version_is_the_one_with_the_highest_number(state: State) -> None:
    assert state.articles.latest("x:y:1") is None
    assert not state.articles.knows("x:y:1")
    first = an_article(1)
    second = replace(an_article(1, "Another"), revision=Revision(number=2, changed=["headline"]))
    for article in (second, first):
        state.articles.remember(article, "job")
    latest = state.articles.latest("x:y:1")
    assert latest
    assert (latest.number, latest.fields, latest.rules) == (2, packed(second), "1")
    assert state.articles.fields_of("x:y:1", 2) == packed(second)
    assert state.articles.knows("x:y:1")
    assert not state.articles.knows("x:y:2")


def test_what_the_second_look_at_an_unconfirmed_version_found_is_in_its_history(state: State) -> None:
    state.articles.remember(replace(an_article(1), flags=[UNCONFIRMED]), "job")
    version = state.articles.latest("x:y:1")
    assert version
    assert version.outcome == UNCONFIRMED
    state.articles.resolve(version, "reverted")
    assert [event.outcome for event in state.articles.history("x:y:1")] == ["reverted"]


def test_an_article_is_found_by_its_id_and_its_address(state: State) -> None:
    url = "https://a.vn/1"
    state.frontier.announce(
        1, [AnnouncedArticle(id="x:y:1", edition_key="x:y", url=url, date=NOW)], "job", NOW
    )
    state.articles.remember(an_article(1), "job")
    assert state.articles.find("x:y:1") == state.articles.find(url) == "x:y:1"
    assert state.articles.find("x:y:2") is None


def test_an_article_that_moved_is_found_at_both_addresses(state: State) -> None:
    state.articles.remember(an_article(1), "job")
    state.articles.record_move("x:y:1", "x:y:2", "https://a.vn/2", NOW, "job")
    assert state.articles.first_id("x:y:2") == state.articles.find("https://a.vn/2") == "x:y:1"
    (moved,) = (event for event in state.articles.history("x:y:1") if event.kind == "moved")
    assert moved.target == "https://a.vn/2"
