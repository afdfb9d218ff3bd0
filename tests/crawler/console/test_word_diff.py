"""A diff by words, and by characters where there are none."""

from __future__ import annotations

import pytest

from crawler.console.word_diff import word_diff


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Three men died today.", "Four men died today.", "[-Three-]{+Four+} men died today."),
        ("one two", "one two three", "one two {+three+}"),
        ("one two three", "one three", "one [-two-] three"),
        ("出口50亿美元。", "出口60亿美元。", "出口[-50-]{+60+}亿美元。"),
        ("今天五人死亡", "今天六人死亡", "今天[-五-]{+六+}人死亡"),
        ("", "new", "{+new+}"),
        ("same", "same", "same"),
        (
            "a b c d e f g h i j k l m n o p q r s t old",
            "a b c d e f g h i j k l m n o p q r s t new",
            "… m n o p q r s t [-old-]{+new+}",
        ),
    ],
)
def test_a_diff_by_words_and_by_characters_where_there_are_none(old: str, new: str, expected: str) -> None:
    assert word_diff(old, new) == expected


def test_a_diff_of_long_texts_loses_no_change() -> None:
    old = [f"w{number}" for number in range(3000)]
    new = ["changed" if number % 500 == 7 else word for number, word in enumerate(old)]
    told = word_diff(" ".join(old), " ".join(new))
    assert told.count("{+changed+}") == 6
    assert len(told) < 1500


def test_a_text_that_repeats_itself_does_not_take_for_ever() -> None:
    told = word_diff("begin " + "the same " * 20_000 + "end", "began " + "same the " * 20_000 + "end")
    assert told.startswith("[-begin")
    assert told.endswith("end")
