"""Near-identical texts are found, within a collection and beside it; others are not."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crawler.items import Article, Extractor
from crawler.state import State
from crawler.state.minhash import NEAR, bands, resemblance, sketch
from crawler.state.sqlite import Sqlite

if TYPE_CHECKING:
    from pathlib import Path

_VOCABULARY = [f"word{number}" for number in range(3000)]
_CHARACTERS = [chr(0x4E00 + number) for number in range(2000)]


def _text(seed: int, *, cjk: bool = False, length: int = 400) -> str:
    chance = random.Random(seed)
    return ("" if cjk else " ").join(chance.choices(_CHARACTERS if cjk else _VOCABULARY, k=length))


def _edited(text: str, count: int, *, cjk: bool = False) -> str:
    chance = random.Random(text[:50])
    words = list(text) if cjk else text.split(" ")
    for at in chance.sample(range(len(words)), count):
        words[at] = "X" if cjk else "changed"
    return ("" if cjk else " ").join(words)


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


@pytest.mark.parametrize("cjk", [False, True])
def test_a_few_changed_words_are_a_copy_and_another_text_is_none(*, cjk: bool) -> None:
    near = far = 0
    for seed in range(60):
        text = _text(seed, cjk=cjk)
        one, other, edited = (
            sketch(t) for t in (text, _text(seed + 1000, cjk=cjk), _edited(text, 6, cjk=cjk))
        )
        assert one
        assert other
        assert edited
        near += resemblance(one, edited) >= NEAR and bool(set(bands(one)) & set(bands(edited)))
        far += resemblance(one, other) >= 0.3
    assert near >= 58
    assert far == 0


@pytest.mark.parametrize("text", ["", "short", "\ud800 " * 100, "の" * 30])
def test_what_is_too_short_or_odd_has_no_copies(text: str) -> None:
    found = sketch(text)
    assert found is None or len(found) == 64


def _store(state: State, article: Article) -> str | None:
    copy_of = state.near_duplicates.earliest(article)
    with state.transaction():
        state.articles.remember(article, "job")
        state.near_duplicates.remember(article)
    return copy_of


def test_the_first_one_is_named_also_from_a_collection_beside(tmp_path: Path) -> None:
    text = _text(1)
    state = State(tmp_path / "one.sqlite")
    assert _store(state, _article(1, text)) is None
    assert _store(state, _article(2, _edited(text, 3))) == "x:y:1"
    assert _store(state, _article(3, _text(2))) is None
    # Not of itself; and where its text is another one now, not of what it was.
    assert state.near_duplicates.earliest(_article(1, text)) in {None, "x:y:2"}
    changed = replace(_article(1, _text(9)), revision=replace(_article(1, "").revision, number=2))
    _store(state, changed)
    assert _store(state, _article(4, text)) == "x:y:2"
    beside = State(Sqlite(tmp_path / "two.sqlite", [tmp_path / "one.sqlite", tmp_path / "none.sqlite"]))
    assert _store(beside, _article(1, text, "z:y")) == "x:y:2"
    state.close()
    beside.close()
