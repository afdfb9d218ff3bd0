"""`.warc.zst` files, with and without a dictionary, as other tools write them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from backports import zstd

from archive import DamagedRecordError, Playback, find_sources, read_records, salvage

if TYPE_CHECKING:
    from pathlib import Path


def _record(number: int) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nbody %d" % number
    return (
        b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
        b"WARC-Record-ID: <urn:test:%d>\r\nWARC-Date: 2026-01-02T03:04:0%dZ\r\nWARC-Target-URI: http://a.vn/%d\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (number, number, number, len(block), block)
    )


RECORDS = [_record(number) for number in range(3)]


def _with_dictionary(*, compressed: bool) -> bytes:
    dictionary = zstd.train_dict([_record(n % 10) + b"%d" % n for n in range(2000)], 4096)
    data = dictionary.dict_content
    stored = zstd.compress(data) if compressed else data
    frames = [zstd.compress(record, zstd_dict=dictionary) for record in RECORDS]
    return b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored + b"".join(frames)


FILES = {
    "plain": b"".join(zstd.compress(record) for record in RECORDS),
    "dictionary": _with_dictionary(compressed=False),
    "compressed dictionary": _with_dictionary(compressed=True),
}


@pytest.mark.parametrize("name", FILES)
def test_records_are_read_in_sequence_and_by_offset(name: str) -> None:
    stream = BytesIO(FILES[name])
    records = list(read_records(stream, "x"))
    assert [record.block[-6:] for record in records] == [b"body 0", b"body 1", b"body 2"]
    for record in records:
        assert next(read_records(stream, "x", record.offset)) == record
    assert records[-1].offset + records[-1].length == len(FILES[name])


def test_damage_is_reported_and_the_rest_read() -> None:
    data = bytearray(FILES["plain"])
    second = len(zstd.compress(RECORDS[0]))
    data[second + 6 : second + 12] = b"\xff" * 6
    damages: list[DamagedRecordError] = []
    records = list(salvage(BytesIO(data), "x", damages.append))
    assert [record.block[-6:] for record in records] == [b"body 0", b"body 2"]
    assert [damage.offset for damage in damages] == [second]


@pytest.mark.parametrize(
    "head", [b"\x5d\x2a\x4d\x18\xff\xff\xff\xff", b"\x5d\x2a\x4d\x18\x04\0\0\0abcd", b"\x5d\x2a\x4d"]
)
def test_a_broken_dictionary_is_an_error_of_its_own(head: bytes) -> None:
    with pytest.raises(DamagedRecordError):
        list(read_records(BytesIO(head + FILES["plain"]), "x"))


@pytest.mark.parametrize("name", FILES)
def test_they_play(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.zst"
    path.write_bytes(FILES[name])
    exchange = Playback(find_sources([tmp_path])).answer("GET", "http://a.vn/1")
    assert exchange
    assert exchange.read().received.endswith(b"body 1")
