"""`Collection`: the folder that crawls write to, and the steps that keep it consistent.

    archive/<name>-<UTC yyyymmddhhmmss>-<serial>.warc.gz   (or .warc.zst; + ".open" until closed)
    indexes/index.cdxj                                     sorted lines of all closed files
    indexes/recent.cdxj                                    those of recent files, if index.cdxj is long
    indexes/<warc file>.cdxj.open                          lines of a file that is being written

A file is renamed before its lines enter the index, so index lines never point to a missing file.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from archive import cdxj
from archive.errors import (
    ArchiveInUseError,
    ArchiveWriteError,
    DamagedRecordError,
    MalformedMessageError,
    NotAnArchiveError,
)
from archive.index import capture_of
from archive.message import parse_response
from archive.reader import read_records, salvage
from archive.suffixes import is_warc
from archive.upload_log import UploadLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Collection as Container
    from datetime import datetime
    from pathlib import Path

    from archive.reader import WarcRecord

OPEN = ".open"
_PENDING = f".cdxj{OPEN}"
_SHORT = 32 * 1024 * 1024  # bytes; a shorter index is rewritten whenever a file is closed
_SHARE = 8  # recent.cdxj is merged when larger than index.cdxj divided by this


class Collection:
    """One collection, in the layout that pywb expects."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.name = root.name
        self.archive = root / "archive"
        self.indexes = root / "indexes"
        self.index = self.indexes / "index.cdxj"
        self.recent = self.indexes / "recent.cdxj"
        self.payloads = root / "payloads.sqlite"
        #: The files of this collection that were uploaded.
        self.upload_log = UploadLog(root / "uploads.jsonl")
        self._lock: TextIO | None = None
        self._pending: tuple[str, TextIO] | None = None

    @classmethod
    def find(cls, path: Path) -> list[Collection]:
        """Return the collection at *path*, or the collections in the folder *path*.

        Raises NotAnArchiveError when there is none.
        """
        folders = [path] if (path / "archive").is_dir() else sorted(path.glob("*")) if path.is_dir() else []
        found = [cls(folder) for folder in folders if (folder / "archive").is_dir()]
        if not found:
            reason = "holds no collection" if path.is_dir() else "no such folder"
            raise NotAnArchiveError(f"{path}: {reason}")
        return found

    def acquire(self, owner: str) -> None:
        """Create the folders and take the collection's lock in the name of *owner*.

        Raises ArchiveInUseError, naming the holder, or ArchiveWriteError.
        """
        try:
            self.archive.mkdir(parents=True, exist_ok=True)
            self.indexes.mkdir(exist_ok=True)
            lock = (self.root / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            lock.close()
            raise ArchiveInUseError(f"{self.root}: in use by {holder}") from error
        lock.truncate(0)
        lock.write(f"{owner}, process {os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def release(self) -> None:
        """Release the lock."""
        if self._lock:
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    # Used while a crawl writes.

    def new_warc_name(
        self, begun: datetime, crawl: str, own: Container[str], suffix: str = ".warc.gz"
    ) -> str:
        """Return an unused name for a WARC file begun at *begun* (aware, UTC).

        A file that an earlier run of *crawl* left does not count as used: the new file replaces it.
        """
        serial = 0
        while True:
            name = f"{self.name}-{begun:%Y%m%d%H%M%S}-{serial:05}{suffix}"
            if name not in own and self._crawl_of(self.archive / name) in {None, crawl}:
                return name
            serial += 1

    def _crawl_of(self, path: Path) -> str | None:
        """Return the crawl named in the warcinfo record of *path*; None if the file does not exist."""
        try:
            with path.open("rb") as stream:
                info = next(read_records(stream, str(path)))
        except FileNotFoundError:
            return None
        except (DamagedRecordError, StopIteration):
            return ""
        fields = dict(line.split(": ", 1) for line in info.block.decode().splitlines() if ": " in line)
        return fields.get("job", "")

    def files_of(self, crawl: str) -> list[Path]:
        """Return the closed WARC files of *crawl*, a name that begins with the start time."""
        begun, at = crawl[:14], len(self.name) + 1
        later = (path for path in self.warc_files() if path.name[at : at + 14] >= begun)
        return [path for path in later if self._crawl_of(path) == crawl]

    def open_path(self, name: str) -> Path:
        """Return the path of the file *name* while it is being written."""
        return self.archive / f"{name}{OPEN}"

    def warc_files(self) -> list[Path]:
        """Return the closed WARC files, compressed or not, sorted by name."""
        return sorted(path for path in self.archive.glob("*") if is_warc(path.name))

    def append_index_line(self, name: str, line: str) -> None:
        """Append *line* to the pending index lines of the open file *name*, and flush it.

        Raises ArchiveWriteError.
        """
        try:
            if self._pending is None or self._pending[0] != name:
                path = self.indexes / f"{name}{_PENDING}"
                self._pending = name, path.open("w", encoding="utf-8")
            self._pending[1].write(f"{line}\n")
            self._pending[1].flush()
        except OSError as error:
            raise ArchiveWriteError(f"{self.indexes}: {error.strerror}") from error

    def publish(self, name: str) -> None:
        """Rename the open file *name* to its final name, then merge its lines into the index.

        Raises ArchiveWriteError.
        """
        pending = self.indexes / f"{name}{_PENDING}"
        try:
            if self._pending:
                self._pending[1].close()
                self._pending = None
            self.open_path(name).replace(self.archive / name)
            if pending.exists():
                self._add({name}, _lines(pending))
                pending.unlink()
        except OSError as error:
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error

    def drop_others(self, crawl: str, files: Container[str]) -> None:
        """Remove the files that an earlier run of *crawl* left, except *files*, those of its latest run.

        Raises ArchiveWriteError.
        """
        others = {
            path.name
            for path in self.warc_files()
            if path.name not in files and self._crawl_of(path) == crawl
        }
        if others:
            self._merge(others, ())
            for name in others:
                (self.archive / name).unlink()

    def _add(self, names: Container[str], new: Iterable[str]) -> None:
        """Add the lines *new* of the closed files *names*, to recent.cdxj if the index is long."""
        size = self.index.stat().st_size if self.index.exists() else 0
        if size < _SHORT:
            self._merge(names, new)
            return
        self._rewrite(self.recent, _lines(self.recent), names, new)
        if self.recent.stat().st_size * _SHARE > size:
            self._merge((), ())

    def _merge(self, names: Container[str], new: Iterable[str]) -> None:
        """Replace the index lines of the files *names* by *new*; merge both index files into one."""
        self._rewrite(self.index, self.index_lines(), names, new)
        # If we crash here, lines exist in both files; readers drop duplicates.
        self.recent.unlink(missing_ok=True)

    @staticmethod
    def _rewrite(path: Path, old: Iterable[str], names: Container[str], new: Iterable[str]) -> None:
        """Write the lines *new*, and the lines *old* of files not in *names*, to *path* in one atomic step.

        Lines that are not CDXJ are dropped.
        """
        temporary = path.with_suffix(f".cdxj.new{OPEN}")
        replaced = {"", *names}
        try:
            with temporary.open("w", encoding="utf-8") as out:
                kept = (each for each in old if cdxj.file_of(each) not in replaced)
                out.writelines(f"{each}\n" for each in cdxj.merged(kept, new))
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(path)
        except OSError as error:
            raise ArchiveWriteError(f"{path}: {error.strerror}") from error

    def index_files(self) -> list[Path]:
        """Return the existing index files; each is sorted."""
        return [path for path in (self.index, self.recent) if path.exists()]

    def index_lines(self) -> Iterator[str]:
        """Yield the lines of all index files, sorted, without duplicates."""
        return cdxj.merged(_lines(self.index), _lines(self.recent))

    # Recovery after a crash.

    def mend(self, report: Callable[[str], None]) -> None:
        """Truncate torn records, close leftover `.open` files and index them; pass each action to *report*.

        The lock must be held.
        """
        names = {path.name.removesuffix(OPEN) for path in self.archive.glob(f"*.warc.*{OPEN}")} | {
            path.name.removesuffix(_PENDING) for path in self.indexes.glob(f"*.warc.*{_PENDING}")
        }
        if not names:
            return
        lines: list[str] = []
        for name in names:
            # After a crash in this method, the next run must still find the names to index.
            (self.indexes / f"{name}{_PENDING}").touch()
        for name in sorted(names):
            path = self._finish(name, report)
            if path:
                lines += index_lines(path)
        self._add(names, lines)
        for path in self.indexes.glob(f"*{_PENDING}"):
            path.unlink()

    def rebuild_index(self, report: Callable[[str], None]) -> None:
        """Rebuild the index from the closed WARC files; pass a summary to *report* if it changed.

        The lock must be held. Raises ArchiveWriteError.
        """
        old = list(self.index_lines())
        files, removed = self.warc_files(), self.upload_log.removed()
        new = [line for path in files for line in index_lines(path)]
        new += [line for line in old if cdxj.file_of(line) in removed]
        self._merge({cdxj.file_of(line) for line in old} | {path.name for path in files}, new)
        added, lost = len(set(new) - set(old)), len(set(old) - set(new))
        if added or lost or old != sorted(old):
            report(f"{self.index}: rebuilt; lines added: {added}, removed: {lost}")

    def _finish(self, name: str, report: Callable[[str], None]) -> Path | None:
        """Close the leftover file *name* and return its final path; None if no record is left."""
        grown, final = self.open_path(name), self.archive / name
        if final.exists():
            grown.unlink(missing_ok=True)
            return final
        if not grown.exists():
            return None
        records, damages = _readable(grown)
        whole = max((record.offset + record.length for record in records), default=0)
        for damage in damages:
            if damage.offset < whole:
                report(f"{damage}; file kept, readable records: {len(records)}")
        torn = grown.stat().st_size - whole
        if torn:
            os.truncate(grown, whole)
            report(f"{grown}: cut {torn} bytes of an unfinished record at offset {whole}")
        if not records:
            grown.unlink()
            return None
        grown.replace(final)
        report(f"{final}: closed, {len(records)} records")
        return final


def _lines(path: Path) -> Iterator[str]:
    if path.exists():
        # Lines that are not UTF-8 are not CDXJ either.
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from (line.rstrip("\n") for line in lines)


def _readable(path: Path) -> tuple[list[WarcRecord], list[DamagedRecordError]]:
    """Return the readable records of *path*, without their blocks, and the damage found."""
    damages: list[DamagedRecordError] = []
    with path.open("rb") as stream:
        records = [replace(r, block=b"") for r in salvage(stream, str(path), damages.append)]
    return records, damages


def index_lines(path: Path) -> Iterator[str]:
    """Yield an index line for each readable response in the WARC file at *path*."""
    with path.open("rb") as stream:
        for record in salvage(stream, str(path), lambda _damage: None):
            if record.type in {"response", "revisit"} and (line := _index_line(path.name, record)):
                yield line


def _index_line(file: str, record: WarcRecord) -> str:
    if not record.get("Content-Type").lower().startswith("application/http"):
        return ""
    try:
        response = parse_response(record.block)
        is_revisit = record.type == "revisit"
        return cdxj.line(record.target_uri, capture_of(record, file), response, is_revisit=is_revisit)
    except (MalformedMessageError, ValueError):
        # Not an HTTP message, or a URL without a sort key.
        return ""
