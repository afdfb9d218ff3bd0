"""Records are read until the file ends or is damaged, and behind the damage."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from archive import (
    ArchiveIndex,
    Collection,
    DamagedRecordError,
    WarcWriter,
    find_sources,
)
from tests.support.crawls import records
from tests.support.exchanges import CARELESS, index_of, short_exchange, writer_of

if TYPE_CHECKING:
    from pathlib import Path


def _abandon(writer: WarcWriter) -> bytes:
    """Leave *writer* as a crash would: its files open, nothing renamed. Return what it had written."""
    assert writer._file
    writer._file._file.close()
    assert writer._collection._pending
    writer._collection._pending[1].close()
    return writer._file.path.read_bytes()


def test_reading_stops_at_damage_with_its_place(collection: Collection) -> None:
    writer = writer_of(collection)
    for number in range(3):
        writer.write(short_exchange(number))
    writer.close()
    path = collection.archive / writer.files[0]
    third = records(path)[3]
    path.write_bytes(path.read_bytes()[: third.offset + 10])
    with pytest.raises(DamagedRecordError) as caught:
        records(path)
    assert caught.value.offset == third.offset
    assert str(path) in str(caught.value)


def test_records_behind_damage_are_kept(collection: Collection) -> None:
    writer = writer_of(collection)
    for number in range(5):
        writer.write(short_exchange(number))
    data = bytearray(_abandon(writer))
    path = collection.open_path(writer.files[0])
    second = [record for record in records(path) if record.type == "response"][1]
    data[second.offset + 30 : second.offset + 60] = bytes(30)
    path.write_bytes(data)
    reports: list[str] = []
    collection.mend(reports.append)
    assert (collection.archive / writer.files[0]).read_bytes() == data
    found = {line.split('"url": "')[1].split('"')[0] for line in index_of(collection)}
    assert found == {f"http://a.vn/{number}" for number in (0, 2, 3, 4)}
    assert f"record at offset {second.offset}" in reports[0]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.wet"])
def test_careless_writers_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(CARELESS.lstrip()) if name.endswith(".gz") else CARELESS)
    index = ArchiveIndex(find_sources([path]))
    assert sorted(exchange.url for exchange in index) == [f"http://a.vn/{n}" for n in range(3)]
    for number in range(3):
        (found,) = index.find("GET", f"http://a.vn/{number}")
        assert found.read().received.endswith(b"\n\n%d      " % number)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"WARC/1.1\r\nContent-Length: 999999999999999\r\n\r\nx", "the file ends inside it"),
        (b"WARC/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", "Content-Length is"),
        (b"WARC/1.1\r\nContent-Length: 1\r\n", "the record head has no end"),
        (b"PK\x03\x04", "no WARC record begins with"),
    ],
)
def test_damage_has_a_name(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.warc").write_bytes(data)
    with pytest.raises(DamagedRecordError, match=words):
        records(tmp_path / "a.warc")
