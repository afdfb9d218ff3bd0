"""Folding of white space."""

from __future__ import annotations

import pytest

from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.markup.text import fold, is_inline, readable


def test_fold() -> None:
    assert fold("  a\u00a0\n b\u200b\tc\x00 ") == "a b c"
    assert fold("e\u0301") == "é"
    assert fold("越 通社。（完）") == "越 通社。（完）"
    assert fold(None) == ""


def test_what_is_not_seen_is_not_there() -> None:
    assert (
        fold("eve\u00adning pass\u200bengers ta\u2060ble cus\ufefftomers")
        == "evening passengers table customers"
    )
    assert fold("\u200fقال\u200e: \u202bنعم\u202c") == "قال: نعم"
    assert fold("a \u200b b") == "a b"
    assert fold("off\u200cice \u200d") == "office"
    # In these, joiners are spelling.
    for text in ("می\u200cخواهم", "क्\u200dष", "👩\u200d🚒"):
        assert fold(text) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>in <st1:place><st1:city>Huế</st1:city></st1:place>, today</p>", "in Huế, today"),
        ("<p>the <x-entity>bri</x-entity>dge</p>", "the bridge"),
        ("<p><x-a>Huế</x-a> <x-b>today</x-b></p>", "Huế today"),
        ("<div>the <x-entity>bridge</x-entity></div>", "the bridge"),
        ("<div><x-card>One.</x-card><x-card>Two.</x-card></div>", "One. Two."),
        ("<x-story><x-part><p>One.</p></x-part><x-part><p>Two.</p></x-part></x-story>", "One. Two."),
        ("<p>a<o:p></o:p>b<foo>c</foo>d</p>", "abcd"),
    ],
)
def test_elements_that_html_does_not_know(markup: str, text: str) -> None:
    tree = parse_html(markup.encode())
    assert tree is not None
    assert readable(tree) == text


def test_known_elements_are_what_they_are() -> None:
    tree = parse_html(b"<div>a<em>b</em><p>c</p><amp-ad>d</amp-ad></div>")
    assert tree is not None
    assert [is_inline(each) for each in tree.cssselect("em, p, amp-ad")] == [True, False, False]
