"""Shards: the inputs of an extraction cut into pieces, each read by one process, in output order."""

from __future__ import annotations

import glob
import gzip
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive import (
    ArchiveError,
    NotAnArchiveError,
    RemoteSource,
    Source,
    WarcSource,
    find_remote,
    find_sources,
    is_remote,
    open_remote,
)
from crawler.bulk.pages import SAVED
from crawler.bulk.url_filter import lines_beside, offsets_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crawler.bulk.url_filter import UrlFilter

_RANGE = 64 * 1024 * 1024  # bytes of a WARC file that one shard reads
_SAVED_AT_ONCE = 64  # files
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A piece of the input: a byte range of a WARC file, or some saved pages."""

    #: The input that it belongs to, as the user gave it.
    given: str
    source: Source | None = None
    #: Only the records of `source` that start at byte `begin` or later, and before `end`; None: no limit.
    begin: int = 0
    end: int | None = None
    #: Only the records at these offsets; None: all.
    offsets: tuple[int, ...] | None = None
    saved: tuple[Path, ...] = ()
    #: The URL of the page in `saved`.
    url: str | None = None
    #: Bytes to read, for the progress estimate.
    size: int = 0

    @property
    def identity(self) -> list[object]:
        """The values that distinguish it from other shards; JSON."""
        return [self.given, str(self.source), self.begin, self.end, self.offsets, list(map(str, self.saved)),
                self.url, self.size]  # fmt: skip

    def __str__(self) -> str:
        if self.source is None:
            return str(self.saved[0])
        return f"{self.source}, bytes {self.begin:,} to {self.end:,}" if self.end else str(self.source)


def find_shards(
    given: Iterable[str], url: str | None, url_filter: UrlFilter, index: Iterable[str],
    report: Callable[[str], None],
) -> list[Shard]:  # fmt: skip
    """Return the shards of the inputs *given*: paths, globs and URLs of WARC files, folders and saved pages.

    *index* holds the CDXJ lines of WARC files that have no index beside them: with *url_filter*, only the
    matching records of an indexed file are read. *report* gets one line for each input that cannot be read.
    """
    known = offsets_in(index, url_filter) if url_filter else {}
    shards: list[Shard] = []
    for each in given:
        try:
            shards += _of_input(each, url, _Index(url_filter, known))
        except ArchiveError as error:
            report(str(error))
        except OSError as error:
            report(f"{each}: {error.strerror or error}")
    return _grouped(shards)


class _Index:
    """Finds the records of a source that match *url_filter*; reads each index once."""

    def __init__(self, url_filter: UrlFilter, given: dict[str, list[int]]) -> None:
        self._url_filter = url_filter
        self._given = given
        self._beside: dict[Path, dict[str, list[int]] | None] = {}

    def offsets(self, source: Source) -> tuple[int, ...] | None:
        """Return the offsets of the matching records in *source*; None if unknown, or if all match."""
        if not self._url_filter:
            return None
        if source.name in self._given:
            return tuple(self._given[source.name])
        path: Path | None = getattr(source, "path", None)
        if path is None:
            return None
        # A collection has one index for all its files; a package or a single file has its own.
        place = path.parent if path.parent.name == "archive" else path
        if place not in self._beside:
            lines = lines_beside(source)
            self._beside[place] = None if lines is None else offsets_in(lines, self._url_filter)
        found = self._beside[place]
        return tuple(found[source.name]) if found and source.name in found else None


def _of_input(given: str, url: str | None, index: _Index) -> Iterator[Shard]:
    sources: Iterable[Source]
    if is_remote(given):
        sources = find_remote(given)
    else:
        paths = [Path(given)]
        if not paths[0].exists() and glob.has_magic(given):
            paths = [Path(each) for each in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207  any folder
            if not paths:
                raise NotAnArchiveError(f"{given}: matches no file")
        for path in paths:
            if path.suffix.lower() in SAVED:
                size = path.stat().st_size if path.is_file() else 0
                yield Shard(given=given, saved=(path,), url=url, size=size)
        sources = find_sources(path for path in paths if path.suffix.lower() not in SAVED)
    for source in sources:
        yield from _of_source(given, source, index.offsets(source))


def _of_source(given: str, source: Source, offsets: tuple[int, ...] | None) -> Iterator[Shard]:
    size = _size(source)
    if offsets is not None:
        if offsets:
            yield Shard(given=given, source=source, offsets=offsets, size=len(offsets) * 30_000)
        return
    # Gzip members can be found from any offset, so a shard may start anywhere.
    is_split = source.name.endswith(".gz") and not getattr(source, "member", "") and size > 2 * _RANGE
    edges = [*range(0, size, _RANGE)][: size // _RANGE] if is_split else [0]
    for begin, end in zip(edges, [*edges[1:], None], strict=True):
        yield Shard(given=given, source=source, begin=begin, end=end, size=(end or size) - begin)


def _size(source: Source) -> int:
    if isinstance(source, RemoteSource):
        return source.size
    return source.path.stat().st_size if isinstance(source, WarcSource) else 0


def _grouped(shards: Iterable[Shard]) -> list[Shard]:
    """Return *shards* with consecutive saved pages merged into one shard, `_SAVED_AT_ONCE` at most."""
    found: list[Shard] = []
    for shard in shards:
        last = found[-1] if found else None
        if last and last.saved and shard.saved and len(last.saved) < _SAVED_AT_ONCE:
            size = last.size + shard.size
            found[-1] = replace(last, saved=last.saved + shard.saved, size=size)
        else:
            found.append(shard)
    return found


def listed_in(location: str) -> list[str]:
    """Return the inputs listed in the file at *location*, a path or URL, gzipped or not: one a line.

    Empty lines and lines that begin with "#" are skipped. Raises OSError.
    """
    with open_remote(location) if is_remote(location) else Path(location).open("rb") as stream:
        data = stream.read()
    if data.startswith(_GZIP):
        data = gzip.decompress(data)
    lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
