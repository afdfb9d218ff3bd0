"""`UploadLog`: which files of a collection are elsewhere, too; `uploads.jsonl` says so, a line each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was uploaded, as it was read back."""

    #: Its path in the collection.
    file: str
    url: str
    size: int
    sha256: str


class UploadLog:
    """The uploads noted in the file at *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Upload]:
        """Yield what was uploaded; a torn line says nothing."""
        if not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    yield Upload(**json.loads(line))
                except (TypeError, ValueError):
                    continue

    def note(self, upload: Upload) -> None:
        """Add *upload*. Raises OSError."""
        with self._path.open("ab") as lines:
            # After a torn line, a new one.
            lines.write(b"\n" * self._is_torn() + json.dumps(asdict(upload)).encode() + b"\n")

    def _is_torn(self) -> bool:
        data = self._path.read_bytes()[-1:]
        return data not in {b"", b"\n"}

    def removed(self) -> set[str]:
        """Return the names of the WARC files that are elsewhere alone."""
        root = self._path.parent
        paths = (root / each.file for each in self if each.file.startswith("archive/"))
        return {path.name for path in paths if not path.exists()}
