"""Make the collections that tests keep of a version: two live crawls of a small site, and a replay of the seeds.

    python -m tests.support.make_collection CHECKOUT FOLDER

CHECKOUT holds the version. Between the crawls one article is corrected, and announced anew together with another.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.crawls import FAST, options
from tests.support.pages import STORIES, page
from tests.support.wire_server import Answer, WireServer, tls_context

ADDRESSES = {"en": "en.vietnamplus.vn/new-bridge-post{}.vnp", "zh": "zh.vietnamplus.vn/article-post{}.vnp"}
BEFORE, AFTER = "2.5 trillion VND", "2.7 trillion VND"
PUBLISHED, MODIFIED = "18:00:00+07:00", "19:30:00+07:00"


def _answer(body: bytes, kind: bytes = b"text/html; charset=utf-8", status: bytes = b"200 OK") -> Answer:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body))
    return Answer(head + body)


class Paper:
    """Two editions with two articles each; from round 2 on, the first English one is corrected."""

    def __init__(self) -> None:
        self.round = 1
        self.pages = {}
        for language, kinds in {"en": ("article", "photo"), "zh": ("article", "longform")}.items():
            for number, kind in enumerate(kinds, 330001):
                address = ADDRESSES[language].format(number)
                html = page("g4", kind, STORIES[language], f"https://{address}").html  # type: ignore[arg-type]
                self.pages[address] = html

    def reply(self, host: str, path: str, _request: bytes) -> Answer:
        fixed = {
            "/robots.txt": (b"User-agent: *\nDisallow: /api/\n", b"text/plain"),
            "/sitemap.xml": (b"<urlset></urlset>", b"text/xml"),
            "/rss/home.rss": (b"<rss><channel></channel></rss>", b"text/xml"),
        }
        if path in fixed:
            return _answer(*fixed[path])
        if path == "/sitemaps/google-news.xml":
            return _answer(self._sitemap(host), b"text/xml")
        html = self.pages.get(host + path, "")
        if self.round > 1 and host.startswith("en."):
            html = html.replace(BEFORE, AFTER).replace(PUBLISHED, MODIFIED) if "330001" in path else html
        return _answer(html.encode()) if html else _answer(b"<p>Nothing here</p>", status=b"404 Not Found")

    def _sitemap(self, host: str) -> bytes:
        now = (datetime.now(UTC) + timedelta(seconds=1)).isoformat(timespec="seconds")
        first = f"2026-07-16T{PUBLISHED}" if self.round == 1 else now
        dates = first, f"2026-07-16T{PUBLISHED}"
        addresses = sorted(address for address in self.pages if address.startswith(host))
        rows = (
            f"<url><loc>https://{address}</loc><lastmod>{date}</lastmod></url>"
            for address, date in zip(addresses, dates, strict=True)
        )
        namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'<?xml version="1.0"?><urlset xmlns="{namespace}">{"".join(rows)}</urlset>'.encode()


def make(checkout: Path, folder: Path) -> None:
    """Crawl with the code in *checkout*; leave the collections in *folder*."""
    paper = Paper()
    with tempfile.TemporaryDirectory() as keys:
        tls = tls_context(Path(keys))
    with WireServer(lambda *_: Answer(b""), tls=tls, reply=paper.reply) as server:
        proxy = f"http://127.0.0.1:{server.port}"
        proxies = {"http_proxy": proxy, "https_proxy": proxy}
        for paper.round in (1, 2):
            time.sleep(2 * paper.round - 2)
            crawl = options("vna", folder, FAST, edition="en,zh", since="2026-07-01")
            _run(checkout, *crawl, **proxies)
    _run(checkout, *options("vietnamvn", folder, {"REPLAY": "seeds"}))


def _run(checkout: Path, *arguments: str, **environment: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        check=True,
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout), **environment},
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
