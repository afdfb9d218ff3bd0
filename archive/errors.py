"""Errors that this package raises, by whose fault they are.

ArchiveError
├── NotAnArchiveError      the given path holds no WARC file
├── DamagedRecordError     a WARC record is cut or unreadable
├── MalformedMessageError  the bytes of a record are not an HTTP message
├── ArchiveInUseError      another process holds the collection
└── ArchiveWriteError      a write to disk or to an object store failed
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Base of all errors that this package raises on purpose."""


class NotAnArchiveError(ArchiveError):
    """A path that should hold WARC files holds none. Raised when sources are looked up."""


class DamagedRecordError(ArchiveError):
    """A WARC record is cut or unreadable. Raised while reading, with path and offset."""

    def __init__(self, path: str, offset: int, reason: str) -> None:
        super().__init__(f"{path}: record at offset {offset}: {reason}")
        self.path = path
        self.offset = offset
        self.reason = reason


class MalformedMessageError(ArchiveError):
    """Bytes that should be an HTTP/1.x message are not one."""


class ArchiveInUseError(ArchiveError):
    """Another process holds this collection's lock. Raised when the lock is taken."""


class ArchiveWriteError(ArchiveError):
    """A write failed. Everything written before it is still intact."""
