"""The task of a worker: one shard in, its articles out. Runs in this process or on another machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backports import zstd

from archive import ArchiveError, Originals, Source, read_member
from crawler.bulk.pages import articles_of, records_of, saved_article
from crawler.bulk.url_filter import UrlFilter
from crawler.extraction import use_publishers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive import WarcRecord
    from crawler.bulk.shards import Shard
    from crawler.extraction import RepeatedBlocks
    from crawler.items import Article

_LEVEL = 1  # of zstd: these bytes are transferred, not kept


@dataclass(frozen=True, slots=True)
class Plan:
    """The options that all shards of an extraction share; sent to every worker."""

    #: All sources of the extraction: the originals of revisits are looked up in them.
    sources: tuple[Source, ...] = ()
    url_filter: UrlFilter = field(default_factory=UrlFilter)
    #: Text blocks that sites without rules repeat on many pages.
    repeated: RepeatedBlocks | None = None
    #: Modules of the running project's publishers.
    publishers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """The result of a shard."""

    #: Number of articles.
    count: int
    #: The articles as JSONL, compressed with zstd.
    compressed: bytes
    #: One line for each record or file that could not be read.
    complaints: tuple[str, ...] = ()
    #: One line for each saved page without an article.
    empty: tuple[str, ...] = ()

    @property
    def lines(self) -> bytes:
        """The articles as JSONL."""
        return zstd.decompress(self.compressed)


def extract_shard(plan: Plan, shard: Shard) -> Extracted:
    """Return the articles of *shard*, in its order."""
    if plan.publishers is not None:
        use_publishers(plan.publishers)
    complaints: list[str] = []
    empty: list[str] = []
    packer, pieces, count = zstd.ZstdCompressor(_LEVEL), [], 0
    for article in _articles(plan, shard, complaints.append, empty.append):
        pieces.append(packer.compress(article.to_bytes() + b"\n"))
        count += 1
    pieces.append(packer.flush())
    return Extracted(count, b"".join(pieces), tuple(complaints), tuple(empty))


def _articles(
    plan: Plan, shard: Shard, report: Callable[[str], None], empty: Callable[[str], None]
) -> Iterator[Article]:
    for path in shard.saved:
        errors: list[str] = []
        articles = list(saved_article(path, shard.url, errors.append))
        yield from articles
        for message in errors:
            report(message)
        if not (articles or errors):
            empty(f"{path}: no article found")
    if shard.source is None:
        return
    if shard.offsets is None:
        records = records_of(shard.source, report, shard.begin, shard.end)
    else:
        records = _records_at(shard.source, shard.offsets, report)
    originals = _originals(plan)
    yield from articles_of(plan.url_filter.of(records), shard.source, originals, report, plan.repeated)


_cached: tuple[Plan, Originals] | None = None


def _originals(plan: Plan) -> Originals:
    """Return the originals of revisits, shared by all shards that this process extracts."""
    global _cached  # noqa: PLW0603  so that their indexes are read once
    if _cached is None or _cached[0] is not plan:
        _cached = plan, Originals(plan.sources)
    return _cached[1]


def _records_at(
    source: Source, offsets: tuple[int, ...], report: Callable[[str], None]
) -> Iterator[WarcRecord]:
    """Yield the records at *offsets* of *source*; *report* gets one line for each that cannot be read."""
    try:
        with source.open() as stream:
            for offset in offsets:
                try:
                    yield from read_member(stream, str(source), offset)
                except ArchiveError as error:
                    report(str(error))
    except OSError as error:
        report(f"{source}: {error.strerror}")
