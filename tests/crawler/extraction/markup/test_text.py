"""Folding of white space."""

from __future__ import annotations

from crawler.extraction.markup.text import fold


def test_fold() -> None:
    assert fold("  a\u00a0\n b\u200b\tc\x00 ") == "a b c"
    assert fold("e\u0301") == "é"
    assert fold("越 通社。（完）") == "越 通社。（完）"
    assert fold(None) == ""
