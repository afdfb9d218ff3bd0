"""What can go wrong with an archive, by whose fault.

ArchiveError
├── NotAnArchiveError      the path given holds no WARC
├── DamagedRecordError     a WARC record is cut or unreadable
├── MalformedMessageError  the bytes of a record are not an HTTP message
├── ArchiveInUseError      another process holds the collection
└── ArchiveWriteError      the disk refused
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Base of every error that this package raises on purpose."""


class NotAnArchiveError(ArchiveError):
    """A path that should hold WARC files does not. Raised when sources are looked up."""


class DamagedRecordError(ArchiveError):
    """A WARC record cannot be read whole. Raised while reading, with the place."""

    def __init__(self, path: str, offset: int, reason: str) -> None:
        super().__init__(f"{path}: record at offset {offset}: {reason}")
        self.path = path
        self.offset = offset
        self.reason = reason


class MalformedMessageError(ArchiveError):
    """Bytes that should be an HTTP/1.x message are not."""


class ArchiveInUseError(ArchiveError):
    """Another process writes this collection. Raised when a collection is opened."""


class ArchiveWriteError(ArchiveError):
    """A record could not be put on disk; what was there before is still whole."""
