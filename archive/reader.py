"""Read WARC files record by record, with the offset of each record and of any damage.

`read_records` stops at the first damage; `salvage` skips it and continues. Blocks are returned raw;
`archive.message` decodes HTTP. Tolerates what careless tools write: several records in a gzip member, bare
line feeds, blank lines between records, a last record without its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from backports import zstd

from archive.compression import BROKEN, inflater
from archive.errors import DamagedRecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archive.compression import Member


_GZIP_MAGIC = b"\x1f\x8b\x08"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE = b"\x5d\x2a\x4d\x18"
_PIECE = 1 << 16
_MAX_HEAD = 1 << 16
_MAX_MEMBER = 1 << 29  # bytes, inflated; a larger member is a bomb, or holds many records
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(r"[0-9]{1,15}")
_VERSION = re.compile(rb"WARC/\d\.\d+\r?\n")

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """One record as stored in its file."""

    #: Offset and length in bytes of its gzip member (of the record itself, if uncompressed).
    offset: int
    length: int
    #: Position among the records of its gzip member; 0 in files that follow the standard.
    position: int = 0
    headers: Headers
    block: bytes

    def get(self, name: str) -> str:
        """Return the first value of the header *name*, or an empty string."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), "")

    def get_all(self, name: str) -> tuple[str, ...]:
        """Return all values of the header *name*."""
        return tuple(v for k, v in self.headers if k.lower() == name.lower())

    @property
    def type(self) -> str:
        """The WARC-Type."""
        return self.get("WARC-Type")

    @property
    def target_uri(self) -> str:
        """The WARC-Target-URI, without the angle brackets of WARC/1.0."""
        return self.get("WARC-Target-URI").strip("<>")


def read_records(stream: IO[bytes], path: str, offset: int = 0) -> Iterator[WarcRecord]:
    """Yield the records of the WARC file *stream* from *offset* on; *path* is its name in errors.

    Raises DamagedRecordError at the first record that is truncated or not a WARC record.
    """
    for records in _by_member(stream, path, offset):
        yield from records


def read_member(stream: IO[bytes], path: str, offset: int) -> Iterator[WarcRecord]:
    """Yield only the records of the gzip member, zstd frame or plain record at *offset*.

    Raises DamagedRecordError.
    """
    yield from next(_by_member(stream, path, offset), ())


def _by_member(stream: IO[bytes], path: str, offset: int) -> Iterator[Iterable[WarcRecord]]:
    stream.seek(offset)
    magic = stream.read(2)
    stream.seek(offset)
    if magic == _GZIP_MAGIC[:2]:
        for start, length, data in _members(stream, path, offset, inflater):
            yield _records_in(data, path, start, length)
    elif magic in {_ZSTD_MAGIC[:2], _ZSTD_SKIPPABLE[:2]}:
        new_member = _zstd(stream, path)
        for start, length, data in _members(stream, path, max(offset, stream.tell()), new_member):
            yield _records_in(data, path, start, length)
    else:
        for record in _plain_records(stream, path, offset):
            yield (record,)


def salvage(
    stream: IO[bytes],
    path: str,
    report: Callable[[DamagedRecordError], None],
    begin: int = 0,
    end: int | None = None,
) -> Iterator[WarcRecord]:
    """Yield every readable record; pass each damaged place to *report*.

    In a file with one record per member, only records that begin at offsets from *begin* up to *end* are
    read. Adjacent ranges together yield each record once.
    """
    offset = _next_record(stream, path, begin) if begin else 0
    while offset is not None and (end is None or offset < end):
        try:
            for record in read_records(stream, path, offset):
                if end is not None and record.offset >= end:
                    return
                yield record
        except DamagedRecordError as damage:
            # Report damage past *end* too: a reader that begins there skips to the next good record.
            report(damage)
            offset = _next_record(stream, path, damage.offset + 1)
        else:
            return


def _next_record(stream: IO[bytes], path: str, offset: int) -> int | None:
    """Return the offset of the next readable record, at *offset* or later; None at the end."""
    stream.seek(offset)
    overlap = b""
    while piece := stream.read(_PIECE):
        window = overlap + piece
        begin = stream.tell() - len(window)
        for match in re.finditer(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|WARC/1\.[01]\r?\n", window):
            here = stream.tell()
            try:
                next(read_records(stream, path, begin + match.start()))
            except (DamagedRecordError, StopIteration):
                stream.seek(here)
            else:
                return begin + match.start()
        overlap = window[-16:]
    return None


def _zstd(stream: IO[bytes], path: str) -> Callable[[], Member]:
    """Return a function that makes frame decompressors for the .warc.zst *stream*; seek to the first record.

    The dictionary, if any, is in a skippable frame at the start of the file.
    http://iipc.github.io/warc-specifications/specifications/warc-zstd/
    """
    stream.seek(0)
    head = stream.read(8)
    if not head.startswith(_ZSTD_SKIPPABLE):
        stream.seek(0)
        return zstd.ZstdDecompressor
    data = stream.read(min(int.from_bytes(head[4:], "little"), _MAX_MEMBER))
    try:
        if data.startswith(_ZSTD_MAGIC):
            data = zstd.ZstdDecompressor().decompress(data, _MAX_MEMBER)
        dictionary = zstd.ZstdDict(data)
    except (ValueError, zstd.ZstdError) as error:
        raise DamagedRecordError(path, 0, f"broken zstd dictionary ({error})") from error
    return lambda: zstd.ZstdDecompressor(zstd_dict=dictionary)


def _members(
    stream: IO[bytes], path: str, offset: int, new_member: Callable[[], Member]
) -> Iterator[tuple[int, int, memoryview]]:
    """Yield offset, length and inflated data of each gzip member or zstd frame from *offset* on."""
    stream.seek(offset)
    piece = stream.read(_PIECE)
    while piece:
        member = new_member()
        data: bytes | bytearray = b""
        consumed = 0
        while not member.eof:
            if not piece:
                raise DamagedRecordError(path, offset, "the file ends inside it")
            try:
                inflated = member.decompress(piece, _MAX_MEMBER + 1 - len(data))
            except BROKEN as error:
                raise DamagedRecordError(path, offset, f"broken compressed data ({error})") from error
            # Most members fit in one piece and need no copy.
            data = _joined(data, inflated) if data else inflated
            if len(data) > _MAX_MEMBER:
                raise DamagedRecordError(path, offset, f"more than {_MAX_MEMBER} bytes in one record")
            consumed += len(piece) - len(member.unused_data)
            piece = member.unused_data or stream.read(_PIECE)
        yield offset, consumed, memoryview(data)
        offset += consumed


def _joined(data: bytes | bytearray, more: bytes) -> bytearray:
    data = data if isinstance(data, bytearray) else bytearray(data)
    data += more
    return data


def _plain_records(stream: IO[bytes], path: str, offset: int) -> Iterator[WarcRecord]:
    size = stream.seek(0, 2)
    stream.seek(offset)
    while head := _plain_head(stream, path):
        begin = stream.tell() - len(head)
        headers = _headers(head)
        length = _content_length(headers, path, begin)
        if length > size - stream.tell():
            raise DamagedRecordError(path, begin, "the file ends inside it")
        block = stream.read(length)
        while (end := stream.read(1)) and end in b"\r\n":
            pass
        stream.seek(-len(end), 1)
        yield WarcRecord(offset=begin, length=stream.tell() - begin, headers=headers, block=block)


def _plain_head(stream: IO[bytes], path: str) -> bytes:
    """Read the head of the next record, including its final blank line; empty at the end of the file."""
    head = stream.readline(_MAX_HEAD)
    while head in {b"\r\n", b"\n"}:
        head = stream.readline(_MAX_HEAD)
    if not head:
        return b""
    offset = stream.tell() - len(head)
    if not _VERSION.fullmatch(head):
        raise DamagedRecordError(path, offset, f"no WARC record begins with {head[:20]!r}")
    while (line := stream.readline(_MAX_HEAD)) and len(head) < _MAX_HEAD:
        head += line
        if line in {b"\r\n", b"\n"}:
            return head
    raise DamagedRecordError(path, offset, "the record head has no end")


def _records_in(data: memoryview, path: str, offset: int, length: int) -> Iterator[WarcRecord]:
    """Yield the records of one gzip member: one by the standard, several from careless tools."""
    begin = position = 0
    while begin < len(data):
        if not _VERSION.match(data, begin):
            start = bytes(data[begin : begin + 20])
            raise DamagedRecordError(path, offset, f"no WARC record begins with {start!r}")
        head_match = _HEAD_END.search(data, begin, begin + _MAX_HEAD)
        if head_match is None:
            raise DamagedRecordError(path, offset, "the record head has no end")
        headers = _headers(bytes(data[begin : head_match.end()]))
        end = head_match.end() + _content_length(headers, path, offset)
        if end > len(data):
            raise DamagedRecordError(path, offset, "the block is shorter than Content-Length")
        yield WarcRecord(
            offset=offset,
            length=length,
            position=position,
            headers=headers,
            block=bytes(data[head_match.end() : end]),
        )
        begin, position = end, position + 1
        while begin < len(data) and data[begin] in b"\r\n":
            begin += 1


def _headers(head: bytes) -> Headers:
    # Not splitlines: it also splits at characters that are valid in header values.
    lines = head.decode("utf-8", "replace").split("\n")[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _content_length(headers: Headers, path: str, offset: int) -> int:
    value = next((v for k, v in headers if k.lower() == "content-length"), "")
    if not _LENGTH.fullmatch(value):
        raise DamagedRecordError(path, offset, f"Content-Length is {value[:40]!r}")
    return int(value)
