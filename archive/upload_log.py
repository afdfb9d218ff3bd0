"""`UploadLog`: the uploaded files of a collection, one line each in `uploads.jsonl`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded file whose remote copy was read back and verified."""

    #: Path inside the collection.
    file: str
    url: str
    size: int
    sha256: str


class UploadLog:
    """The uploads logged in the file at *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Upload]:
        """Yield the uploads in order; skip torn lines."""
        if not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    yield Upload(**json.loads(line))
                except (TypeError, ValueError):
                    continue

    def note(self, upload: Upload) -> None:
        """Append *upload* to the log. Raises OSError."""
        with self._path.open("ab") as lines:
            # Start a new line after a torn one.
            lines.write(b"\n" * self._is_torn() + json.dumps(asdict(upload)).encode() + b"\n")

    def _is_torn(self) -> bool:
        data = self._path.read_bytes()[-1:]
        return data not in {b"", b"\n"}

    def removed(self) -> set[str]:
        """Return the names of the uploaded WARC files that no longer exist locally."""
        root = self._path.parent
        paths = (root / each.file for each in self if each.file.startswith("archive/"))
        return {path.name for path in paths if not path.exists()}
