"""Near-identical texts are found, within a collection and beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.items import Article, Extractor
from crawler.state import State
from crawler.state.sqlite import Sqlite
from tests.support.articles import random_text, with_changes

if TYPE_CHECKING:
    from pathlib import Path


def _article(number: int, text: str, site: str = "x:y") -> Article:
    publisher, _, edition = site.partition(":")
    return Article(
        id=f"{site}:{number}",
        url=f"http://a.vn/{number}",
        canonical_url=None,
        publisher=publisher,
        edition=edition,
        language=None,
        headline="A headline",
        text=text,
        extractor=Extractor(name="test", version="1", page="test"),
    )


def _store(state: State, article: Article) -> str | None:
    copy_of = state.near_duplicates.earliest(article)
    with state.transaction():
        state.articles.remember(article, "job")
        state.near_duplicates.remember(article)
    return copy_of


def test_the_first_one_is_named_also_from_a_collection_beside(tmp_path: Path) -> None:
    text = random_text(1)
    state = State(tmp_path / "one.sqlite")
    assert _store(state, _article(1, text)) is None
    assert _store(state, _article(2, with_changes(text, 3))) == "x:y:1"
    assert _store(state, _article(3, random_text(2))) is None
    # Not of itself; and where its text is another one now, not of what it was.
    assert state.near_duplicates.earliest(_article(1, text)) in {None, "x:y:2"}
    changed = replace(_article(1, random_text(9)), revision=replace(_article(1, "").revision, number=2))
    _store(state, changed)
    assert _store(state, _article(4, text)) == "x:y:2"
    beside = State(Sqlite(tmp_path / "two.sqlite", [tmp_path / "one.sqlite", tmp_path / "none.sqlite"]))
    assert _store(beside, _article(1, text, "z:y")) == "x:y:2"
    state.close()
    beside.close()
