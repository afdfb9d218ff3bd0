"""Small pure helpers on text."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"[\s\u200b\u2060\ufeff\x00-\x1f\x7f-\x9f]+")

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SAMPLE = 200  # characters


def fold(text: str | None) -> str:
    """Return *text* in NFC, every run of white space and control characters one space, stripped."""
    if not text:
        return ""
    if not text.isascii():
        # Half of a surrogate pair, as JSON can have it, is no character and cannot be written.
        text = _SURROGATE.sub("\ufffd", unicodedata.normalize("NFC", text))
    text = " ".join(text.split())
    # What has something unprintable left, a zero-width space or a control character, is rare.
    return text if text.isprintable() else _SPACE.sub(" ", text).strip()


def is_language(text: str) -> bool:
    """Tell whether *text* is made of letters, as far as its beginning shows, and not of other signs."""
    sample = text[:_SAMPLE]
    return sum(map(str.isalpha, sample)) >= 0.4 * len(sample)
