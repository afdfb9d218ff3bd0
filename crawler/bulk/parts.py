"""`Parts`: the results of finished shards, kept beside the output until all are done.

An interrupted extraction continues from them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Self

from backports import zstd

from crawler.bulk.tasks import FRAME, Extracted
from crawler.errors import ArgumentError
from crawler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crawler.bulk.shards import Shard
    from crawler.bulk.tasks import Plan

_FORM = 2  # of a part's file


class Parts:
    """The finished shards of an extraction to *output*, in a folder beside it that is locked until closed.

    *key* identifies the extraction (see `parts_key`); parts of another one are deleted. Raises OSError, or
    ArgumentError while another process writes *output*.
    """

    def __init__(self, output: Path, key: str) -> None:
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
        #: Another extraction had left parts in the folder; they were deleted.
        self.was_stale = is_there and self._mark.read() != key
        if self.was_stale:
            for part in self._parts():
                part.unlink()
        self._mark.truncate(0)
        self._mark.write(key)
        self._mark.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Without a finished shard there is nothing to continue from.
        if self.folder.exists() and not self._parts():
            self.drop()
        self._mark.close()

    def _parts(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.name != "run"]

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}"

    def has(self, number: int) -> bool:
        """Return whether shard *number* is done and gave no complaint."""
        try:
            with self._path(number).open("rb") as part:
                return not json.loads(part.readline())["complaints"]
        except FileNotFoundError:
            return False

    def get(self, number: int) -> Extracted:
        """Return the result of shard *number*, which must be done."""
        with self._path(number).open("rb") as part:
            facts = json.loads(part.readline())
            keys, compressed = part.read(facts["keys"]), part.read()
        return Extracted(
            count=facts["count"],
            compressed=compressed,
            complaints=tuple(facts["complaints"]),
            empty=tuple(facts["empty"]),
            kinds=facts["kinds"],
            frames=tuple(facts["frames"]),
            keys=keys,
        )

    def line(self, number: int, index: int) -> bytes:
        """Return the article *index*, counted from 0, of shard *number* as a line of JSON."""
        with self._path(number).open("rb") as part:
            facts = json.loads(part.readline())
            frame, line = divmod(index, FRAME)
            part.seek(facts["keys"] + sum(facts["frames"][:frame]), os.SEEK_CUR)
            lines = zstd.decompress(part.read(facts["frames"][frame]))
        return lines.split(b"\n")[line]

    def put(self, number: int, extracted: Extracted) -> None:
        """Store the result of shard *number*."""
        facts = {
            "count": extracted.count,
            "complaints": extracted.complaints,
            "empty": extracted.empty,
            "kinds": extracted.kinds,
            "frames": extracted.frames,
            "keys": len(extracted.keys),
        }
        growing = self._path(number).with_suffix(".open")
        growing.write_bytes(json.dumps(facts).encode() + b"\n" + extracted.keys + extracted.compressed)
        growing.replace(self._path(number))

    def drop(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder)


def parts_key(shards: Sequence[Shard], plan: Plan) -> str:
    """Return the digest that identifies an extraction: its version, options, publishers and inputs.

    A local file that was modified in the meantime counts as another input.
    """
    described = [
        __version__,
        _FORM,
        plan.url_filter.hosts,
        plan.url_filter.prefixes,
        plan.repeated is not None,
        plan.publishers,
        plan.with_cut,
        plan.threshold,
        plan.with_keys,
        [[*shard.identity, *map(_modified, _paths(shard))] for shard in shards],
    ]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()


def _paths(shard: Shard) -> list[Path]:
    path: Path | None = getattr(shard.source, "path", None)
    return [path] if path else list(shard.saved)


def _modified(path: Path) -> int:
    """Return the modification time of the file at *path*, in nanoseconds; 0 if there is no such file."""
    return path.stat().st_mtime_ns if path.exists() else 0
