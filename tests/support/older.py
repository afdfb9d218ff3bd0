"""Collections that older versions left (`tests/collections/VERSION`), and the site that they were crawled from."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from archive import ArchiveIndex, find_sources
from tests.support.crawls import ROOT
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = sorted(path.name for path in (ROOT / "tests" / "collections").iterdir())
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def copied(version: str, folder: Path) -> Path:
    """Copy the collections that *version* left into *folder*; return it, for ARCHIVE_DIR."""
    return shutil.copytree(ROOT / "tests" / "collections" / version, folder, dirs_exist_ok=True)


def site_of(collection: Path, folder: Path) -> WireServer:
    """Return a server that plays the site of *collection*: each address as it last answered, byte for byte.

    Use it in a `with` statement. A crawl reaches it with the environment that `proxies` returns. *folder* is for
    its certificate.
    """
    answers: dict[str, bytes] = {}
    for exchange in ArchiveIndex(find_sources([collection / "archive"])):
        if exchange.status != 304:
            answers[exchange.url.partition("//")[2]] = exchange.read().received

    def answer(host: str, path: str, _nth: int) -> Answer:
        return Answer(answers.get(f"{host}{path}", NOT_FOUND))

    return WireServer(answer, tls=tls_context(folder))


def proxies(server: WireServer) -> dict[str, str]:
    """Return the environment of a crawl that finds every host at *server*."""
    proxy = f"http://127.0.0.1:{server.port}"
    return {"http_proxy": proxy, "https_proxy": proxy}
