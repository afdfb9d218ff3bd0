"""Near-duplicate texts: one-permutation MinHash (Li, Owen, Zhang 2012) on shingles of words. Pure.

A sketch keeps the smallest hash per bin; the share of equal bins estimates the Jaccard similarity of two
texts' shingles.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from operator import eq
from zlib import crc32

_CJK = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿]")
_TOKEN = re.compile(rf"{_CJK.pattern}|[^\W{_CJK.pattern[1:]}+")
_SHINGLE = 3  # words, or characters of scripts that put no space between them
_FEWEST = 60  # words; shorter texts, such as notices, resemble one another by chance
_BINS = 32
_SHIFT = 27  # bits of a hash below those that choose its bin
_NONE = 2**32  # larger than any hash: an empty bin
_GOLDEN = 0x9E37_79B1
_WIDTH = 2  # bytes ("H") kept of a bin's smallest hash
_BAND = 4  # bins
#: Two texts are near duplicates if their sketches share at least this part of their bins.
NEAR = 0.7


@lru_cache(maxsize=16)  # needed twice: to search near duplicates of an article, and to store it
def sketch(text: str) -> bytes | None:
    """Return the sketch of *text*, 64 bytes; None if the text is too short to compare."""
    words = _words(text.lower())
    if len(words) < _FEWEST:
        return None
    coded = " ".join(words).encode("utf-8", "surrogatepass").split(b" ")
    shingles = zip(*(coded[at:] for at in range(_SHINGLE)), strict=False)
    smallest = [_NONE] * _BINS
    for checksum in map(crc32, map(b" ".join, shingles)):
        # Similar shingles have similar checksums; multiplicative hashing spreads them (Knuth 6.4).
        value = checksum * _GOLDEN & 0xFFFF_FFFF
        if value < smallest[value >> _SHIFT]:  # noqa: PLR1730  min() would take twice the time
            smallest[value >> _SHIFT] = value
    for place in range(2 * _BINS - 1, -1, -1):
        if smallest[place % _BINS] == _NONE:
            # An empty bin copies the next one (Shrivastava, Li 2014).
            smallest[place % _BINS] = smallest[(place + 1) % _BINS]
    return b"".join((value & (1 << 8 * _WIDTH) - 1).to_bytes(_WIDTH) for value in smallest)


def _words(text: str) -> list[str]:
    if _CJK.search(text):
        return _TOKEN.findall(text)
    words: list[str] = []
    for piece in text.split():
        if piece.isalnum():
            # True of most pieces; this takes half the time of the expression.
            words.append(piece)
        else:
            words += _TOKEN.findall(piece)
    return words


def resemblance(one: bytes, other: bytes) -> float:
    """Return the share of equal bins of two sketches, from 0 to 1."""
    shared: int = sum(map(eq, memoryview(one).cast("H"), memoryview(other).cast("H")))
    return shared / _BINS


def bands(value: bytes) -> list[int]:
    """Return the keys by which a sketch is looked up: near duplicates usually share one.

    A key is the digest of a band of neighbouring bins (locality-sensitive hashing).
    """
    return [
        int.from_bytes(hashlib.blake2b(bytes([place]) + part, digest_size=4).digest())
        for place in range(_BINS // _BAND)
        for part in (value[place * _WIDTH * _BAND :][: _WIDTH * _BAND],)
    ]
