"""How records lie in a file: each a gzip member (RFC 1952) or a zstd frame (RFC 8878) of its own.

What a server has compressed is not deflated again: that costs thirty times the CPU of storing it and gains
nothing. Both formats come out the same on every CPU; only another release of zlib or zstd may differ.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Protocol

from backports import zstd

try:
    from isal import isal_zlib as gzip_reading
except ImportError:
    # Not where there is no wheel of it.
    import zlib as gzip_reading  # type: ignore[no-redef]

if TYPE_CHECKING:

    class Compress(Protocol):
        """What makes a record's bytes in a file."""

        def __call__(self, record: bytes, coded: int = 0, *, quick: bool = False) -> bytes: ...

    class Member(Protocol):
        """What inflates one member: zlib's and zstd's objects."""

        @property
        def eof(self) -> bool: ...
        @property
        def unused_data(self) -> bytes: ...
        def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


# No name, no time, no flags; "Unix", as zlib has it.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
# A member's magic and method, and flags without those that are reserved.
_GZIP_START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_MOST_MEMBERS = 8  # each costs a copy of what follows it
_USUAL, _QUICK = 6, 3  # zlib's levels
_RAW = -15  # zlib's wbits for deflate without a wrapper
_ZSTD_OPTIONS = {
    int(zstd.CompressionParameter.compression_level): 3,
    int(zstd.CompressionParameter.checksum_flag): 1,
}


def gzip_member(record: bytes, coded: int = 0, *, quick: bool = False) -> bytes:
    """Return *record* as a gzip member; of its last *coded* bytes it is known that deflating is in vain.

    A *quick* one takes 0.6 of the time and is a twentieth larger (measured on articles as JSON).
    """
    if not coded:
        return zlib.compress(record, _QUICK if quick else _USUAL, wbits=31)
    head, body = zlib.compressobj(wbits=_RAW), zlib.compressobj(0, wbits=_RAW)
    pieces = (
        _GZIP_HEAD,
        head.compress(record[:-coded]),
        head.flush(zlib.Z_FULL_FLUSH),
        body.compress(memoryview(record)[-coded:]),
        body.flush(),
        zlib.crc32(record).to_bytes(4, "little"),
        (len(record) & 0xFFFF_FFFF).to_bytes(4, "little"),
    )
    return b"".join(pieces)


def zstd_frame(record: bytes, coded: int = 0, *, quick: bool = False) -> bytes:  # noqa: ARG001  zstd sees that for itself
    """Return *record* as a zstd frame with its size and checksum."""
    return zstd.compress(record, options=_ZSTD_OPTIONS)


#: What broken compressed data raises.
BROKEN: tuple[type[Exception], ...] = (zlib.error, gzip_reading.error, zstd.ZstdError)  # type: ignore[assignment]  # isal's stub is wrong


def inflater() -> Member:
    """Return what inflates one gzip member, in half of zlib's time where Intel's ISA-L is there."""
    return gzip_reading.decompressobj(wbits=31)


def gunzipped(data: bytes, most: int) -> bytes | None:
    """Return what *data* holds as whole gzip members, *most* bytes at the most; None for all else.

    What is cut, damaged or followed by anything is left to zlib: ISA-L makes a little more or less of that,
    and a page must be the same wherever it is read.
    """
    members: list[bytes] = []
    while data:
        if len(members) == _MOST_MEMBERS or not _GZIP_START.match(data):
            return None
        member = inflater()
        try:
            members.append(member.decompress(data, most + 1))
        except BROKEN:
            return None
        most -= len(members[-1])
        if most < 0 or not member.eof:
            return None
        data = member.unused_data
    return b"".join(members)


#: By the name of the compression: the suffix of WARC files, and what makes a record's bytes.
COMPRESSIONS: dict[str, tuple[str, Compress]] = {
    "gzip": (".warc.gz", gzip_member),
    "zstd": (".warc.zst", zstd_frame),
}
