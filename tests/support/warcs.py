"""WARC files made up: of pages that rules know, and of papers that none knows."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.bulk import UrlFilter, find_shards

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.bulk import Extracted, Shard


TEXT = "Paragraph {} of page {} tells at length what happened on this day in the town, and to whom it did."


HOSTS = ("www.vietnamplus.vn", "zh.vietnamplus.vn", "nhandan.vn")


def record(url: str, body: bytes, number: int) -> bytes:
    """Return a response record as a gzip member."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(
        body
    )
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{number}>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-06-01T00:00:{number % 60:02}Z\r\nContent-Type: application/http;msgtype=response\r\n"
        f"Content-Length: {len(block) + len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + body + b"\r\n\r\n", 1, mtime=0)


def response(url: str, block: bytes, date: str, *more: str) -> bytes:
    """Return a response record with *block*, captured at *date*, with the headers *more*, as a gzip member."""
    head = "".join(f"{line}\r\n" for line in more)
    text = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{url}:{date}>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: {date}\r\n{head}Content-Type: application/http;msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(text.encode() + block + b"\r\n\r\n", 1, mtime=0)


def dated(number: int, text: str, date: str) -> bytes:
    """Return a record of article *number*, which says *text*, captured at *date*."""
    html = (
        f'<h1 class="article__title cms-title">Title {number}</h1>'
        f'<div class="article__body zce-content-body cms-body"><p>{text}</p></div>'
    ).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    return response(f"https://zh.vietnamplus.vn/x-post{number}.vnp", head % len(html) + html, date)


def page(number: int) -> bytes:
    text = "".join(f"<p>{TEXT.format(n, number)}</p>" for n in range(6))
    noise = os.urandom(300).hex()
    return (
        f'<h1 class="article__title cms-title">What happened in the town, by reporter n{number}</h1><!-- {noise} -->'
        f'<div class="article__body zce-content-body cms-body">{text}</div>'
    ).encode()


def warc(path: Path, numbers: range) -> Path:
    members = [
        record(
            f"https://{HOSTS[n % 3]}/{'kinhte' if n % 2 else 'a'}/x-post{n}.{'html' if n % 3 == 2 else 'vnp'}",
            page(n),
            n,
        )
        for n in numbers
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(members))
    return path


def shards_of(folder: Path | str, selection: UrlFilter | None = None) -> list[Shard]:
    return find_shards([str(folder)], None, selection or UrlFilter(), [], pytest.fail)


def lines_of(results: Iterator[tuple[Shard, Extracted]]) -> bytes:
    return b"".join(result.lines for _, result in results)


def ids_of(lines: bytes) -> list[int]:
    return [int(json.loads(line)["id"].rpartition(":")[2]) for line in lines.splitlines()]
