"""Which texts are nearly the same: MinHash by one permutation (Li, Owen, Zhang 2012) on runs of words. Pure.

A sketch is what each of its bins saw least. Two texts share as large a part of their bins as of their runs.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from functools import lru_cache
from operator import eq
from zlib import crc32

_CJK = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿]")
_TOKEN = re.compile(rf"{_CJK.pattern}|[^\W{_CJK.pattern[1:]}+")
_RUN = 3  # words, or characters of scripts that put no space between them
_FEWEST = 60  # words; notices shorter than this resemble one another
_BINS = 32
_SPAN = 2**32 // _BINS
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
    # What is alike in runs that are alike goes out by the multiplication (Knuth 6.4).
    seen = sorted({checksum * _GOLDEN & 0xFFFF_FFFF for checksum in map(crc32, map(b" ".join, runs))})
    # A bin that saw nothing takes what the next one saw (Shrivastava, Li 2014).
    least = (seen[bisect_left(seen, place * _SPAN) % len(seen)] for place in range(_BINS))
    return b"".join((value & (1 << 8 * _WIDTH) - 1).to_bytes(_WIDTH) for value in least)


def _words(text: str) -> list[str]:
    if _CJK.search(text):
        return _TOKEN.findall(text)
    # The same, in half the time.
    pieces = ([piece] if piece.isalnum() else _TOKEN.findall(piece) for piece in text.split())
    return [word for words in pieces for word in words]


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
