"""A publisher on loopback with two editions, whose answers a test changes; and crawls of it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.support.crawls import FAST, Crawl, crawl
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


PAGE = (
    b'<html><body><h1 class="article__title cms-title">A title</h1><div class="article__body cms-body">'
    b"<p>Some text that is long enough to be a paragraph of an article, and then some more of it.</p></div>"
    b"</body></html>"
)


def answer(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> Answer:
    head = b"HTTP/1.1 %b\r\nContent-Type: text/html\r\n%bContent-Length: %d\r\n\r\n"
    return Answer(head % (status, more, len(body)) + body)


class Site:
    """Two editions with some articles each; `special` answers before anything else does."""

    def __init__(self, folder: Path, count: int = 3) -> None:
        self.folder = folder
        self.special: Callable[[str, str], Answer | None] = lambda _host, _path: None
        self.robots = answer(b"User-agent: *\nDisallow: /api/\n")
        #: When each request came, and for what.
        self.log: list[tuple[float, str, str]] = []
        self.most = 0
        self.slow = 0.0
        self._count = count
        self._active = 0
        self._lock = threading.Lock()
        self.server = WireServer(lambda *_: Answer(b""), tls=tls_context(folder), reply=self._reply)

    def _reply(self, host: str, path: str, _request: bytes) -> Answer:
        with self._lock:
            self.log.append((time.monotonic(), host, path))
            self._active += 1
            self.most = max(self.most, self._active)
        if self.slow:
            threading.Event().wait(self.slow)
        answer = self.special(host, path) or self._usual(host, path)
        with self._lock:
            self._active -= 1
        return answer

    def _usual(self, host: str, path: str) -> Answer:
        if path == "/robots.txt":
            return self.robots
        if path == "/sitemaps/google-news.xml":
            now = datetime.now(UTC).isoformat()
            urls = "".join(
                f"<url><loc>https://{host}/a-post{number}.vnp</loc><lastmod>{now}</lastmod></url>"
                for number in range(self._count)
            )
            return answer(f"<urlset>{urls}</urlset>".encode())
        if "-post" in path:
            return answer(PAGE)
        return answer(b"<urlset></urlset>" if path != "/" else b"<p>Welcome</p>")

    def crawl(self, settings: dict[str, Any] | None = None, **given: Any) -> Crawl:
        proxy = f"http://127.0.0.1:{self.server.port}"
        environment = {"http_proxy": proxy, "https_proxy": proxy}
        given.setdefault("edition", "zh,en")
        return crawl(
            "vna",
            self.folder / "c",
            {**FAST, "RETRY_TIMES": 1, **(settings or {})},
            environment=environment,
            **given,
        )

    def asked(self, part: str = "") -> list[str]:
        return [path for _, _, path in self.log if part in path]
