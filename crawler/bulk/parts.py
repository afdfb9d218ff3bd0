"""`Parts`: what shards gave, kept beside the output until all are done.

So a run that was interrupted is taken up where it was.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Self

from crawler.bulk.tasks import Extracted
from crawler.errors import ArgumentError
from crawler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crawler.bulk.shards import Shard
    from crawler.bulk.url_filter import UrlFilter


class Parts:
    """The parts of a run that writes *output*, in a folder beside it, which is this process's until closed.

    Those of another run, of other inputs or options, are thrown away. Raises OSError, or ArgumentError while
    another process writes *output*.
    """

    def __init__(self, output: Path, run: str) -> None:
        self.folder = output.with_name(f"{output.name}.parts")
        is_there = self.folder.exists()
        self.folder.mkdir(exist_ok=True)
        self._mark = (self.folder / "run").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._mark.close()
            raise ArgumentError(f"-o {output}: another process is writing it") from error
        self._mark.seek(0)
        #: There were parts, of another run.
        self.is_new = is_there and self._mark.read() != run
        if self.is_new:
            for part in self._parts():
                part.unlink()
        self._mark.truncate(0)
        self._mark.write(run)
        self._mark.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Where nothing is done yet there is nothing to take up.
        if self.folder.exists() and not self._parts():
            self.drop()
        self._mark.close()

    def _parts(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.name != "run"]

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}"

    def has(self, number: int) -> bool:
        """Tell whether shard *number* is done, and nothing was wrong with it."""
        try:
            with self._path(number).open("rb") as part:
                return not json.loads(part.readline())["complaints"]
        except FileNotFoundError:
            return False

    def get(self, number: int) -> Extracted:
        """Return what shard *number* gave, which must be done."""
        head, _, compressed = self._path(number).read_bytes().partition(b"\n")
        told = json.loads(head)
        return Extracted(told["count"], compressed, tuple(told["complaints"]), tuple(told["empty"]))

    def put(self, number: int, extracted: Extracted) -> None:
        """Keep what shard *number* gave."""
        told = {"count": extracted.count, "complaints": extracted.complaints, "empty": extracted.empty}
        growing = self._path(number).with_suffix(".open")
        growing.write_bytes(json.dumps(told).encode() + b"\n" + extracted.compressed)
        growing.replace(self._path(number))

    def drop(self) -> None:
        """Remove the folder: all is done."""
        shutil.rmtree(self.folder)


def run_of(
    shards: Sequence[Shard],
    url_filter: UrlFilter,
    *,
    learns: bool,
    publishers: Sequence[str] | None = None,
) -> str:
    """Return what identifies a run: the same inputs, options and publishers give the same."""
    described = [
        __version__,
        url_filter.hosts,
        url_filter.prefixes,
        learns,
        publishers,
        [[*shard.identity, *map(_changed, _paths(shard))] for shard in shards],
    ]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()


def _paths(shard: Shard) -> list[Path]:
    path: Path | None = getattr(shard.source, "path", None)
    return [path] if path else list(shard.saved)


def _changed(path: Path) -> int:
    """Return when the file at *path* was last changed; 0 when it is not there."""
    return path.stat().st_mtime_ns if path.exists() else 0
