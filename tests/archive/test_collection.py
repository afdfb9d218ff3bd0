"""A collection on disk: what a crash leaves is mended, what the disk refuses is said."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import resource
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from archive import (
    ArchiveIndex,
    ArchiveInUseError,
    ArchiveWriteError,
    Collection,
    DamagedRecordError,
    Exchange,
    WarcWriter,
    WriterOptions,
    find_sources,
    read_records,
)
from archive.collection import index_lines
from archive.index import parse_warc_date
from tests.archive.test_revisits import exchange, message, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive import WarcRecord

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def _writer(
    collection: Collection,
    *,
    max_bytes: int = 1 << 30,
    max_age: timedelta = DAY,
    clock: Callable[[], datetime] = lambda: NOON,
) -> WarcWriter:
    numbers = itertools.count()
    return WarcWriter(
        collection,
        "job",
        {"software": "test"},
        options=WriterOptions(max_bytes=max_bytes, max_age=max_age),
        clock=clock,
        new_id=lambda _what: f"<urn:test:{next(numbers)}>",
    )


def _exchange(number: int, url: str = "http://a.vn/{}") -> Exchange:
    body = b"body %d" % number
    return Exchange(
        url=url.format(number),
        method="GET",
        started=NOON + timedelta(seconds=number),
        sent=b"GET /%d HTTP/1.1\r\nHost: a.vn\r\n\r\n" % number,
        received=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body,
    )


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(tmp_path / "test")
    collection.acquire("a test")
    yield collection
    collection.release()


def _abandon(writer: WarcWriter) -> bytes:
    """Leave *writer* as a crash would: its files open, nothing renamed. Return what it had written."""
    assert writer._file
    writer._file._file.close()
    assert writer._collection._pending
    writer._collection._pending[1].close()
    return writer._file.path.read_bytes()


def _sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()  # noqa: S324  WARC's custom


def _records(path: Path) -> list[WarcRecord]:
    with path.open("rb") as stream:
        return list(read_records(stream, str(path)))


def _index(collection: Collection) -> list[str]:
    return collection.index.read_text().splitlines()


def test_a_whole_record_byte_for_byte(collection: Collection) -> None:
    writer = _writer(collection)
    capture = writer.write(_exchange(1))
    writer.close()
    assert capture
    (path,) = collection.archive.iterdir()
    assert path.name == "test-20260101120000-00000.warc.gz" == capture.file
    info, response, request = _records(path)
    assert info.block == b"software: test\r\nisPartOf: test\r\njob: job\r\n"
    assert response.headers == (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", "<urn:test:1>"),
        ("WARC-Target-URI", "http://a.vn/1"),
        ("WARC-Date", "2026-01-01T12:00:01.000000Z"),
        ("WARC-Warcinfo-ID", "<urn:test:0>"),
        ("WARC-Block-Digest", _sha1(_exchange(1).received)),
        ("WARC-Payload-Digest", _sha1(b"body 1")),
        ("Content-Type", "application/http; msgtype=response"),
        ("Content-Length", "44"),
    )
    assert response.block == _exchange(1).received
    assert request.get("WARC-Concurrent-To") == "<urn:test:1>"
    assert request.block == _exchange(1).sent
    assert (capture.offset, capture.length) == (response.offset, response.length)


def test_a_hostile_url_cannot_forge_a_header(collection: Collection) -> None:
    writer = _writer(collection)
    writer.write(_exchange(1, "http://a.vn/\r\nWARC-Type: request\r\n\r\nx y\x00"))
    writer.close()
    _, response, request = _records(collection.archive / writer.files[0])
    assert response.type == "response"
    assert request.type == "request"
    assert response.get("WARC-Target-URI") == "http://a.vn/%0D%0AWARC-Type:%20request%0D%0A%0D%0Ax%20y%00"


def test_files_rotate_by_size_and_by_age(collection: Collection) -> None:
    writer = _writer(collection, max_bytes=2000)
    for number in range(10):
        writer.write(_exchange(number))
    writer.close()
    sizes = [(collection.archive / name).stat().st_size for name in writer.files]
    assert len(sizes) > 2
    assert all(2000 <= size < 3000 for size in sizes[:-1])
    moments = itertools.count()
    aged = _writer(
        collection, max_age=timedelta(hours=3), clock=lambda: NOON + timedelta(hours=next(moments))
    )
    for number in range(4):
        aged.write(_exchange(number))
    aged.close()
    assert len(aged.files) > 1
    assert len(_index(collection)) == 14
    assert not list(collection.root.rglob("*.open"))


def test_two_crawls_at_the_same_moment_do_not_share_a_file(collection: Collection) -> None:
    first = _writer(collection)
    first.write(_exchange(1))
    first.close()
    second = _writer(collection)
    second._crawl = "other crawl"
    second._info["job"] = "other crawl"
    second.write(_exchange(2))
    second.close()
    assert first.files != second.files
    assert len(_index(collection)) == 2


@pytest.mark.parametrize("cut", [1, 50, 200])
def test_a_torn_tail_is_cut_and_reported(collection: Collection, cut: int) -> None:
    writer = _writer(collection)
    writer.write(_exchange(1))
    whole = writer._file.size if writer._file else 0
    writer.write(_exchange(2))
    data = _abandon(writer)
    collection.open_path(writer.files[0]).write_bytes(data[: whole + cut])
    reports: list[str] = []
    collection.mend(reports.append)
    path = collection.archive / writer.files[0]
    assert path.read_bytes() == data[:whole]
    assert [line.split('"url": "')[1].split('"')[0] for line in _index(collection)] == ["http://a.vn/1"]
    assert f"cut {cut} bytes of an unfinished record at offset {whole}" in reports[0]
    assert not list(collection.root.rglob("*.open"))
    collection.mend(reports.append)
    assert len(reports) == 2


def test_a_crash_between_rename_and_index_is_mended(collection: Collection) -> None:
    writer = _writer(collection)
    writer.write(_exchange(1))
    _abandon(writer)
    collection.open_path(writer.files[0]).replace(collection.archive / writer.files[0])
    collection.mend(lambda _line: None)
    assert len(_index(collection)) == 1
    assert not list(collection.root.rglob("*.open"))


def test_a_crash_while_mending_leaves_no_response_out_of_the_index(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = _writer(collection)
    writer.write(_exchange(1))
    _abandon(writer)
    for pending in collection.indexes.iterdir():
        pending.unlink()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(collection, "_merge", crash)
        with pytest.raises(KeyboardInterrupt):
            collection.mend(lambda _line: None)
    collection.mend(lambda _line: None)
    assert len(_index(collection)) == 1
    assert not list(collection.root.rglob("*.open"))


def test_an_index_that_is_not_utf8_is_mended(collection: Collection) -> None:
    collection.index.write_bytes(b"vn,x)/ 2020\xff\n")
    writer = _writer(collection)
    writer.write(_exchange(1))
    writer.close()
    assert len(_index(collection)) == 1


def test_a_file_without_any_record_goes(collection: Collection) -> None:
    collection.open_path("test-20260101120000-00000.warc.gz").write_bytes(b"\x1f\x8b\x08")
    collection.mend(lambda _line: None)
    assert list(collection.archive.iterdir()) == []


def test_a_collection_has_one_writer(collection: Collection) -> None:
    with pytest.raises(ArchiveInUseError, match=r"test: in use by a test, process \d+"):
        Collection(collection.root).acquire("another")
    collection.release()
    again = Collection(collection.root)
    again.acquire("another")
    again.release()


def test_a_disk_that_refuses_leaves_whole_records(collection: Collection) -> None:
    writer = _writer(collection)
    writer.write(_exchange(1))
    size = writer._file.size if writer._file else 0
    # The kernel refuses to let a file grow past this, as a full disk would.
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, old[1]))
        with pytest.raises(ArchiveWriteError, match=r"warc\.gz\.open: File too large"):
            writer.write(_exchange(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    writer.write(_exchange(3))
    writer.close()
    index = ArchiveIndex(find_sources([collection.archive]))
    assert sorted(exchange.url for exchange in index) == ["http://a.vn/1", "http://a.vn/3"]


def test_what_was_written_reads_back_the_same(collection: Collection) -> None:
    exchange = Exchange(
        url="https://a.vn/x",
        method="POST",
        started=NOON,
        sent=b"POST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\nab",
        received=b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        truncated="disconnect",
        ip_address="192.0.2.1",
        protocols=("http/1.1", "tls/1.3"),
        cipher="TLS_AES_128_GCM_SHA256",
    )
    silent = Exchange(
        url="https://a.vn/y", method="GET", started=NOON, sent=b"GET /y HTTP/1.1\r\n\r\n", received=b""
    )
    writer = _writer(collection)
    assert writer.write(exchange)
    assert writer.write(silent) is None
    writer.close()
    index = ArchiveIndex(find_sources([collection.root]))
    (found,) = index.find("POST", "https://a.vn/x#fragment")
    assert found.read() == exchange
    assert not found.complete
    (found,) = index.find("GET", "https://a.vn/y")
    assert found.read() == silent
    assert found.status == 0


def test_reading_stops_at_damage_with_its_place(collection: Collection) -> None:
    writer = _writer(collection)
    for number in range(3):
        writer.write(_exchange(number))
    writer.close()
    path = collection.archive / writer.files[0]
    third = _records(path)[3]
    path.write_bytes(path.read_bytes()[: third.offset + 10])
    with pytest.raises(DamagedRecordError) as caught:
        _records(path)
    assert caught.value.offset == third.offset
    assert str(path) in str(caught.value)


def test_uncompressed_files_and_folders_read_alike(collection: Collection, tmp_path: Path) -> None:
    writer = _writer(collection)
    writer.write(_exchange(1))
    writer.close()
    packed = collection.archive / writer.files[0]
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    assert [record.block for record in _records(plain)] == [record.block for record in _records(packed)]
    (found,) = ArchiveIndex(find_sources([plain])).find("GET", "http://a.vn/1")
    assert found.read() == _exchange(1)


def test_records_behind_damage_are_kept(collection: Collection) -> None:
    writer = _writer(collection)
    for number in range(5):
        writer.write(_exchange(number))
    data = bytearray(_abandon(writer))
    path = collection.open_path(writer.files[0])
    second = [record for record in _records(path) if record.type == "response"][1]
    data[second.offset + 30 : second.offset + 60] = bytes(30)
    path.write_bytes(data)
    reports: list[str] = []
    collection.mend(reports.append)
    assert (collection.archive / writer.files[0]).read_bytes() == data
    found = {line.split('"url": "')[1].split('"')[0] for line in _index(collection)}
    assert found == {f"http://a.vn/{number}" for number in (0, 2, 3, 4)}
    assert f"record at offset {second.offset}" in reports[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.123456789Z", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+07:00", None),
        ("2026-99-99", None),
        ("", None),
    ],
)
def test_warc_dates(value: str, expected: datetime | None) -> None:
    assert parse_warc_date(value) == expected


CARELESS = b"".join(
    b"\n\n" * number
    + b"WARC/1.0\nWARC-Type: response\nWARC-Target-URI: <http://a.vn/%d>\n" % number
    + b"WARC-Date: 2026-01-0%dT00:00:00Z\nContent-Length: 42\n\n" % (number + 1)
    + b"HTTP/1.1 200 OK\nContent-Length: 1\n\n%d      " % number
    for number in range(3)
)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.wet"])
def test_careless_writers_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(CARELESS.lstrip()) if name.endswith(".gz") else CARELESS)
    index = ArchiveIndex(find_sources([path]))
    assert sorted(exchange.url for exchange in index) == [f"http://a.vn/{n}" for n in range(3)]
    for number in range(3):
        (found,) = index.find("GET", f"http://a.vn/{number}")
        assert found.read().received.endswith(b"\n\n%d      " % number)


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        record = CARELESS.split(b"WARC/1.0")[number].replace(b"2026-01-0%d" % (number + 1), b"2026-01-01")
        (tmp_path / str(number) / "a.warc").write_bytes(b"WARC/1.0" + record)
    index = ArchiveIndex(find_sources([tmp_path]))
    assert len({exchange.order for exchange in index}) == 2


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
        _records(tmp_path / "a.warc")


def test_a_long_index_is_not_rewritten_for_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.collection._SHORT", 1_000)
    collection = Collection(tmp_path / "c")
    sizes = []
    for number in range(60):
        # A second later each: another file.
        exchanged = exchange(number, message(b"a body"), url=f"http://a.vn/{number % 7}")
        write(
            collection.root, exchanged, job=f"202606010000{number:02}", begun=NOON + timedelta(seconds=number)
        )
        sizes.append((collection.index.stat().st_size, len(collection.index_files())))
    rewritten = sum(one[0] != other[0] for one, other in itertools.pairwise(sizes))
    assert 10 < rewritten < 35
    assert {count for _, count in sizes} == {1, 2}
    lines = [line for path in collection.warc_files() for line in index_lines(path)]
    assert list(collection.index_lines()) == sorted(lines)
    assert len(lines) == 60
    # As a crash leaves it after the long one was written anew, and before the other went.
    collection.acquire("a test")
    twice = {*collection.recent.read_text().splitlines(), *lines[:5]}
    collection.recent.write_text("".join(f"{line}\n" for line in sorted(twice)))
    assert list(collection.index_lines()) == sorted(lines)
    collection.rebuild_index(lambda _told: None)
    collection.release()
    assert collection.index_files() == [collection.index]
    assert _index(collection) == sorted(lines)
