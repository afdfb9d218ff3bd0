"""What is done with a shard, wherever it is done: in this process, in another, on another machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backports import zstd

from archive import ArchiveError, Originals, Source, read_member
from crawler.bulk.pages import articles_of, records_of, saved_article
from crawler.bulk.url_filter import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive import WarcRecord
    from crawler.bulk.shards import Shard
    from crawler.extraction import Boilerplate
    from crawler.items import Article

_LEVEL = 1  # of zstd: for the way and the disk, not for keeping


@dataclass(frozen=True, slots=True)
class Plan:
    """What all shards of a run have in common."""

    #: All that is read: where the originals of revisits are looked for.
    sources: tuple[Source, ...] = ()
    selection: Selection = field(default_factory=Selection)
    #: What the sites in question print on many of their pages.
    boilerplate: Boilerplate | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a shard gave."""

    #: How many articles.
    count: int
    #: As JSONL, compressed by zstd.
    compressed: bytes
    #: What could not be read, a line each.
    complaints: tuple[str, ...] = ()
    #: Saved pages without an article.
    empty: tuple[str, ...] = ()

    @property
    def lines(self) -> bytes:
        """The articles as JSONL."""
        return zstd.decompress(self.compressed)


def extract_shard(plan: Plan, shard: Shard) -> Extracted:
    """Return the articles of *shard*, in its order."""
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
        told: list[str] = []
        articles = list(saved_article(path, shard.url, told.append))
        yield from articles
        for message in told:
            report(message)
        if not (articles or told):
            empty(f"{path}: holds no article")
    if shard.source is None:
        return
    if shard.offsets is None:
        records = records_of(shard.source, report, shard.begin, shard.end)
    else:
        records = _records_at(shard.source, shard.offsets, report)
    originals = _originals(plan)
    yield from articles_of(plan.selection.of(records), shard.source, originals, report, plan.boilerplate)


_known: tuple[Plan, Originals] | None = None


def _originals(plan: Plan) -> Originals:
    """Return what finds the originals of revisits; one for all shards that this process does of a run."""
    global _known  # noqa: PLW0603  what is read once for it should serve all
    if _known is None or _known[0] is not plan:
        _known = plan, Originals(plan.sources)
    return _known[1]


def _records_at(
    source: Source, offsets: tuple[int, ...], report: Callable[[str], None]
) -> Iterator[WarcRecord]:
    """Yield the records of the members at *offsets*."""
    try:
        with source.open() as stream:
            for offset in offsets:
                try:
                    yield from read_member(stream, str(source), offset)
                except ArchiveError as error:
                    report(str(error))
    except OSError as error:
        report(f"{source}: {error.strerror}")
