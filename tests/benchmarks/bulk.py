"""What extraction in bulk costs: against what people write with warcio or FastWARC and trafilatura, and how it grows.

    python -m tests.benchmarks.bulk [--pages N] [--rounds N] [--growth N]

Pages as `tests.benchmarks.crawl` makes them, of a publisher that a rule knows and of one that none knows, and pages in
all the templates that rules know. CPU milliseconds a page, in turns, the least of the rounds; then pages a second of `scrapy extract` by processes and by
pages, with the exponent that time grows with pages by.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import fastwarc.warc
import trafilatura
from warcio.archiveiterator import ArchiveIterator

from crawler.bulk import InProcess, Plan, UrlFilter, extracted, find_shards
from tests.benchmarks import extraction
from tests.benchmarks.crawl import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.benchmarks.extraction import Page

ROOT = Path(__file__).resolve().parents[2]
_DIFFERENT = 200  # pages; a file has them again and again under other addresses


def known(count: int) -> Iterator[Page]:
    """Yield *count* pages of a publisher that a rule knows."""
    for number in range(count):
        yield _body(number % _DIFFERENT), f"https://www.vietnamplus.vn/a-title-post{number}.vnp"


def unknown(count: int) -> Iterator[Page]:
    """Yield the same pages, of a publisher that none knows, under other class names."""
    marks = (
        (b"cms-", b"x-"),
        (b"article__", b"post_"),
        (b"zce-content-body", b"content"),
        (b"story", b"item"),
    )
    for number, (body, _) in enumerate(known(count)):
        for old, new in marks:
            body = body.replace(old, new)  # noqa: PLW2901
        yield body, f"https://news.example.com/a-title-post{number}.vnp"


def templates(count: int) -> Iterator[Page]:
    """Yield *count* pages in all the templates that the rules know, as `tests.benchmarks.extraction` has them."""
    return islice(cycle(extraction.known()), count)


_body = cache(page)
KINDS: dict[str, Callable[[int], Iterator[Page]]] = {
    "known": known,
    "known, all templates": templates,
    "unknown": unknown,
}


def write(path: Path, pages: Iterable[Page]) -> None:
    """Write a WARC file of *pages*."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    with path.open("wb") as out:
        for number, (body, url) in enumerate(pages):
            block = head % len(body) + body
            fields = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{number}>\r\n"
                f"WARC-Target-URI: {url}\r\nWARC-Date: 2026-06-01T00:00:00Z\r\n"
                f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            out.write(gzip.compress(fields.encode() + block + b"\r\n\r\n", 1))


def ours(path: Path) -> None:
    """Extract with banluu, in this process."""
    shards = find_shards([str(path)], None, UrlFilter(), [], sys.exit)
    for _, result in extracted(InProcess(), Plan(), shards):
        _ = result.lines


def _told(url: str, body: bytes) -> str:
    found = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    return json.dumps(found.as_dict() if found else {}, default=str)


def with_warcio(path: Path) -> None:
    """Extract as people do with warcio and trafilatura."""
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                _told(record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())


def with_fastwarc(path: Path) -> None:
    """Extract as people do with FastWARC and trafilatura."""
    with path.open("rb") as stream:
        for record in fastwarc.warc.ArchiveIterator(
            stream, record_types=fastwarc.warc.WarcRecordType.response
        ):
            _told(record.headers["WARC-Target-URI"], record.reader.read())


CONTESTANTS: dict[str, Callable[[Path], None]] = {
    "banluu": ours,
    "warcio + trafilatura": with_warcio,
    "FastWARC + trafilatura": with_fastwarc,
}


def compare(folder: Path, count: int, rounds: int) -> None:
    """Print CPU a page of each contestant, on known and unknown pages."""
    for kind, pages in KINDS.items():
        path = folder / f"{kind}.warc.gz"
        write(path, pages(count))
        used: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
        for _ in range(rounds):
            for name, extract in CONTESTANTS.items():
                begin = time.process_time()
                extract(path)
                used[name].append((time.process_time() - begin) / count)
        for name, each in used.items():
            ratio = min(each) / min(used["banluu"])
            print(f"{kind + ': ' + name:48}{1000 * min(each):8.2f} ms{ratio:8.2f}x")


def command(paths: list[Path], out: Path, processes: int) -> float:
    """Run `scrapy extract`; return its seconds by the clock."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "crawler", "extract", *map(str, paths), "-o", str(out), "--processes", str(processes)],
        check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return time.perf_counter() - begin


def growth(folder: Path, least: int) -> None:
    """Print pages a second by processes, and how time grows with pages."""
    paths = []
    for number in range(100):
        path = folder / f"{number:03}.warc.gz"
        if number < 2:
            write(path, known(least))
        else:
            path.symlink_to(folder / f"{number % 2:03}.warc.gz")
        paths.append(path)
    start = command([_empty(folder)], folder / "out.jsonl", 1)
    for processes in (1, 2):
        spent = []
        for files in (1, 10, 100):
            taken = command(paths[:files], folder / "out.jsonl", processes)
            spent.append(taken)
            print(
                f"{processes} processes, {files * least:7,} pages: {taken:7.1f} s, {files * least / taken:6.0f} a second"
            )
        exponent = math.log((spent[2] - start) / (spent[1] - start)) / math.log(10)
        print(
            f"{processes} processes, from 10 to 100 files time grows with pages to the power of {exponent:.2f}"
        )


def _empty(folder: Path) -> Path:
    path = folder / "empty.txt"
    path.write_text("")
    return path


def main() -> None:
    """Read the command line and print everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=300, metavar="N", help="to compare with")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument(
        "--growth", type=int, default=100, metavar="N", help="pages of a file, of 1, 10 and 100"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), options.pages, options.rounds)
        growth(Path(folder), options.growth)


if __name__ == "__main__":
    main()
