"""Which texts are nearly the same: MinHash by one permutation (Li, Owen, Zhang 2012) on runs of words. Pure.

A sketch is what each of its bins saw least. Two texts share as large a part of their bins as of their runs.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from operator import eq
from zlib import crc32

_CJK = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿]")
_TOKEN = re.compile(rf"{_CJK.pattern}|[^\W{_CJK.pattern[1:]}+")
_RUN = 3  # words, or characters of scripts that put no space between them
_FEWEST = 60  # words; notices shorter than this resemble one another
_BINS = 32
_SHIFT = 27  # bits below those that tell the bin
_NONE = 2**32
_GOLDEN = 0x9E37_79B1
_WIDTH = 2  # bytes ("H") that are kept of what a bin saw least
_BAND = 4  # bins
#: Two texts with so large a part of their bins in common are nearly the same.
NEAR = 0.7


@lru_cache(maxsize=16)  # an article's is asked for when it is looked for, and when it is kept
def sketch(text: str) -> bytes | None:
    """Return the sketch of *text*, 64 bytes; None where it is too short to tell."""
    words = _words(text.lower())
    if len(words) < _FEWEST:
        return None
    coded = " ".join(words).encode("utf-8", "surrogatepass").split(b" ")
    runs = zip(*(coded[at:] for at in range(_RUN)), strict=False)
    least = [_NONE] * _BINS
    for checksum in map(crc32, map(b" ".join, runs)):
        # What is alike in runs that are alike goes out by the multiplication (Knuth 6.4).
        value = checksum * _GOLDEN & 0xFFFF_FFFF
        if value < least[value >> _SHIFT]:  # noqa: PLR1730  min() would take twice the time
            least[value >> _SHIFT] = value
    for place in range(2 * _BINS - 1, -1, -1):
        if least[place % _BINS] == _NONE:
            # A bin that saw nothing takes what the next one saw (Shrivastava, Li 2014).
            least[place % _BINS] = least[(place + 1) % _BINS]
    return b"".join((value & (1 << 8 * _WIDTH) - 1).to_bytes(_WIDTH) for value in least)


def _words(text: str) -> list[str]:
    if _CJK.search(text):
        return _TOKEN.findall(text)
    words: list[str] = []
    for piece in text.split():
        if piece.isalnum():
            # As most are: the same in half the time.
            words.append(piece)
        else:
            words += _TOKEN.findall(piece)
    return words


def resemblance(one: bytes, other: bytes) -> float:
    """Return how large a part of their bins two sketches share."""
    shared: int = sum(map(eq, memoryview(one).cast("H"), memoryview(other).cast("H")))
    return shared / _BINS


def bands(value: bytes) -> list[int]:
    """Return what a sketch is looked up by: sketches that are near have one of these in common."""
    return [
        int.from_bytes(hashlib.blake2b(bytes([place]) + part, digest_size=4).digest())
        for place in range(_BINS // _BAND)
        for part in (value[place * _WIDTH * _BAND :][: _WIDTH * _BAND],)
    ]
