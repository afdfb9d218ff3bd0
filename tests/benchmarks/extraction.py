"""Extraction against trafilatura with metadata, in one interleaved run, and memory over many pages.

    python -m tests.benchmarks.extraction [PAGES.jsonl.xz] [--memory N]

Known pages are the table's, at the size they have on the sites: with menus, cards and scripts around them. Unknown
ones are read from PAGES (a line of JSON each, with `html_latin1` and `url`), by default the same pages under
addresses that no rule knows. Prints CPU milliseconds a page, the medians over rounds, and their ratios.
"""

from __future__ import annotations

import argparse
import json
import lzma
import statistics
import time
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import trafilatura

from crawler import extract
from tests.support.pages import pages

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 5
_MENU = "".join(
    f'<li><a href="/section-{n}/" title="Section {n}">Section {n}</a><ul><li><a href="/section-{n}/a/">News {n}</a></li></ul></li>'
    for n in range(60)
)
_CARDS = "".join(
    f'<article class="story" data-id="{n}"><figure class="story__thumb"><a class="cms-link" href="/other-post{n}.vnp">'
    '<img class="lazyload" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src='
    f'"/images/{n}.jpg" alt="Card {n}"></a></figure><h2 class="story__heading" data-tracking="{n}"><a class="cms-link" '
    f'href="/other-post{n}.vnp" title="Card {n}">The headline of another article, number {n}</a></h2><div class="story__summary">'
    f"<p>What that other article says in a sentence or two, as the cards of these sites have it, number {n}.</p></div></article>"
    for n in range(40)
)
_SCRIPT = (
    "<script>"
    + "window.config = window.config || []; window.config.push({slot: 'middle', allow: true});\n" * 150
    + "</script>"
)

Page = tuple[bytes, str]


def known() -> list[Page]:
    """Return the table's pages with what surrounds them on the sites."""
    found = []
    for page in pages():
        html = page.html.replace("</head>", f"{_SCRIPT}</head>", 1)
        html = html.replace("<h1", f'<ul class="menu">{_MENU}</ul><h1', 1)
        html = html.replace(
            "<footer>", f'<div class="content-list" data-source="recommendation-1">{_CARDS}</div><footer>', 1
        )
        html = html.replace("</form>", f'<div class="sidebar">{_CARDS}</div></form>', 1)
        html = html.replace("</main>", f"</main><aside>{_CARDS}</aside>", 1)
        found.append((html.encode(), page.url))
    return found


def unknown(path: Path | None) -> list[Page]:
    """Return the pages in the file at *path*, or the known ones where nobody knows them."""
    if path is None:
        return [(html, f"https://paper-{n}.example/article") for n, (html, _) in enumerate(known())]
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [(row["html_latin1"].encode("latin-1"), row["url"]) for row in map(json.loads, lines)]


def _cpu(function: Callable[[bytes, str], object], sample: list[Page]) -> float:
    begin = time.process_time()
    for html, url in sample:
        function(html, url)
    return 1000 * (time.process_time() - begin) / len(sample)


def _by_trafilatura(html: bytes, url: str) -> object:
    return trafilatura.bare_extraction(html, url=url, with_metadata=True)


def compare(name: str, sample: list[Page]) -> None:
    """Print what a page of *sample* costs us and trafilatura."""
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(_cpu(extract, sample))
        theirs.append(_cpu(_by_trafilatura, sample))
    mine, other = statistics.median(ours), statistics.median(theirs)
    size = sum(len(html) for html, _ in sample) / len(sample) / 1000
    print(
        f"{name:8} {len(sample):5} pages of {size:4.0f} kB: {mine:6.2f} ms, trafilatura {other:6.2f} ms, {other / mine:.2f}x"
    )


def _resident() -> float:
    """Return the memory of this process, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise RuntimeError("no VmRSS in /proc/self/status")


def memory(count: int, sample: list[Page]) -> None:
    """Print the memory of this process over *count* pages, and its slope after the first tenth."""
    points = []
    for number, (html, url) in enumerate(islice(cycle(sample), count)):
        extract(html, url)
        if number % (count // 20) == 0:
            points.append((number, _resident()))
    settled = points[len(points) // 10 :]
    slope, _ = statistics.linear_regression(*zip(*settled, strict=True))
    print(
        f"memory   {count:5} pages: at most {max(mb for _, mb in points):.0f} MB, slope {1000 * slope:+.3f} MB per 1,000 pages"
    )


def main() -> None:
    """Read the command line and print what it asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path, nargs="?", metavar="PAGES.jsonl.xz")
    parser.add_argument("--memory", type=int, default=0, metavar="N", help="only memory, over N pages")
    options = parser.parse_args()
    if options.memory:
        memory(options.memory, [*known(), *unknown(options.pages)])
        return
    compare("known", known())
    compare("unknown", unknown(options.pages))


if __name__ == "__main__":
    main()
