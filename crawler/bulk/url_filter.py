"""`UrlFilter`: selects URLs by their index keys, so that other records are skipped unread."""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from archive import Collection, is_remote, open_remote
from archive.cdxj import fields_of, urlkey
from archive.package import index_lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive import Source, WarcRecord

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class UrlFilter:
    """Matches URLs on *hosts* or their subdomains, and URLs that begin with one of *prefixes*; empty: all.

    It compares SURT keys, as in a CDXJ index: scheme, `www.` and case make no difference.
    """

    hosts: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hosts or self.prefixes)

    @property
    def _keys(self) -> tuple[str, ...]:
        hosts = [urlkey(f"http://{host}/").partition(")")[0] for host in self.hosts]
        ends = (f"{host}{mark}" for host in hosts for mark in "),:")
        return (*ends, *(urlkey(prefix) for prefix in self.prefixes))

    def __contains__(self, key: str) -> bool:
        """Return whether the URL with the index key *key* matches."""
        return not self or key.startswith(self._keys)

    def of(self, records: Iterable[WarcRecord]) -> Iterator[WarcRecord]:
        """Yield the *records* whose URLs match."""
        for record in records:
            if not self or urlkey(record.target_uri) in self:
                yield record


def offsets_in(lines: Iterable[str], url_filter: UrlFilter) -> dict[str, list[int]]:
    """Return, by file name, the offsets of the records in the index *lines* that *url_filter* matches.

    A file without a matching record has an empty list.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        fields = fields_of(line) or {}
        name, offset = PurePosixPath(str(fields.get("filename", ""))).name, str(fields.get("offset", ""))
        if not (name and offset.isdecimal()):
            continue
        matching = found[name]
        if line.partition(" ")[0] in url_filter:
            matching.add(int(offset))
    return {name: sorted(offsets) for name, offsets in found.items()}


def lines_of_index(location: str) -> Iterator[str]:
    """Yield the lines of the CDXJ file at *location*, a path or URL, gzipped or not.

    Raises OSError.
    """
    with open_remote(location) if is_remote(location) else Path(location).open("rb") as stream:
        is_gzip = stream.read(2) == _GZIP
        stream.seek(0)
        for line in gzip.GzipFile(fileobj=stream) if is_gzip else stream:
            yield line.decode("utf-8", "replace").rstrip("\r\n")


def lines_beside(source: Source) -> Iterator[str] | None:
    """Return the lines of the index for *source*; None if there is none where tools write it.

    That is the index of its collection or package, or a .cdxj or .cdxj.gz file named like the WARC file.
    """
    path: Path | None = getattr(source, "path", None)
    if path is None:
        return None
    if getattr(source, "member", ""):
        return index_lines_of(path)
    stem = path.name.partition(".warc")[0]
    collection = Collection(path.parent.parent)
    if path.parent == collection.archive and collection.index_files():
        return collection.index_lines()
    candidates = [path.with_name(f"{name}.cdxj{end}") for name in (path.name, stem) for end in ("", ".gz")]
    found = next((each for each in candidates if each.is_file()), None)
    return lines_of_index(str(found)) if found else None
