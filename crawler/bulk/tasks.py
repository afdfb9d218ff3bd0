"""The task of a worker: one shard in, its articles out. Runs in this process or on another machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backports import zstd

from archive import ArchiveError, Originals, Source, read_member
from crawler.bulk.pages import described, readings_of, records_of, saved_reading
from crawler.bulk.url_filter import UrlFilter
from crawler.bulk.versions import key_of
from crawler.extraction import THRESHOLD, use_publishers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from archive import WarcRecord
    from crawler.bulk.shards import Shard
    from crawler.extraction import PageReading, RepeatedBlocks
    from crawler.extraction.kinds.known_pages import KnownPages
    from crawler.items import Article

_LEVEL = 1  # of zstd: these bytes are transferred, not kept
#: Articles in a zstd frame: the frame is the least that is read to look at one article.
FRAME = 16


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
    #: Read pages that were cut off, too.
    with_cut: bool = False
    #: What sites without rules say on error pages.
    errors: KnownPages | None = None
    #: Score from which on a page of an unknown site is an article.
    threshold: float = THRESHOLD
    #: Give a key of each article (`versions.key_of`), by which its captures are compared.
    with_keys: bool = False


@dataclass(frozen=True, slots=True)
class Extracted:
    """The result of a shard."""

    #: Number of articles.
    count: int = 0
    #: The articles as JSONL: zstd frames of `FRAME` articles each.
    compressed: bytes = b""
    #: One line for each record or file that could not be read.
    complaints: tuple[str, ...] = ()
    #: One line for each saved page without an article.
    empty: tuple[str, ...] = ()
    #: Number of pages by kind.
    kinds: Mapping[str, int] = field(default_factory=dict)
    #: Lengths of the frames in `compressed`.
    frames: tuple[int, ...] = ()
    #: A key of each article, one after the other; empty without `Plan.with_keys`.
    keys: bytes = b""

    @property
    def lines(self) -> bytes:
        """The articles as JSONL."""
        return zstd.decompress(self.compressed) if self.compressed else b""


class _Packer:
    """Collects articles as compressed JSONL."""

    def __init__(self, *, with_keys: bool) -> None:
        self.count = 0
        self.frames: list[bytes] = []
        self.keys = bytearray()
        self._with_keys = with_keys
        self._lines: list[bytes] = []

    def add(self, article: Article) -> None:
        """Append *article*."""
        self.count += 1
        self._lines.append(article.to_bytes() + b"\n")
        if self._with_keys:
            self.keys += key_of(article)
        if len(self._lines) == FRAME:
            self.flush()

    def flush(self) -> None:
        """Finish the last frame."""
        if self._lines:
            self.frames.append(zstd.compress(b"".join(self._lines), _LEVEL))
            self._lines = []


def extract_shard(plan: Plan, shard: Shard) -> Extracted:
    """Return the articles of *shard*, in its order."""
    if plan.publishers is not None:
        use_publishers(plan.publishers)
    complaints: list[str] = []
    empty: list[str] = []
    kinds: Counter[str] = Counter()
    packer = _Packer(with_keys=plan.with_keys)
    for reading in _readings(plan, shard, complaints.append, empty.append):
        kinds[reading.kind] += 1
        if reading.article:
            packer.add(reading.article)
    packer.flush()
    return Extracted(
        count=packer.count,
        compressed=b"".join(packer.frames),
        complaints=tuple(complaints),
        empty=tuple(empty),
        kinds=dict(kinds),
        frames=tuple(map(len, packer.frames)),
        keys=bytes(packer.keys),
    )


def _readings(
    plan: Plan, shard: Shard, report: Callable[[str], None], empty: Callable[[str], None]
) -> Iterator[PageReading]:
    for path in shard.saved:
        if reading := saved_reading(
            path, shard.url, report, with_cut=plan.with_cut, threshold=plan.threshold
        ):
            yield reading
            if reading.article is None:
                empty(f"{path}: no article: {described(reading)}")
    if shard.source is None:
        return
    if shard.offsets is None:
        records = records_of(shard.source, report, shard.begin, shard.end)
    else:
        records = _records_at(shard.source, shard.offsets, report)
    yield from readings_of(
        plan.url_filter.of(records),
        shard.source,
        _originals(plan),
        report,
        plan.repeated,
        with_cut=plan.with_cut,
        threshold=plan.threshold,
        errors=plan.errors,
    )


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
