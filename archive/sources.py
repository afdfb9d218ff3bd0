"""Find the WARC files at a path: a file, a WACZ package, or a folder of them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from archive.errors import NotAnArchiveError
from archive.suffixes import EXPECTED, is_archive, is_wacz, is_warc, warc_members

if TYPE_CHECKING:
    from collections.abc import Iterable


class Source(Protocol):
    """One WARC file, local or remote."""

    @property
    def name(self) -> str:
        """The file name without its folder, as used in index lines and captures."""

    def open(self) -> IO[bytes]:
        """Open the WARC file for reading, as a seekable stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcSource:
    """One WARC file, on disk or inside a WACZ package."""

    path: Path
    #: Name inside the WACZ at `path`; empty for a plain file.
    member: str = ""

    @property
    def name(self) -> str:
        """The file name without its folder, as used in index lines and captures."""
        return Path(self.member).name if self.member else self.path.name

    def __str__(self) -> str:
        return f"{self.path}:{self.member}" if self.member else str(self.path)

    def open(self) -> IO[bytes]:
        """Open the WARC file for reading, as a seekable stream."""
        if not self.member:
            return self.path.open("rb")
        with zipfile.ZipFile(self.path) as package:
            return package.open(self.member)


def find_sources(paths: Iterable[Path]) -> list[WarcSource]:
    """Return the WARC files at *paths*, those of a folder sorted by path.

    Raises NotAnArchiveError, naming the path, when a path does not exist or holds no WARC file.
    """
    sources: list[WarcSource] = []
    for path in paths:
        if path.is_dir():
            found = [
                source
                for file in sorted(path.rglob("*"))
                if file.is_file() and is_archive(file.name)
                for source in _in_file(file)
            ]
        elif path.is_file():
            found = _in_file(path)
        else:
            raise NotAnArchiveError(f"{path}: no such file or folder")
        if not found:
            raise NotAnArchiveError(f"{path}: holds no {EXPECTED} file")
        sources += found
    return sources


def _in_file(path: Path) -> list[WarcSource]:
    if is_warc(path.name):
        return [WarcSource(path=path)]
    if not is_wacz(path.name):
        raise NotAnArchiveError(f"{path}: not a {EXPECTED} file")
    try:
        members = warc_members(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise NotAnArchiveError(f"{path}: not a readable WACZ: {error}") from error
    return [WarcSource(path=path, member=name) for name in members]
