"""pywb serves a crawl's collection as it stands.

pywb replaces Scrapy's brotli module by an older one, so it lives in an environment of its own.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.support.crawls import ROOT, SEEDS, crawl
from tests.support.exchanges import BODY, exchange, message, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAYBACK = shutil.which("wayback") or shutil.which(ROOT / ".venv-pywb" / "bin" / "wayback")


pytestmark = pytest.mark.skipif(
    WAYBACK is None, reason="no wayback: pip install pywb in .venv-pywb (see the README)"
)


def test_pywb_serves_a_seed_page(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path / "collections", {"REPLAY": SEEDS})
    assert ended.status == 0, ended.err
    url = "https://zh.vietnamplus.vn/article-post268001.vnp"
    page = (SEEDS / "pages" / "000_64e55b9a19bdb261.html").read_bytes()
    with _wayback(tmp_path) as connection:
        connection.request("GET", f"/vna/20260101000000id_/{url}")
        answer = connection.getresponse()
        assert answer.read() == page
        assert answer.headers["Memento-Datetime"] == "Wed, 03 Dec 2025 01:15:00 GMT"


def test_pywb_resolves_our_revisits(tmp_path: Path) -> None:
    url = "http://a.vn/1"
    exchanges = [exchange(n, message(extra=b"X-Visit: %d\r\n" % n), url=url) for n in range(3)]
    write(tmp_path / "collections" / "c", exchanges[0], job="first")
    write(tmp_path / "collections" / "c", *exchanges[1:], job="second")
    with _wayback(tmp_path) as connection:
        for number in range(3):
            connection.request("GET", f"/c/202601020{3 + number}0405id_/{url}")
            answer = connection.getresponse()
            assert answer.read() == BODY
            assert answer.headers["Memento-Datetime"] == f"Fri, 02 Jan 2026 0{3 + number}:04:05 GMT"


def test_pywb_plays_redirects(tmp_path: Path) -> None:
    moved = b"HTTP/1.1 301 Moved Permanently\r\nLocation: http://a.vn/new?x=1\r\nContent-Length: 0\r\n\r\n"
    write(
        tmp_path / "collections" / "c",
        exchange(0, moved, url="http://a.vn/old"),
        exchange(1, message(), url="http://a.vn/new?x=1"),
    )
    with _wayback(tmp_path) as connection:
        connection.request("GET", "/c/20260102030405id_/http://a.vn/old")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (301, b"")
        assert answer.headers["Location"] == "http://a.vn/new?x=1"
        # As a reader follows it.
        connection.request("GET", "/c/20260102030405mp_/http://a.vn/old")
        answer = connection.getresponse()
        answer.read()
        assert urlsplit(answer.headers["Location"]).path == "/c/20260102030405mp_/http://a.vn/new"
        connection.request("GET", "/c/20260102040405id_/http://a.vn/new?x=1")
        assert connection.getresponse().read() == BODY


@contextmanager
def _wayback(folder: Path) -> Iterator[HTTPConnection]:
    """Serve the collections below *folder*."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [str(WAYBACK), "--bind", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            connection = _connect(server, port)
            yield connection
            connection.close()
        finally:
            server.kill()


def _connect(server: subprocess.Popen[bytes], port: int) -> HTTPConnection:
    """Connect as soon as the server listens; it tells nobody when."""
    pause = threading.Event()
    for _ in range(300):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.connect()
        except ConnectionRefusedError:
            assert server.poll() is None, "pywb did not start"
            pause.wait(0.1)
        else:
            return connection
    raise AssertionError("pywb does not listen")
