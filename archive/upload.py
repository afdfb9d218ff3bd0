"""`Uploader`: uploads closed files to an object store, or to any other storage that fsspec can write to.

Each uploaded file is read back and its SHA-256 compared. Only then is it logged as uploaded, and only then
may the local WARC file be removed. An interrupted run continues from the collection's upload log.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from archive.collection import index_lines
from archive.errors import ArchiveWriteError
from archive.remote import filesystem, open_remote, remote_errors
from archive.upload_log import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from archive.collection import Collection

_PIECE = 1 << 20


class Uploader:
    """Uploads the closed files of *collection* to the folder *url*; *removes* the local WARC files if asked.

    Raises NotAnArchiveError when *url* is not supported or a library is missing.
    """

    def __init__(self, collection: Collection, url: str, *, removes: bool = False) -> None:
        # Fail early on an unusable URL.
        filesystem(url)
        self._collection = collection
        self._root = f"{url.rstrip('/')}/{collection.name}"
        self._removes = removes

    def run(self, more: Iterable[Path] = ()) -> Iterator[Upload]:
        """Upload each closed WARC file, with its index lines, and the files *more*; yield each new upload.

        Files already in the upload log are skipped. Raises ArchiveWriteError, naming the URL, when an upload
        fails or the remote copy differs.
        """
        known = {(each.file, each.url, each.size) for each in self._collection.upload_log}
        for path in [*self._collection.warc_files(), *more]:
            name, size = path.relative_to(self._collection.root).as_posix(), path.stat().st_size
            url = f"{self._root}/{name}"
            is_warc = path.parent == self._collection.archive
            if (name, url, size) not in known:
                if is_warc:
                    lines = "".join(f"{line}\n" for line in sorted(index_lines(path)))
                    _put([lines.encode()], f"{self._root}/indexes/{path.name}.cdxj")
                upload = Upload(file=name, url=url, size=size, sha256=_put(_pieces(path), url))
                self._collection.upload_log.note(upload)
                yield upload
            if self._removes and is_warc:
                path.unlink()


def _put(pieces: Iterable[bytes], url: str) -> str:
    """Write *pieces* to *url*, read them back and compare; return their SHA-256 in hex."""
    storage, path = filesystem(url)
    sent, there = hashlib.sha256(), hashlib.sha256()
    try:
        with remote_errors(url):
            storage.makedirs(path.rpartition("/")[0], exist_ok=True)
            with storage.open(path, "wb") as out:
                for piece in pieces:
                    sent.update(piece)
                    out.write(piece)
        with open_remote(url) as stream:
            _each(partial(stream.read, _PIECE), there.update)
    except OSError as error:
        raise ArchiveWriteError(f"{url}: {error.strerror or error}") from error
    if sent.digest() != there.digest():
        raise ArchiveWriteError(f"{url}: the remote copy differs from the bytes sent")
    return sent.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(partial(file.read, _PIECE), b"")


def _each(read: Callable[[], bytes], use: Callable[[bytes], None]) -> None:
    for piece in iter(read, b""):
        use(piece)
