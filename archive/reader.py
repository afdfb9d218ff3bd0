"""Read WARC files record by record, knowing where each begins and where damage begins.

A damaged record ends the reading with its place. Blocks come raw: their HTTP coding is
`archive.message`'s matter.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from archive.errors import DamagedRecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

_GZIP_MAGIC = b"\x1f\x8b"
_PIECE = 1 << 16
_MAX_HEAD = 1 << 16
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(r"[0-9]{1,15}")
_VERSION = re.compile(rb"WARC/\d\.\d+\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """One record as it lies in its file."""

    #: Where its gzip member (or, uncompressed, the record itself) lies, in bytes.
    offset: int
    length: int
    headers: tuple[tuple[str, str], ...]
    block: bytes

    def get(self, name: str) -> str:
        """Return the first value of the header *name*, or an empty string."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), "")

    def get_all(self, name: str) -> tuple[str, ...]:
        """Return all values of the header *name*."""
        return tuple(v for k, v in self.headers if k.lower() == name.lower())

    @property
    def type(self) -> str:
        """Its WARC-Type."""
        return self.get("WARC-Type")


def read_records(stream: IO[bytes], path: str, offset: int = 0) -> Iterator[WarcRecord]:
    """Yield the records of the WARC file *stream* from *offset* on; *path* names it in errors.

    Raises DamagedRecordError at the first record that is cut or no WARC record.
    """
    stream.seek(offset)
    magic = stream.read(2)
    stream.seek(offset)
    members = _gzip_members if magic == _GZIP_MAGIC else _plain_records
    for start, length, data in members(stream, path, offset):
        yield from _records_in(data, path, start, length)


def _gzip_members(stream: IO[bytes], path: str, offset: int) -> Iterator[tuple[int, int, memoryview]]:
    piece = stream.read(_PIECE)
    while piece:
        member = zlib.decompressobj(wbits=31)
        data = bytearray()
        consumed = 0
        while not member.eof:
            if not piece:
                raise DamagedRecordError(path, offset, "the file ends inside it")
            try:
                data += member.decompress(piece)
            except zlib.error as error:
                raise DamagedRecordError(path, offset, f"broken gzip data ({error})") from error
            consumed += len(piece) - len(member.unused_data)
            piece = member.unused_data or stream.read(_PIECE)
        yield offset, consumed, memoryview(data)
        offset += consumed


def _plain_records(stream: IO[bytes], path: str, offset: int) -> Iterator[tuple[int, int, memoryview]]:
    while head := _plain_head(stream, path, offset):
        length = len(head) + _content_length(head, path, offset) + 4
        data = head + stream.read(length - len(head))
        if len(data) < length:
            raise DamagedRecordError(path, offset, "the file ends inside it")
        yield offset, length, memoryview(data)
        offset += length


def _plain_head(stream: IO[bytes], path: str, offset: int) -> bytes:
    head = stream.readline(_MAX_HEAD)
    if head.strip() and not _VERSION.fullmatch(head):
        raise DamagedRecordError(path, offset, f"no WARC record begins with {head[:20]!r}")
    while (line := stream.readline(_MAX_HEAD)) and len(head) < _MAX_HEAD:
        head += line
        if line in {b"\r\n", b"\n"} and len(head) > len(line):
            return head
    if head.strip():
        raise DamagedRecordError(path, offset, "the record head has no end")
    return b""


def _records_in(data: memoryview, path: str, offset: int, length: int) -> Iterator[WarcRecord]:
    """Yield the records of one gzip member: one by the standard, more from careless writers."""
    position = 0
    while position < len(data):
        if not _VERSION.match(data, position):
            begin = bytes(data[position : position + 20])
            raise DamagedRecordError(path, offset, f"no WARC record begins with {begin!r}")
        head_match = _HEAD_END.search(data, position, position + _MAX_HEAD)
        if head_match is None:
            raise DamagedRecordError(path, offset, "the record head has no end")
        head = bytes(data[position : head_match.end()])
        end = head_match.end() + _content_length(head, path, offset)
        if end > len(data):
            raise DamagedRecordError(path, offset, "the block is shorter than Content-Length")
        yield WarcRecord(
            offset=offset,
            length=length,
            headers=_headers(head),
            block=bytes(data[head_match.end() : end]),
        )
        position = end
        while position < len(data) and data[position] in b"\r\n":
            position += 1


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    # Not splitlines: it also splits at characters that a header's value may hold.
    lines = head.decode("utf-8", "replace").split("\n")[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _content_length(head: bytes, path: str, offset: int) -> int:
    value = next((v for k, v in _headers(head) if k.lower() == "content-length"), "")
    if not _LENGTH.fullmatch(value):
        raise DamagedRecordError(path, offset, f"Content-Length is {value!r}")
    return int(value)
