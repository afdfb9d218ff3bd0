"""How records are compressed: every reader understands it, and what is compressed is not compressed again."""

from __future__ import annotations

import gzip
import random
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import fastwarc.warc
import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import Collection, read_records
from archive.collection import index_lines
from archive.compression import COMPRESSIONS, gzip_member
from archive.reader import salvage
from tests.support.exchanges import exchange, message, write

if TYPE_CHECKING:
    from pathlib import Path

# More than a stored block of deflate can hold.
NOISE = random.Random(7).randbytes(200_000)
HEAD = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n" * 20


@pytest.mark.parametrize("coded", [0, 1, 65_535, 65_536, len(NOISE), len(NOISE) + len(HEAD)])
def test_a_member_inflates_to_its_record(coded: int) -> None:
    record = HEAD + NOISE
    assert gzip.decompress(gzip_member(record, coded)) == record
    assert zlib.decompress(gzip_member(record, coded), wbits=31) == record


def test_what_is_compressed_is_stored_and_its_head_is_not() -> None:
    stored = len(gzip_member(HEAD + NOISE, len(NOISE))) - len(NOISE)
    assert 0 < stored < len(HEAD) / 5
    # To deflate it again would not have gained anything.
    assert stored + len(NOISE) <= len(gzip_member(HEAD + NOISE)) + 32


def _told(path: Path, flipped: int) -> tuple[list[bytes], list[str]]:
    """Return the blocks that can be read of the file at *path* with one byte changed, and what is said of the rest."""
    data = bytearray(path.read_bytes())
    data[flipped] ^= 0xFF
    told: list[str] = []
    records = salvage(BytesIO(data), "x", lambda error: told.append(str(error).partition("(")[0]))
    return [record.block for record in records], told


def test_with_and_without_isal_the_same_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchanges = [exchange(number, message(b"a page %d " % number * 999)) for number in range(5)]
    write(tmp_path / "c", *exchanges)
    (path,) = (tmp_path / "c" / "archive").iterdir()
    places = range(0, path.stat().st_size, 37)
    with_isal = [_told(path, place) for place in places]
    monkeypatch.setattr("archive.compression.gzip_reading", zlib)
    assert [_told(path, place) for place in places] == with_isal
    assert all(blocks for blocks, _ in with_isal)
    assert any(told for _, told in with_isal)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("coding", [b"gzip", b"", b"br"])
def test_files_read_the_same_in_either_form(tmp_path: Path, compression: str, coding: bytes) -> None:
    body = gzip.compress(b"a page " * 999) if coding == b"gzip" else NOISE[:70_000]
    received = message(body, extra=b"Content-Encoding: " + coding + b"\r\n" if coding else b"")
    write(tmp_path / "c", exchange(0, received), compression=compression)
    (path,) = (tmp_path / "c" / "archive").iterdir()
    assert path.name.endswith(COMPRESSIONS[compression][0])
    with path.open("rb") as stream:
        blocks = [record.block for record in read_records(stream, str(path)) if record.type == "response"]
    assert blocks == [received]
    assert list(Collection(tmp_path / "c").index_lines()) == list(index_lines(path))
    if compression == "gzip":
        with path.open("rb") as stream:
            assert [r.raw_stream.read() for r in ArchiveIterator(stream, no_record_parse=True)][1] == received
    data = BytesIO(path.read_bytes())
    found = [r.reader.read() for r in fastwarc.warc.ArchiveIterator(data, parse_http=False)]
    assert found[1] == received


def test_a_torn_zstd_file_is_mended(tmp_path: Path) -> None:
    root = tmp_path / "c"
    write(root, exchange(0, message()), exchange(1, message(NOISE)), compression="zstd")
    (path,) = (root / "archive").iterdir()
    whole = list(index_lines(path))
    growing = path.with_name(f"{path.name}.open")
    growing.write_bytes(path.read_bytes()[:-100])
    path.unlink()
    said: list[str] = []
    collection = Collection(root)
    collection.acquire("a test")
    collection.mend(said.append)
    collection.release()
    assert "cut" in said[0]
    assert list(collection.index_lines()) == list(index_lines(path)) == whole
