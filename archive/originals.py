"""`Originals`: finds the responses that revisit records refer to, across several WARC files."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zipfile import BadZipFile

from archive import cdxj
from archive.collection import Collection
from archive.errors import ArchiveError, DamagedRecordError
from archive.index import ArchiveIndex, refers_to
from archive.reader import read_member, read_records
from archive.sources import WarcSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.reader import WarcRecord
    from archive.sources import Source

_MOST_STEPS = 20  # in a chain of revisits, which some tools write


class Originals:
    """Finds the response that a revisit refers to.

    It looks first among the responses passed to `note`, then in the index of the revisit's collection, by
    bisection. Without an index it reads all *sources* once.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._noted: dict[str, tuple[Source, int]] = {}
        self._index: ArchiveIndex | None = None

    def note(self, source: Source, record: WarcRecord) -> None:
        """Remember the place of the response *record* in *source*."""
        self._noted[record.get("WARC-Record-ID")] = source, record.offset

    def body_block(self, source: Source, revisit: WarcRecord) -> bytes | None:
        """Return the block of the response that *revisit*, read from *source*, refers to; else None."""
        original = self.original(source, revisit)
        return original.block if original else None

    def original(self, source: Source, revisit: WarcRecord) -> WarcRecord | None:
        """Return the response that *revisit*, read from *source*, refers to; None if it is not found."""
        record: WarcRecord | None = revisit
        for _ in range(_MOST_STEPS):
            if record is None or record.type == "response":
                return record
            record = self._referred(source, record)
        return None

    def _referred(self, source: Source, revisit: WarcRecord) -> WarcRecord | None:
        record_id, url, date = refers_to(revisit)
        if place := self._noted.get(record_id):
            return _record_at(*place, record_id)
        indexes = _indexes_beside(source)
        if not indexes:
            return self._scanned(revisit)
        folder = source.path.parent if isinstance(source, WarcSource) else Path()
        for fields in chain.from_iterable(cdxj.found(index, url, date) for index in indexes):
            path = folder / Path(str(fields.get("filename", ""))).name
            offset = str(fields.get("offset", ""))
            if path.is_file() and offset.isdecimal():
                found = _record_at(WarcSource(path=path), int(offset), record_id)
                if found:
                    return found
        return None

    def _scanned(self, revisit: WarcRecord) -> WarcRecord | None:
        """Find the record that *revisit* refers to by reading all sources."""
        if self._index is None:
            self._index = ArchiveIndex(_readable(self._sources))
        exchange = self._index.referred(revisit)
        return (
            _record_at(exchange.source, exchange.place[0], exchange.capture.record_id) if exchange else None
        )


def _readable(sources: Sequence[Source]) -> Iterator[Source]:
    """Yield the *sources* that can be read to the end: one damaged file must not hide the others."""
    for source in sources:
        try:
            with source.open() as stream:
                for _ in read_records(stream, str(source)):
                    pass
        except (ArchiveError, OSError, BadZipFile, EOFError):
            continue
        yield source


def _indexes_beside(source: Source) -> list[Path]:
    """Return the index files of the collection that contains *source*; empty if there is none."""
    if not isinstance(source, WarcSource) or source.member:
        return []
    return Collection(source.path.parent.parent).index_files()


def _record_at(source: Source, offset: int, record_id: str) -> WarcRecord | None:
    """Return the record *record_id* in the member at *offset*; None if it is not there."""
    try:
        with source.open() as stream:
            return _first(stream, str(source), offset, record_id)
    except (DamagedRecordError, OSError, BadZipFile, EOFError):
        return None


def _first(stream: IO[bytes], path: str, offset: int, record_id: str) -> WarcRecord | None:
    for record in read_member(stream, path, offset):
        if not record_id or record.get("WARC-Record-ID") == record_id:
            return record
    return None
