"""What recording costs: crawls with and without it, our writer, reader and index beside other tools'.

    python -m tests.benchmarks.recording [--pages N]

Everything runs in turns in one run; CPU seconds of the processes, the least of all rounds.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import fastwarc.warc
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Collection, Exchange, WarcWriter, WriterOptions, read_records
from archive.collection import index_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
_ROUNDS = 6
SPIDER = """
import scrapy

class Pages(scrapy.Spider):
    name = "pages"
    custom_settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 16, "LOG_LEVEL": "ERROR", "DOWNLOAD_DELAY": 0,
                       "ROBOTSTXT_OBEY": False, %s}

    async def start(self):
        for number in range(%d):
            yield scrapy.Request("http://127.0.0.1:%d/%s%%d" %% number)

    def parse(self, response):
        pass
"""
SERVER = """
import gzip, socket, sys, threading
sys.path.insert(0, %r)
from tests.benchmarks.recording import page

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n%%sContent-Length: %%d\\r\\n\\r\\n"
plain = [page(number) for number in range(40)]
bodies = {b"p": plain, b"g": [gzip.compress(body, 6) for body in plain]}
coding = {b"p": b"", b"g": b"Content-Encoding: gzip\\r\\n"}

def serve(connection):
    while data := connection.recv(65536):
        path = data.split(b" ", 2)[1]
        kind, number = path[1:2], path[2:]
        # No two bodies are the same: each ends with its number, in gzip as a member of its own.
        end = number if kind == b"p" else gzip.compress(number, 1)
        body = bodies[kind][int(number) %% 40] + end
        connection.sendall(HEAD %% (coding[kind], len(body)) + body)

while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


def page(number: int) -> bytes:
    """Return a page of 60 to 120 kB that compresses like those of the press, to a fifth or so."""
    words = random.Random(0)
    vocabulary = [
        "".join(words.choices("abcdeghiklmnopqrstuvxy", k=words.randint(2, 7))) for _ in range(4000)
    ]
    chosen = random.Random(number)
    size = 60_000 + number * 1_500
    out = [f"<html><head><title>Page {number}</title></head><body>"]
    while sum(map(len, out[-3:])) and len("".join(out)) < size:
        text = " ".join(chosen.choices(vocabulary, k=60))
        out.append(
            f'<div class="article__body"><p class="cms-text">{text}.</p><a href="/{text[:20]}.html">{text[:40]}</a></div>'
        )
    return "".join(out).encode()


def _row(name: str, ours: list[float], theirs: list[float], what: str) -> None:
    # What else runs on the machine only adds.
    mine, other = min(ours), min(theirs)
    print(f"{name:40} {1000 * mine:8.3f} ms, {what} {1000 * other:8.3f} ms: {mine / other:.2f}x")


@contextmanager
def _server() -> Iterator[int]:
    command = [sys.executable, "-c", SERVER % str(ROOT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def _crawl(folder: Path, settings: str, count: int, port: int, kind: str) -> float:
    """Return the CPU seconds of a crawl, its start left out."""
    used = []
    for pages in (0, count):
        spider = folder / f"spider{pages}.py"
        spider.write_text(SPIDER % (settings, pages, port, kind))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "scrapy", "runspider", str(spider)],
            check=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return used[1] - used[0]


def crawls(folder: Path, count: int) -> None:
    """Print what recording adds to a bare crawl."""
    addon = '"ADDONS": {"crawler.addon.ArchiveAddon": 300}'
    rows = [
        ("pages in gzip", "g", ""),
        ("plain pages", "p", ""),
        ("plain pages, zstd", "p", ', "ARCHIVE_COMPRESSION": "zstd"'),
    ]
    used: dict[str, list[float]] = {name: [] for name, _, _ in rows} | {"g": [], "p": []}
    sizes: dict[str, int] = {}
    with _server() as port:
        for number in range(_ROUNDS):
            for kind in "gp":
                used[kind].append(_crawl(folder, "", count, port, kind) / count)
            for name, kind, more in rows:
                target = folder / f"{name}{number}"
                settings = f'{addon}, "ARCHIVE_DIR": "{target}"{more}'
                used[name].append(_crawl(folder, settings, count, port, kind) / count)
                sizes[name] = sum(path.stat().st_size for path in target.rglob("*.warc.*"))
                shutil.rmtree(target)
    for name, kind, _ in rows:
        _row(f"{name}, {sizes[name] / count:,.0f} bytes", used[name], used[kind], "bare")


def _exchanges() -> list[Exchange]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
    bodies = [page(number) for number in range(40)]
    return [
        Exchange(
            url=f"http://a.vn/{number}",
            method="GET",
            started=datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=number),
            sent=b"GET / HTTP/1.1\r\nHost: a.vn\r\n\r\n",
            received=head % len(bodies[number % 40]) + bodies[number % 40],
        )
        for number in range(200)
    ]


def _write(root: Path, exchanges: list[Exchange]) -> Path:
    collection = Collection(root)
    collection.acquire("a benchmark")
    options = WriterOptions(max_bytes=1 << 40, max_age=timedelta(days=1))
    writer = WarcWriter(
        collection,
        "job",
        {},
        options=options,
        clock=lambda: datetime(2026, 1, 2, tzinfo=UTC),
        new_id=lambda what: f"<urn:{what}>",
    )
    for exchange in exchanges:
        writer.write(exchange)
    writer.close()
    collection.release()
    return collection.archive / writer.files[0]


def _write_with_warcio(path: Path, exchanges: list[Exchange]) -> None:
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for exchange in exchanges:
            body = exchange.received.partition(b"\r\n\r\n")[2]
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(exchange.url, "response", BytesIO(body), http_headers=headers)
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.vn")], is_http_request=True)
            other = writer.create_warc_record(exchange.url, "request", http_headers=request)
            writer.write_request_response_pair(other, record)


def _cpu(function: Callable[[], object]) -> float:
    begin = time.process_time()
    function()
    return time.process_time() - begin


def tools(folder: Path) -> None:
    """Print our writer, reader and index beside other tools'."""
    exchanges = _exchanges()
    count = len(exchanges)
    pairs: dict[str, tuple[list[float], list[float]]] = {
        name: ([], []) for name in ("write", "read", "index")
    }
    for number in range(_ROUNDS):
        begin = time.process_time()
        path = _write(folder / f"w{number}", exchanges)
        pairs["write"][0].append((time.process_time() - begin) / count)
        begin = time.process_time()
        _write_with_warcio(folder / "warcio.warc.gz", exchanges)
        pairs["write"][1].append((time.process_time() - begin) / count)

        def read(path: Path = path) -> None:
            with path.open("rb") as stream:
                for _ in read_records(stream, str(path)):
                    pass

        def read_fast(path: Path = path) -> None:
            with path.open("rb") as stream:
                for record in fastwarc.warc.ArchiveIterator(stream, parse_http=False):
                    record.reader.read()

        def index(path: Path = path) -> None:
            list(index_lines(path))

        def index_other(path: Path = path) -> None:
            from cdxj_indexer.main import CDXJIndexer  # noqa: PLC0415

            CDXJIndexer(str(folder / "x.cdxj"), [str(path)], sort=True).process_all()

        for name, own, other in (("read", read, read_fast), ("index", index, index_other)):
            pairs[name][0].append(_cpu(own) / count)
            pairs[name][1].append(_cpu(other) / count)
    for name, what in (("write", "warcio"), ("read", "FastWARC"), ("index", "cdxj-indexer")):
        _row(f"{name} an exchange", *pairs[name], what)


def levels() -> None:
    """Print what zlib's levels cost and give."""
    blocks = [exchange.received for exchange in _exchanges()[:40]]
    for level in (1, 3, 4, 5, 6, 9):
        used, sizes = [], []
        for _ in range(_ROUNDS):
            begin = time.process_time()
            sizes = [len(zlib.compress(block, level, wbits=31)) for block in blocks]
            used.append(time.process_time() - begin)
        print(
            f"gzip {level}: {1000 * statistics.median(used) / len(blocks):6.2f} ms, {sum(sizes) / sum(map(len, blocks)):.4f}"
        )


def main() -> None:
    """Read the command line and print everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=600, metavar="N", help="pages a crawl")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ResourceWarning)
    with tempfile.TemporaryDirectory() as folder:
        levels()
        tools(Path(folder))
        crawls(Path(folder), options.pages)


if __name__ == "__main__":
    main()
