"""Read WARC files in object stores and on web servers, through fsspec and range requests."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from archive.errors import NotAnArchiveError
from archive.suffixes import EXPECTED, is_archive, is_wacz, is_warc, warc_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_GLOB = re.compile(r"[*\[]")
_WEB = ("http://", "https://")
_BLOCK = 4 * 1024 * 1024  # bytes fetched per request


def is_remote(location: str) -> bool:
    """Return whether *location* is a URL rather than a path."""
    return _URL.match(location) is not None


@contextmanager
def remote_errors(url: str) -> Iterator[None]:
    """Convert the errors of storage libraries to OSError, naming *url*."""
    # A library that is not loaded cannot raise its errors.
    loaded = (
        ("aiohttp", "ClientError"),
        ("botocore.exceptions", "BotoCoreError"),
        ("botocore.exceptions", "ClientError"),
    )
    kinds = tuple(getattr(sys.modules[name], kind) for name, kind in loaded if name in sys.modules)
    try:
        yield
    except kinds as error:
        raise OSError(0, f"{type(error).__name__}: {error}", url) from error
    except FileNotFoundError as error:
        raise FileNotFoundError(error.errno or 2, "no such file", url) from error
    except (OSError, TimeoutError) as error:
        raise OSError(error.errno or 0, error.strerror or str(error) or type(error).__name__, url) from error


def filesystem(url: str) -> tuple[Any, str]:
    """Return the fsspec file system for *url*, and the path of *url* in it.

    Raises NotAnArchiveError when *url* is not supported or a library is not installed.
    """
    try:
        import fsspec  # noqa: PLC0415  an extra
    except ImportError as error:
        raise NotAnArchiveError(f"{url}: reading it needs fsspec: pip install 'banluu[remote]'") from error
    try:
        with remote_errors(url):
            found: tuple[Any, str] = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise NotAnArchiveError(f"{url}: {error}; install it with pip install 'banluu[remote]'") from error
    except ValueError as error:
        raise NotAnArchiveError(f"{url}: {error}") from error
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSource:
    """One WARC file at a URL, or inside the WACZ package at that URL."""

    url: str
    member: str = ""

    @property
    def name(self) -> str:
        """The file name without its folder, as used in index lines and captures."""
        return PurePosixPath(self.member or self.url.partition("?")[0]).name

    def __str__(self) -> str:
        return f"{self.url}:{self.member}" if self.member else self.url

    @property
    def size(self) -> int:
        """Size in bytes; 0 if the server does not send it."""
        storage, path = filesystem(self.url)
        with remote_errors(self.url):
            return int(storage.info(path).get("size") or 0)

    def open(self) -> IO[bytes]:
        """Open the WARC file for reading, as a seekable stream.

        Raises OSError.
        """
        stream = open_remote(self.url)
        if not self.member:
            return stream
        with zipfile.ZipFile(stream) as package:
            return package.open(self.member)


def open_remote(url: str) -> IO[bytes]:
    """Open the file at *url* as a seekable stream that raises only OSError."""
    storage, path = filesystem(url)
    with remote_errors(url):
        file = storage.open(path, "rb", block_size=_BLOCK)
    return io.BufferedReader(_Stream(file, url), buffer_size=1 << 16)


class _Stream(io.RawIOBase):
    """Adapts a file of fsspec to Python's raw stream interface."""

    def __init__(self, file: Any, url: str) -> None:
        self._file = file
        self._url = url

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        with remote_errors(self._url):
            data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        with remote_errors(self._url):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            with remote_errors(self._url):
                self._file.close()
        super().close()


def find_remote(url: str) -> list[RemoteSource]:
    """Return the WARC files at *url*: a file, a WACZ or, except on web servers, a folder or glob.

    Raises NotAnArchiveError or OSError.
    """
    storage, path = filesystem(url)
    urls = [url]
    if not url.lower().startswith(_WEB):
        with remote_errors(url):
            if _GLOB.search(path):
                urls = [storage.unstrip_protocol(each) for each in sorted(storage.glob(path))]
            elif storage.isdir(path):
                found = (storage.unstrip_protocol(each) for each in sorted(storage.find(path)))
                urls = [each for each in found if is_archive(each)]
    sources = [source for each in urls for source in _in_file(each)]
    if not sources:
        raise NotAnArchiveError(f"{url}: holds no {EXPECTED} file")
    return sources


def _in_file(url: str) -> list[RemoteSource]:
    path = url.partition("?")[0]
    if is_warc(path):
        return [RemoteSource(url=url)]
    if not is_wacz(path):
        raise NotAnArchiveError(f"{url}: not a {EXPECTED} file")
    try:
        with open_remote(url) as stream:
            members = warc_members(stream)
    except zipfile.BadZipFile as error:
        raise NotAnArchiveError(f"{url}: not a readable WACZ: {error}") from error
    return [RemoteSource(url=url, member=name) for name in members]
