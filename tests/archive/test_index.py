"""The exchanges of archives, paired and ordered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archive import (
    ArchiveIndex,
    Collection,
    Exchange,
    find_sources,
)
from archive.index import parse_warc_date
from tests.support.exchanges import CARELESS, NOON, writer_of

if TYPE_CHECKING:
    from pathlib import Path


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
    writer = writer_of(collection)
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


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        record = CARELESS.split(b"WARC/1.0")[number].replace(b"2026-01-0%d" % (number + 1), b"2026-01-01")
        (tmp_path / str(number) / "a.warc").write_bytes(b"WARC/1.0" + record)
    index = ArchiveIndex(find_sources([tmp_path]))
    assert len({exchange.order for exchange in index}) == 2
