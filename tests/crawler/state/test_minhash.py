"""Sketches of texts: near ones are alike, others are not."""

from __future__ import annotations

import pytest

from crawler.state.minhash import NEAR, bands, resemblance, sketch
from tests.support.articles import random_text, with_changes


@pytest.mark.parametrize("cjk", [False, True])
def test_a_few_changed_words_are_a_copy_and_another_text_is_none(*, cjk: bool) -> None:
    near = far = 0
    for seed in range(60):
        text = random_text(seed, cjk=cjk)
        one, other, edited = (
            sketch(t) for t in (text, random_text(seed + 1000, cjk=cjk), with_changes(text, 6, cjk=cjk))
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
