"""What a million articles cost the state: announcing, leasing, noting, looking up, and room.

    python -m tests.benchmarks.state [--articles N] [--postgresql]

Time by the clock; the database lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive import Capture
from crawler.items import Article, Extractor
from crawler.state import AnnouncedArticle, FetchFacts, State, open_state
from tests.support.postgres import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 2_000


def _wanted(number: int) -> AnnouncedArticle:
    return AnnouncedArticle(
        id=f"vna:zh:{number}",
        edition_key="vna:zh",
        url=f"https://zh.vietnamplus.vn/a-slug-of-usual-length-in-an-address-post{number}.vnp",
        date=START + timedelta(seconds=number),
    )


def _article(number: int) -> Article:
    moment = START + timedelta(seconds=number)
    return Article(
        id=f"vna:zh:{number}",
        url=_wanted(number).url,
        canonical_url=None,
        publisher="vna",
        edition="zh",
        language="zh",
        headline=f"Headline {number}",
        text=" ".join(f"w{number * 7 + at}" for at in range(300)),
        extractor=Extractor(name="benchmark", version="1", page="none"),
        capture=Capture(
            file="vna-20260101000000-00000.warc.gz",
            offset=number,
            length=30_000,
            record_id=f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
            date=moment.isoformat(),
            payload_digest=None,
        ),
    )


def _say(what: str, count: int, begin: float) -> None:
    spent = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:44} {count / spent:10,.0f} a second, {1e6 * spent / count:8.1f} µs; {memory} MB")


def main() -> None:
    """Read the command line and print everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--stored", type=int, default=20_000, metavar="N", help="of these, stored with text")
    parser.add_argument(
        "--postgresql", action="store_true", help="in a server on loopback that is started for it"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _database(server=options.postgresql) as url:
        root = Path(folder) / "collection"
        root.mkdir()
        with closing(open_state(root, url)) as state:
            measure(state, options.articles, options.stored)
            size = (
                state.database.value("SELECT pg_database_size(current_database())")
                if url
                else (root / "state.sqlite").stat().st_size
            )
        print(f"{size / options.articles:,.0f} bytes an article, {size:,} in all")
        begin = time.perf_counter()
        with closing(open_state(root, url)) as state:
            state.frontier.lease(1, START)
        _say("open, and lease one", 1, begin)


@contextmanager
def _database(*, server: bool) -> Iterator[str]:
    """Yield what STATE_URL is to be: empty for SQLite."""
    if not server:
        yield ""
        return
    with postgres_server() as url:
        yield url


def measure(state: State, count: int, stored: int) -> None:
    """Fill *state* and look things up in it."""
    source = state.sources.key("https://zh.vietnamplus.vn/sitemap.xml")
    begin = time.perf_counter()
    for first in range(0, count, _BATCH):
        state.frontier.announce(source, map(_wanted, range(first, min(count, first + _BATCH))), "job", START)
    _say("announced, new", count, begin)
    begin = time.perf_counter()
    again = range(0, count, max(1, count // 100_000))
    state.frontier.announce(source, map(_wanted, again), "job", START)
    _say("announced, known", len(again), begin)
    begin = time.perf_counter()
    visits = [visit for _ in range(stored // 64) for visit in state.frontier.lease(64, START)]
    _say("leased, 64 at once", len(visits), begin)
    articles = [_article(int(visit.id.rpartition(":")[2])) for visit in visits]
    begin = time.perf_counter()
    for visit, article in zip(visits, articles, strict=True):
        state.articles.revision_of(article)
        state.near_duplicates.earliest(article)
        with state.transaction():
            state.articles.remember(article, "job")
            state.near_duplicates.remember(article)
            state.articles.record_fetch(visit.id, FetchFacts(requested=START), "job")
    _say("stored, with revision and copies", len(visits), begin)
    begin = time.perf_counter()
    for number in range(0, count, max(1, count // 50_000)):
        state.articles.knows(f"vna:zh:{number}")
    _say("looked up", len(range(0, count, max(1, count // 50_000))), begin)


if __name__ == "__main__":
    main()
