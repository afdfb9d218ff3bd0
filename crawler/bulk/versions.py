"""The versions of articles among the captures of an extraction, numbered by capture date as in a crawl.

The last pass of an extraction. A capture costs 29 bytes of facts in memory, about 90 with Python's share.
Articles are read again only where two captures differ.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING

import orjson

from archive.index import parse_warc_date
from crawler.bulk.pages import CUT
from crawler.items import Article
from crawler.state.changes import UNCONFIRMED, packed, revised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from crawler.bulk.parts import Parts
    from crawler.bulk.tasks import Extracted

_ID, _DIGEST = 8, 8  # bytes
_ORDER = 8  # bytes: how the page was read (the upper bits), then the capture date
_KEY = _ID + _ORDER + _DIGEST
_NUMBER = 5  # bytes of a capture's place in the input
_UNDATED = 1 << 60  # later than any date, in microseconds
_PLAIN_TEXT = "plain_text"  # the flag of articles read from plain text
_READ_AS = 62  # bit from which on `_read_as` is stored

_FIELDS = tuple(field.name for field in fields(Article))
_UNCONFIRMED_BIT = 1 << 63


def key_of(article: Article) -> bytes:
    """Return what captures are compared by: digest of the id, how and when read, digest of the content."""
    moment = parse_warc_date(article.capture.date) if article.capture else None
    order = _read_as(article) << _READ_AS | (_microseconds(moment) if moment else _UNDATED)
    return b"".join(
        (
            hashlib.blake2b(article.id.encode("utf-8", "surrogatepass"), digest_size=_ID).digest(),
            order.to_bytes(_ORDER, "big"),
            hashlib.blake2b(packed(article), digest_size=_DIGEST).digest(),
        )
    )


def _read_as(article: Article) -> int:
    """Return 0 for an article read from HTML, 1 from plain text, 2 from a page that was cut off.

    Only captures that were read alike can be compared.
    """
    if CUT in article.flags:
        return 2
    return 1 if _PLAIN_TEXT in article.flags else 0


def _microseconds(moment: datetime) -> int:
    day, second = moment.toordinal(), (moment.hour * 60 + moment.minute) * 60 + moment.second
    return (day * 86_400 + second) * 1_000_000 + moment.microsecond


class Versions:
    """Decides which captures are new versions of their articles, and numbers them."""

    def __init__(self) -> None:
        #: Key and place of each capture.
        self._rows: list[bytes] = []
        #: By place: the number of the version; 0 of a capture that is left out.
        self._numbers = array("I")
        #: By place: bits of the changed fields.
        self._changed = array("Q")
        #: Numbers of captures that are left out, and of revisions.
        self.left_out = 0
        self.revisions = 0

    def add(self, keys: bytes) -> None:
        """Add captures by their *keys* (see `key_of`), in the order of the input."""
        first = len(self._rows)
        self._rows += (
            keys[at : at + _KEY] + (first + number).to_bytes(_NUMBER, "big")
            for number, at in enumerate(range(0, len(keys), _KEY))
        )

    def decide(self, line_at: Callable[[int], bytes]) -> None:
        """Find and number the versions; *line_at* returns the article at a place as a line of JSON."""
        count = len(self._rows)
        self._numbers = array("I", [0]) * count
        self._changed = array("Q", [0]) * count
        self._rows.sort()
        for _, captures in groupby(self._rows, key=lambda row: row[:_ID]):
            self._number(captures, line_at)
        self._rows = []
        self.left_out = self._numbers.count(0)

    def _number(self, captures: Iterator[bytes], line_at: Callable[[int], bytes]) -> None:
        """Find and number the versions among the *captures* of one article, oldest first."""
        last = next(captures)
        place = _place(last)
        read_as, moment, content = _facts(last)
        self._numbers[place] = 1
        article: Article | None = None
        seen = {content}  # at this moment
        known = {content}  # of all versions
        for row in captures:
            row_read_as, row_moment, row_content = _facts(row)
            if row_read_as != read_as:
                return
            if row_moment != moment:
                moment, seen = row_moment, set()
            is_old = row_content == content or row_content in seen
            seen.add(row_content)
            # A page without a date may be any earlier version.
            if is_old or (row_moment == _UNDATED and row_content in known):
                continue
            before = article or Article.from_json(line_at(place))
            after = revised(before, Article.from_json(line_at(_place(row))))
            if after is None:
                continue
            article, content, place = after, row_content, _place(row)
            known.add(content)
            self._note(place, after)

    def _note(self, place: int, article: Article) -> None:
        self.revisions += 1
        self._numbers[place] = article.revision.number
        bits = sum(1 << _FIELDS.index(name) for name in article.revision.changed)
        self._changed[place] = bits | (_UNCONFIRMED_BIT if UNCONFIRMED in article.flags else 0)

    def chosen(self, first: int, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield those of *lines*, at the places from *first* on, that are versions, with their revisions."""
        for place, line in enumerate(lines, first):
            if number := self._numbers[place]:
                yield line if number == 1 else self._with_revision(line, number, self._changed[place])

    @staticmethod
    def _with_revision(line: bytes, number: int, bits: int) -> bytes:
        values = orjson.loads(line)
        changed = [name for at, name in enumerate(_FIELDS) if bits >> at & 1]
        values["revision"] = {"number": number, "changed": changed}
        if bits & _UNCONFIRMED_BIT:
            values["flags"] = sorted({*values["flags"], UNCONFIRMED})
        return orjson.dumps(values) + b"\n"


def _facts(row: bytes) -> tuple[int, int, bytes]:
    """Return how the capture of *row* was read, when it was captured, and the digest of its content."""
    order = int.from_bytes(row[_ID : _ID + _ORDER], "big")
    return order >> _READ_AS, order & ((1 << _READ_AS) - 1), row[_ID + _ORDER : _KEY]


def _place(row: bytes) -> int:
    return int.from_bytes(row[_KEY:], "big")


def version_lines(results: Iterable[Extracted], parts: Parts, versions: Versions) -> Iterator[bytes]:
    """Yield the lines of the versions in *results*, in the order of the input, a shard at a time.

    *parts* holds the results, numbered from 0. All are read before the first is yielded.
    """
    starts = array("Q", [0])
    for result in results:
        versions.add(result.keys)
        starts.append(starts[-1] + result.count)

    def line_at(place: int) -> bytes:
        number = bisect_right(starts, place) - 1
        return parts.line(number, place - starts[number])

    versions.decide(line_at)
    for number in range(len(starts) - 1):
        lines = parts.get(number).lines.splitlines(keepends=True)
        yield b"".join(versions.chosen(starts[number], lines))
