"""Exchanges made up, and collections written of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive import (
    Collection,
    Exchange,
    WarcWriter,
    WriterOptions,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


BODY = b"<html>" + b"The same page as before. " * 40 + b"</html>"


START = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


def message(body: bytes = BODY, *, status: bytes = b"200 OK", extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 %b\r\nDate: %d\r\n%bContent-Length: %d\r\n\r\n%b" % (
        status,
        len(extra),
        extra,
        len(body),
        body,
    )


def exchange(number: int, received: bytes, *, url: str = "http://a.vn/1", truncated: str = "") -> Exchange:
    return Exchange(
        url=url,
        method="GET",
        started=START + timedelta(hours=number),
        sent=b"GET /1 HTTP/1.1\r\n\r\n",
        received=received,
        truncated=truncated,
    )


def write(
    root: Path,
    *exchanges: Exchange,
    job: str = "job",
    deduplicate: bool = True,
    compression: str = "gzip",
    begun: datetime | None = None,
) -> None:
    collection = Collection(root)
    collection.acquire(job)
    numbers = itertools.count()
    writer = WarcWriter(
        collection,
        job,
        {},
        options=WriterOptions(
            max_bytes=1 << 30, max_age=timedelta(days=1), deduplicate=deduplicate, compression=compression
        ),
        clock=lambda: begun or START,
        new_id=lambda _what: f"<urn:{job}:{next(numbers)}>",
    )
    for exchange in exchanges:
        writer.write(exchange)
    writer.close()
    collection.release()


NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


DAY = timedelta(days=1)


def writer_of(
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


def short_exchange(number: int, url: str = "http://a.vn/{}") -> Exchange:
    body = b"body %d" % number
    return Exchange(
        url=url.format(number),
        method="GET",
        started=NOON + timedelta(seconds=number),
        sent=b"GET /%d HTTP/1.1\r\nHost: a.vn\r\n\r\n" % number,
        received=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body,
    )


def index_of(collection: Collection) -> list[str]:
    return collection.index.read_text().splitlines()


#: Three responses as careless writers have them.
CARELESS = b"".join(
    b"\n\n" * number
    + b"WARC/1.0\nWARC-Type: response\nWARC-Target-URI: <http://a.vn/%d>\n" % number
    + b"WARC-Date: 2026-01-0%dT00:00:00Z\nContent-Length: 42\n\n" % (number + 1)
    + b"HTTP/1.1 200 OK\nContent-Length: 1\n\n%d      " % number
    for number in range(3)
)
