"""Exchanges become records, byte for byte, in files that end by size and by age."""

from __future__ import annotations

import base64
import hashlib
import itertools
import resource
import signal
from datetime import timedelta

import pytest

from archive import (
    ArchiveIndex,
    ArchiveWriteError,
    Collection,
    find_sources,
)
from tests.support.crawls import records
from tests.support.exchanges import NOON, index_of, short_exchange, writer_of


def _sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()  # noqa: S324  WARC's custom


def test_a_whole_record_byte_for_byte(collection: Collection) -> None:
    writer = writer_of(collection)
    capture = writer.write(short_exchange(1))
    writer.close()
    assert capture
    (path,) = collection.archive.iterdir()
    assert path.name == "test-20260101120000-00000.warc.gz" == capture.file
    info, response, request = records(path)
    assert info.block == b"software: test\r\nisPartOf: test\r\njob: job\r\n"
    assert response.headers == (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", "<urn:test:1>"),
        ("WARC-Target-URI", "http://a.vn/1"),
        ("WARC-Date", "2026-01-01T12:00:01.000000Z"),
        ("WARC-Warcinfo-ID", "<urn:test:0>"),
        ("WARC-Block-Digest", _sha1(short_exchange(1).received)),
        ("WARC-Payload-Digest", _sha1(b"body 1")),
        ("Content-Type", "application/http; msgtype=response"),
        ("Content-Length", "44"),
    )
    assert response.block == short_exchange(1).received
    assert request.get("WARC-Concurrent-To") == "<urn:test:1>"
    assert request.block == short_exchange(1).sent
    assert (capture.offset, capture.length) == (response.offset, response.length)


def test_a_hostile_url_cannot_forge_a_header(collection: Collection) -> None:
    writer = writer_of(collection)
    writer.write(short_exchange(1, "http://a.vn/\r\nWARC-Type: request\r\n\r\nx y\x00"))
    writer.close()
    _, response, request = records(collection.archive / writer.files[0])
    assert response.type == "response"
    assert request.type == "request"
    assert response.get("WARC-Target-URI") == "http://a.vn/%0D%0AWARC-Type:%20request%0D%0A%0D%0Ax%20y%00"


def test_files_rotate_by_size_and_by_age(collection: Collection) -> None:
    writer = writer_of(collection, max_bytes=2000)
    for number in range(10):
        writer.write(short_exchange(number))
    writer.close()
    sizes = [(collection.archive / name).stat().st_size for name in writer.files]
    assert len(sizes) > 2
    assert all(2000 <= size < 3000 for size in sizes[:-1])
    moments = itertools.count()
    aged = writer_of(
        collection, max_age=timedelta(hours=3), clock=lambda: NOON + timedelta(hours=next(moments))
    )
    for number in range(4):
        aged.write(short_exchange(number))
    aged.close()
    assert len(aged.files) > 1
    assert len(index_of(collection)) == 14
    assert not list(collection.root.rglob("*.open"))


def test_two_crawls_at_the_same_moment_do_not_share_a_file(collection: Collection) -> None:
    first = writer_of(collection)
    first.write(short_exchange(1))
    first.close()
    second = writer_of(collection)
    second._crawl = "other crawl"
    second._info["job"] = "other crawl"
    second.write(short_exchange(2))
    second.close()
    assert first.files != second.files
    assert len(index_of(collection)) == 2


def test_a_disk_that_refuses_leaves_whole_records(collection: Collection) -> None:
    writer = writer_of(collection)
    writer.write(short_exchange(1))
    size = writer._file.size if writer._file else 0
    # The kernel refuses to let a file grow past this, as a full disk would.
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, old[1]))
        with pytest.raises(ArchiveWriteError, match=r"warc\.gz\.open: File too large"):
            writer.write(short_exchange(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    writer.write(short_exchange(3))
    writer.close()
    index = ArchiveIndex(find_sources([collection.archive]))
    assert sorted(exchange.url for exchange in index) == ["http://a.vn/1", "http://a.vn/3"]
