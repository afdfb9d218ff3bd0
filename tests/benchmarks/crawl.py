"""What a crawl costs: bare Scrapy, what people write with warcio and trafilatura, Scrapy's own cache, and banluu.

    python -m tests.benchmarks.crawl [--pages N] [--rounds N] [--only NAME…]

Pages of 60 to 120 kB in gzip, as the vendor CMS makes them, from a server on loopback. All take turns in one run; a
row is the median of the rounds: CPU milliseconds a page (user and system, start left out), pages a second, the largest
memory, and bytes of archive a page.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
_CARDS = 40
_AROUND = 40  # different frames of pages; each page has a text of its own
_ASCII = "abcdeghiklmnopqrstuvxy"
# About as many as in Vietnamese have a mark.
_LETTERS = _ASCII * 5 + "ăâđêôơưáàảãạéèẹíìịóòọúùụýấầậắằặếềệốồộớờợứừự"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n"
_HTML, _XML = b"text/html; charset=utf-8", b"text/xml"
_CODED = b"Content-Encoding: gzip\r\n"

#: Run among this project's own, with its settings.
_IN_PROJECT = "# in the project"
SPIDER = """
import json, scrapy
{imports}
class Pages(scrapy.Spider):
    name = "bench"
    custom_settings = {{"CONCURRENT_REQUESTS_PER_DOMAIN": 16, "LOG_LEVEL": "ERROR", "DOWNLOAD_DELAY": 0,
                       "ROBOTSTXT_OBEY": False, "AUTOTHROTTLE_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
                       "PRIVATE_ADDRESSES_ALLOWED": True, {settings}}}

    async def start(self):
        for number in range({count}):
            yield scrapy.Request("http://127.0.0.1:{port}/x-post%d.vnp" % number)

    def parse(self, response):
        {parse}
"""
NEWS = (
    _IN_PROJECT
    + """
from crawler.extraction import OneCmsPage
from crawler.spider import NewsSpider
import re

class BenchPage(OneCmsPage):
    publisher = "bench"
    editions = {{"vi": "127.0.0.1"}}
    article_path = re.compile(r"-post(?P<id>[0-9]+)[.]vnp$")

class Bench(NewsSpider):
    name = "bench"
    page = BenchPage
    sitemaps = ["/sitemap{count}.xml"]
    custom_settings = {{"CONCURRENT_REQUESTS_PER_DOMAIN": 16, "LOG_LEVEL": "ERROR", "DOWNLOAD_DELAY": 0,
                       "AUTOTHROTTLE_ENABLED": False, "PRIVATE_ADDRESSES_ALLOWED": True, {settings}}}

    def _root(self, edition):
        return "http://127.0.0.1:{port}"
"""
)
_WARCIO = """
from io import BytesIO
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
out = open({folder!r} + "/warcio.warc.gz", "wb")
writer = WARCWriter(out, gzip=True)
def record(response):
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(response.url, "response", BytesIO(response.body), http_headers=headers))
"""
_TRAFILATURA = """
import trafilatura
lines = open({folder!r} + "/items.jsonl", "w")
def extract(response):
    found = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
    lines.write(json.dumps(found.as_dict() if found else {{}}, default=str) + "\\n")
"""
_ADDON = '"ADDONS": {{"crawler.addon.ArchiveAddon": 300}}, "ARCHIVE_DIR": {folder!r}'

#: name: (template, imports, settings, what parse does)
CONTESTANTS: dict[str, tuple[str, str, str, str]] = {
    "bare Scrapy": (SPIDER, "", "", "pass"),
    "Scrapy's own cache": (SPIDER, "", '"HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": {folder!r} + "/cache"', "pass"),
    "Scrapy + warcio": (SPIDER, _WARCIO, "", "record(response)"),
    "Scrapy + warcio + trafilatura + JSON": (SPIDER, _WARCIO + _TRAFILATURA, "", "record(response); extract(response)"),
    "banluu: recording": (SPIDER, "", _ADDON, "pass"),
    "banluu: recording, as this project sets it": (
        SPIDER, _IN_PROJECT, '"ARCHIVE_DIR": {folder!r}', "pass",
    ),
    "banluu: recording, extraction, state, JSONL": (
        NEWS, "", '"ARCHIVE_DIR": {folder!r}, "EXTRACTION_WITNESS": False', "",
    ),
    "banluu: all, and the second witness": (NEWS, "", '"ARCHIVE_DIR": {folder!r}', ""),
}  # fmt: skip


def page(number: int) -> bytes:
    """Return a page of 60 to 120 kB as the vendor CMS makes them: a menu, an article, cards, scripts."""
    before, after = _around(number)
    return before + _article(number) + after


@cache
def _words(letters: str) -> list[str]:
    chance = random.Random(0)
    return ["".join(chance.choices(letters, k=chance.randint(2, 7))) for _ in range(4000)]


def _article(number: int) -> bytes:
    chance = random.Random(number)
    texts = (" ".join(chance.choices(_words(_LETTERS), k=60)).capitalize() for _ in range(12))
    return "".join(f"<p>{text}.</p>" for text in texts).encode()


def _around(number: int) -> tuple[bytes, bytes]:
    """Return what stands before and after the article's text."""
    chance = random.Random(number)

    def text(count: int) -> str:
        return " ".join(chance.choices(_words(_LETTERS), k=count))

    def name(count: int) -> str:
        return "-".join(chance.choices(_words(_ASCII), k=count))

    card = (
        '<article class="story"><figure><a href="/{0}-post{1}.vnp" title="{2}"><img class="lazyload" src="data:,"'
        ' data-src="https://media.example.vn/images/{3:032x}/{0}.jpg.avif" alt="{2}"></a></figure>'
        '<h2 class="story__heading"><a class="cms-link" href="/{0}-post{1}.vnp">{2}</a></h2></article>'
    )
    out = [
        (
            f'<!DOCTYPE html><html lang="vi"><head><title>Page {number} {text(8)}</title>'
            f'<meta name="description" content="{text(30)}"><meta property="og:title" content="{text(9)}">'
            f'<script>var cmsConfig = {{ domainApi: "https://api.example.vn", objectId: "{number}" }};'
            f"var data = {[chance.randrange(10**9) for _ in range(600)]};</script></head><body><nav><ul>"
        )
    ]
    out += [f'<li><a href="/{name(1)}/">{text(2)}</a></li>' for _ in range(120)]
    out.append(
        f'</ul></nav><div class="main"><h1 class="article__title cms-title">{text(10)}</h1>'
        f'<time class="time" datetime="2026-07-20T06:31:56+07:00" data-time="1784503916">20/07/2026</time>'
        f'<div class="article__sapo cms-desc"><p>{text(35)}</p></div>'
        f'<div class="article__body zce-content-body cms-body" itemprop="articleBody">'
    )
    before = "".join(out).encode()
    out = ['</div><div class="article__source"><span class="name">(TTXVN/Vietnam+)</span></div>']
    for _ in range(_CARDS):
        out.append(card.format(name(8), chance.randrange(10**7), text(9), chance.getrandbits(128)))
    out.append("</div><footer>")
    out += [f'<p><a href="/{name(1)}/">{text(3)}</a></p>' for _ in range(40)]
    size = 54_000 + number % _AROUND * 1_500 - sum(len(each.encode()) for each in (*out, before.decode()))
    data = ",".join(
        f'{{"id":{chance.randrange(10**7)},"title":"{text(6)}","zone":{chance.randrange(400)},"enabled":true}}'
        for _ in range(max(0, size // 90))
    )
    out.append(f"</footer><script>window.__data = [{data}];</script>")
    return before, ("".join(out) + "</body></html>").encode()


def _body(number: int, parts: tuple[bytes, bytes], *, is_coded: bool) -> bytes:
    """Return the page of *number*: no two have the same text, which is a gzip member of its own."""
    before, after = parts
    text = _article(number) + b"<p>%d</p>" % number
    return before + (gzip.compress(text, 6) if is_coded else text) + after


def _serve(
    connection: socket.socket, coded: list[tuple[bytes, bytes]], plain: list[tuple[bytes, bytes]]
) -> None:
    address = b"http://%s:%d" % (connection.getsockname()[0].encode(), connection.getsockname()[1])
    while data := connection.recv(65536):
        path = data.split(b" ", 2)[1]
        if b"-post" in path:
            number = int(path.partition(b"-post")[2].partition(b".")[0])
            is_coded = b"gzip" in data
            body = _body(number, (coded if is_coded else plain)[number % _AROUND], is_coded=is_coded)
            connection.sendall(_HEAD % (_HTML, _CODED if is_coded else b"", len(body)) + body)
        elif path.startswith(b"/sitemap"):
            count = int(path[8:-4])
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()).encode()
            entry = b"<url><loc>%s/x-post%%d.vnp</loc><lastmod>%s</lastmod></url>" % (address, now)
            body = b"<urlset>" + b"".join(entry % number for number in range(count)) + b"</urlset>"
            connection.sendall(_HEAD % (_XML, b"", len(body)) + body)
        else:
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def serve() -> None:
    """Serve pages, after a line that tells the port."""
    plain = [_around(number) for number in range(_AROUND)]
    coded = [(gzip.compress(before, 6), gzip.compress(after, 6)) for before, after in plain]
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection = listener.accept()[0]
        threading.Thread(target=_serve, args=(connection, coded, plain), daemon=True).start()


@contextmanager
def server() -> Iterator[int]:
    """Run `serve` in a process of its own; yield the port."""
    command = [sys.executable, "-c", "from tests.benchmarks.crawl import serve; serve()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def crawl(folder: Path, name: str, count: int, port: int) -> tuple[float, float, float]:
    """Crawl *count* pages; return seconds of CPU and by the clock, and the largest memory in MB."""
    template, imports, settings, parse = CONTESTANTS[name]
    given = {"folder": str(folder), "count": count, "port": port}
    text = template.format(
        **given, imports=imports.format(**given), settings=settings.format(**given), parse=parse
    )
    (folder / "bench.py").write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    command = ["runspider", "bench.py"]
    if _IN_PROJECT in text:
        environment["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
        command = ["crawl", "bench", "-s", "SPIDER_MODULES=bench"]
    begin = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *command],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0, errors.decode()[-2000:]
    return used.ru_utime + used.ru_stime, time.monotonic() - begin, used.ru_maxrss / 1024


def _bytes(folder: Path) -> int:
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if ".warc" in path.name or "response_body" in path.name
    )


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1000, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--only", nargs="*", default=list(CONTESTANTS), metavar="NAME")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in options.only}
    sizes: dict[str, float] = {}
    with server() as port, tempfile.TemporaryDirectory() as place:
        for turn in range(options.rounds):
            # Who comes first after a pause may find the machine faster.
            for name in options.only[turn:] + options.only[:turn]:
                folder = Path(place, "x")
                folder.mkdir()
                start = crawl(folder, name, 0, port)
                shutil.rmtree(folder)
                folder.mkdir()
                whole = crawl(folder, name, options.pages, port)
                sizes[name] = _bytes(folder) / options.pages
                shutil.rmtree(folder)
                found[name].append((whole[0] - start[0], whole[1] - start[1], whole[2]))
    bare = statistics.median(cpu for cpu, _, _ in found[options.only[0]])
    print(f"{'':46}{'CPU ms':>8}{'ratio':>7}{'pages/s':>9}{'MB':>6}{'bytes':>9}")
    for name, rounds in found.items():
        cpu, clock, memory = map(statistics.median, zip(*rounds, strict=True))
        print(
            f"{name:46}{1000 * cpu / options.pages:8.2f}{cpu / bare:7.2f}{options.pages / clock:9.0f}{memory:6.0f}"
            f"{sizes[name]:9,.0f}"
        )


if __name__ == "__main__":
    main()
