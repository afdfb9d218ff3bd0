"""HTTP exchanges on disk, as evidence: WARC/1.1 files, their CDXJ index, and reading them back.

It imports nothing of crawler or Scrapy, so it can be used alone.
Order it keeps: record, then index line, then the caller's pointer; a file is renamed before it is indexed.
"""

from archive.collection import Collection
from archive.errors import (
    ArchiveError,
    ArchiveInUseError,
    ArchiveWriteError,
    DamagedRecordError,
    MalformedMessageError,
    NotAnArchiveError,
)
from archive.exchange import Capture, Exchange
from archive.index import ArchivedExchange, ArchiveIndex, capture_of
from archive.message import HttpResponse, decode_content, decoded, parse_response
from archive.originals import Originals
from archive.package import PackageCheck, PackedPage, load_private_key, pack
from archive.playback import Playback
from archive.reader import WarcRecord, read_member, read_records, salvage
from archive.remote import RemoteSource, find_remote, is_remote, open_remote
from archive.sources import Source, WarcSource, find_sources
from archive.upload import Uploader
from archive.upload_log import Upload
from archive.verify import Findings, Verifier
from archive.writer import WarcWriter, WriterOptions

__all__ = [
    "ArchiveError",
    "ArchiveInUseError",
    "ArchiveIndex",
    "ArchiveWriteError",
    "ArchivedExchange",
    "Capture",
    "Collection",
    "DamagedRecordError",
    "Exchange",
    "Findings",
    "HttpResponse",
    "MalformedMessageError",
    "NotAnArchiveError",
    "Originals",
    "PackageCheck",
    "PackedPage",
    "Playback",
    "RemoteSource",
    "Source",
    "Upload",
    "Uploader",
    "Verifier",
    "WarcRecord",
    "WarcSource",
    "WarcWriter",
    "WriterOptions",
    "capture_of",
    "decode_content",
    "decoded",
    "find_remote",
    "find_sources",
    "is_remote",
    "load_private_key",
    "open_remote",
    "pack",
    "parse_response",
    "read_member",
    "read_records",
    "salvage",
]
