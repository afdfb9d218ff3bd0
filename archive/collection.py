"""`Collection`: the folder that a crawl leaves behind, and the steps that keep it whole.

    archive/<name>-<UTC yyyymmddhhmmss>-<serial>.warc.gz   (or .warc.zst; + ".open" while it grows)
    indexes/index.cdxj                                     sorted, of all closed files
    indexes/recent.cdxj                                    of the latest ones, while that is a long file
    indexes/<warc file>.cdxj.open                          lines of a file that still grows

A file is renamed before its lines enter the index, so the index never points at nothing.
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
_SHORT = 32 * 1024 * 1024  # bytes of an index that is rewritten whenever a file is closed
_SHARE = 8  # of a longer one that may lie beside it


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
        #: Which files of the collection were uploaded.
        self.upload_log = UploadLog(root / "uploads.jsonl")
        self._lock: TextIO | None = None
        self._pending: tuple[str, TextIO] | None = None

    @classmethod
    def find(cls, path: Path) -> list[Collection]:
        """Return the collection at *path*, or those in the folder *path*.

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

        Raises ArchiveInUseError, naming who holds it, or ArchiveWriteError.
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
        """Give the lock back."""
        if self._lock:
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    # What a writer needs.

    def new_warc_name(
        self, begun: datetime, crawl: str, own: Container[str], suffix: str = ".warc.gz"
    ) -> str:
        """Return a free file name for a file begun at *begun* (aware, UTC).

        A name that the same crawl used in an earlier run is free: the new file will replace it.
        """
        serial = 0
        while True:
            name = f"{self.name}-{begun:%Y%m%d%H%M%S}-{serial:05}{suffix}"
            if name not in own and self._crawl_of(self.archive / name) in {None, crawl}:
                return name
            serial += 1

    def _crawl_of(self, path: Path) -> str | None:
        """Return the crawl named by the warcinfo record of *path*; None when there is no file."""
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
        """Return the closed WARC files of *crawl*, whose name begins with a time as theirs do."""
        begun, at = crawl[:14], len(self.name) + 1
        later = (path for path in self.warc_files() if path.name[at : at + 14] >= begun)
        return [path for path in later if self._crawl_of(path) == crawl]

    def open_path(self, name: str) -> Path:
        """Return where the file *name* grows."""
        return self.archive / f"{name}{OPEN}"

    def warc_files(self) -> list[Path]:
        """Return the closed WARC files, compressed or not, in order of their names."""
        return sorted(path for path in self.archive.glob("*") if is_warc(path.name))

    def append_index_line(self, name: str, line: str) -> None:
        """Keep *line* for the growing file *name*, on disk at once."""
        try:
            if self._pending is None or self._pending[0] != name:
                path = self.indexes / f"{name}{_PENDING}"
                self._pending = name, path.open("w", encoding="utf-8")
            self._pending[1].write(f"{line}\n")
            self._pending[1].flush()
        except OSError as error:
            raise ArchiveWriteError(f"{self.indexes}: {error.strerror}") from error

    def publish(self, name: str) -> None:
        """Give the grown file *name* its final name, then merge its lines into the index.

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
        """Remove what an earlier run of *crawl* left and its latest, which wrote *files*, did not replace.

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
        """Add the lines *new* of the closed files *names*; a long index is not rewritten for each of them."""
        size = self.index.stat().st_size if self.index.exists() else 0
        if size < _SHORT:
            self._merge(names, new)
            return
        self._rewrite(self.recent, _lines(self.recent), names, new)
        if self.recent.stat().st_size * _SHARE > size:
            self._merge((), ())

    def _merge(self, names: Container[str], new: Iterable[str]) -> None:
        """Replace the index lines of the files *names* by *new*; leave one index."""
        self._rewrite(self.index, self.index_lines(), names, new)
        # After a crash before this its lines stand twice, and count once.
        self.recent.unlink(missing_ok=True)

    @staticmethod
    def _rewrite(path: Path, old: Iterable[str], names: Container[str], new: Iterable[str]) -> None:
        """Write to *path*, in one step, the lines *new* and those of *old* that are not of the files *names*.

        What is no CDXJ goes.
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
        """Return the files of the index, each sorted."""
        return [path for path in (self.index, self.recent) if path.exists()]

    def index_lines(self) -> Iterator[str]:
        """Yield the lines of the index, sorted, each once."""
        return cdxj.merged(_lines(self.index), _lines(self.recent))

    # What the next start does after a crash.

    def mend(self, report: Callable[[str], None]) -> None:
        """Cut torn tails, finish leftover `.open` files and index them; *report* says what was done.

        The lock must be held.
        """
        names = {path.name.removesuffix(OPEN) for path in self.archive.glob(f"*.warc.*{OPEN}")} | {
            path.name.removesuffix(_PENDING) for path in self.indexes.glob(f"*.warc.*{_PENDING}")
        }
        if not names:
            return
        lines: list[str] = []
        for name in names:
            # A crash in here must still find the name that is owed to the index.
            (self.indexes / f"{name}{_PENDING}").touch()
        for name in sorted(names):
            path = self._finish(name, report)
            if path:
                lines += index_lines(path)
        self._add(names, lines)
        for path in self.indexes.glob(f"*{_PENDING}"):
            path.unlink()

    def rebuild_index(self, report: Callable[[str], None]) -> None:
        """Make the index anew out of the closed WARC files; *report* is told if that changed it.

        The lock must be held. Raises ArchiveWriteError.
        """
        old = list(self.index_lines())
        files, removed = self.warc_files(), self.upload_log.removed()
        new = [line for path in files for line in index_lines(path)]
        new += [line for line in old if cdxj.file_of(line) in removed]
        self._merge({cdxj.file_of(line) for line in old} | {path.name for path in files}, new)
        added, lost = len(set(new) - set(old)), len(set(old) - set(new))
        if added or lost or old != sorted(old):
            report(f"{self.index}: made anew, {added} lines more and {lost} less")

    def _finish(self, name: str, report: Callable[[str], None]) -> Path | None:
        """Bring the leftover of the file *name* to its final name; None when nothing is left."""
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
                report(f"{damage}; kept, with {len(records)} records that can be read")
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
        # What is not UTF-8 is no CDXJ either.
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from (line.rstrip("\n") for line in lines)


def _readable(path: Path) -> tuple[list[WarcRecord], list[DamagedRecordError]]:
    """Return the records of *path* that can be read, without their blocks, and what damage there is."""
    damages: list[DamagedRecordError] = []
    with path.open("rb") as stream:
        records = [replace(r, block=b"") for r in salvage(stream, str(path), damages.append)]
    return records, damages


def index_lines(path: Path) -> Iterator[str]:
    """Yield the index lines of the WARC file at *path*, one for each response that can be read."""
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
        # No HTTP, or no address that could be sorted.
        return ""
