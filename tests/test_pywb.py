"""pywb serves a crawl's collection as it stands.

pywb replaces Scrapy's brotli module by an older one, so it lives in an environment of its own.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from tests.crawls import ROOT, SEEDS, crawl

if TYPE_CHECKING:
    from pathlib import Path

WAYBACK = shutil.which("wayback") or shutil.which(ROOT / ".venv-pywb" / "bin" / "wayback")


@pytest.mark.skipif(WAYBACK is None, reason="no wayback: pip install pywb in .venv-pywb (see the README)")
def test_pywb_serves_a_seed_page(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path / "collections", {"REPLAY": SEEDS})
    assert ended.status == 0, ended.err
    url = "https://zh.vietnamplus.vn/article-post268001.vnp"
    page = (SEEDS / "pages" / "000_64e55b9a19bdb261.html").read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [str(WAYBACK), "--bind", "127.0.0.1", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            connection = _connect(server, port)
            connection.request("GET", f"/vna/20260101000000id_/{url}")
            answer = connection.getresponse()
            assert answer.read() == page
            assert answer.headers["Memento-Datetime"] == "Wed, 03 Dec 2025 01:15:00 GMT"
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
