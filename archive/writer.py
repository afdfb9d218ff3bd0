"""`WarcWriter`: exchanges in, WARC files and index lines out.

Guaranteed order: a record's bytes are passed to the operating system before its index line, and both before
the caller gets the pointer to the record. Until a file is closed, its name ends in `.open` and its index
lines are kept in a separate file beside the index (see `archive.collection`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from archive import cdxj, records
from archive.compression import COMPRESSIONS
from archive.errors import ArchiveWriteError, MalformedMessageError
from archive.exchange import Capture
from archive.message import body_start, parse_response, redacted, split_interim
from archive.payloads import Known, KnownPayloads, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta
    from pathlib import Path

    from archive.collection import Collection
    from archive.compression import Compress
    from archive.exchange import Exchange
    from archive.message import HttpResponse

_HTTP = "application/http; msgtype="
_OK = 200
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterOptions:
    """Options of a `WarcWriter`."""

    #: A WARC file that reaches this size, or this age, is closed and the next one begun.
    max_bytes: int
    max_age: timedelta
    #: "gzip", which every tool can read, or "zstd".
    compression: str = "gzip"
    #: Digest algorithm: "sha1", customary in WARC files, or "sha256".
    digest: str = "sha1"
    #: Names of HTTP headers, in lower case, whose values are redacted.
    redacted: frozenset[bytes] = frozenset()
    #: Write a body that the collection already holds as a revisit.
    deduplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _ParsedResponse:
    """The bytes of a final response, parsed once."""

    block: bytes
    #: None if the bytes are not an HTTP message; then there is no payload either.
    response: HttpResponse | None = None
    payload_digest: str | None = None
    #: `key_of` its body; empty if it has none.
    key: bytes = b""


class _GrowingFile:
    """A file that grows by whole records; a partly written record is removed."""

    def __init__(self, path: Path, compress: Compress) -> None:
        self.path = path
        self._compress = compress
        self.size = 0
        self._file: BinaryIO = path.open("wb", buffering=0)

    def append(self, record: bytes, coded: int = 0, *, quick: bool = False) -> tuple[int, int]:
        """Compress and write *record*; return its offset and length.

        Its last *coded* bytes are already compressed. *quick* saves time at the cost of size. Raises
        ArchiveWriteError.
        """
        offset, self.size = self.size, self._write(self._compress(record, coded, quick=quick))
        return offset, self.size - offset

    def _write(self, data: bytes) -> int:
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self.size)
                self._file.seek(self.size)
            raise ArchiveWriteError(f"{self.path}: {error.strerror}") from error
        return self.size + len(data)

    def close(self) -> None:
        """Flush the file to disk (fsync) and close it. Raises ArchiveWriteError."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise ArchiveWriteError(f"{self.path}: {error.strerror}") from error
        finally:
            self._file.close()


class WarcWriter:
    """Writes the exchanges of one crawl into a collection.

    *clock* and *new_id* supply every date and record id that is not part of an exchange.
    """

    def __init__(
        self,
        collection: Collection,
        crawl: str,
        warcinfo: Mapping[str, str],
        *,
        options: WriterOptions,
        clock: Callable[[], datetime],
        new_id: Callable[[str], str],
    ) -> None:
        self._collection = collection
        self._crawl = crawl
        self._info = {**warcinfo, "isPartOf": collection.name, "job": crawl}
        self._options = options
        self._suffix, self._compress = COMPRESSIONS[options.compression]
        self._clock = clock
        self._new_id = new_id
        self._payloads = KnownPayloads(
            collection.payloads if options.deduplicate else None, collection.archive
        )
        self._file: _GrowingFile | None = None
        self._name = ""
        self._begun = clock()
        self._warcinfo_id = ""
        #: Names of the files written so far, the current one included.
        self.files: list[str] = []
        #: Bytes of the files closed so far.
        self._closed_bytes = 0

    @property
    def bytes_written(self) -> int:
        """Compressed bytes written to all files."""
        return self._closed_bytes + (self._file.size if self._file else 0)

    def write(self, exchange: Exchange) -> Capture | None:
        """Write the records of *exchange*; return a pointer to its response, or None if there is none.

        Raises ArchiveWriteError when the disk fails; the file then ends after the previous record.
        """
        file = self._ready_file()
        interim, final = split_interim(exchange.received)
        parsed = self._parse(final, exchange.method)
        response_id = self._record_id(exchange, "response")
        concurrent = [("WARC-Concurrent-To", response_id)] if final else []
        capture, known = None, None
        if final:
            known = self._known(exchange, parsed)
            capture = self._write_response(file, exchange, response_id, parsed, known)
            self._remember(exchange, parsed, capture, known)
        self._write_part(file, exchange, "request", exchange.sent, concurrent)
        for number, block in enumerate(interim):
            self._write_part(file, exchange, f"interim-{number}", block, concurrent)
        if capture and parsed.response:
            url, is_revisit = records.target_uri(exchange.url), known is not None
            line = cdxj.line(url, capture, parsed.response, is_revisit=is_revisit)
            self._collection.append_index_line(self._name, line)
        return capture

    def _parse(self, block: bytes, method: str) -> _ParsedResponse:
        try:
            response = parse_response(block, method)
        except MalformedMessageError:
            return _ParsedResponse(block=block)
        key = key_of(block[body_start(block) :]) if response.body else b""
        return _ParsedResponse(
            block=block, response=response, payload_digest=self._digest(response.body), key=key
        )

    def _write_response(
        self,
        file: _GrowingFile,
        exchange: Exchange,
        record_id: str,
        parsed: _ParsedResponse,
        known: Known | None,
    ) -> Capture:
        """Write *parsed* as a response record, or its head as a revisit record of *known*."""
        head = body_start(parsed.block)
        is_same = known is not None and parsed.payload_digest == known.payload_digest
        # Of a 304 all is kept: it has no body, and what a server sent after it is not in the original.
        kept = parsed.block[:head] if is_same else parsed.block
        block, headers = self._common(exchange, record_id, kept)
        if parsed.payload_digest:
            headers.append(("WARC-Payload-Digest", parsed.payload_digest))
        if exchange.truncated:
            headers.append(("WARC-Truncated", exchange.truncated))
        if known:
            headers += records.revisit_headers(known, is_same=is_same)
        # Readers fail on bytes declared as an HTTP message that are not one.
        content_type = f"{_HTTP}response" if parsed.response else "application/octet-stream"
        record = records.record("revisit" if known else "response", headers, content_type, block)
        is_coded = known is None and parsed.response is not None and parsed.response.is_compressed
        coded = len(parsed.block) - head + len(records.END) if is_coded else 0
        offset, length = file.append(record, coded)
        return Capture(
            file=self._name,
            offset=offset,
            length=length,
            record_id=record_id,
            date=records.warc_date(exchange.started),
            payload_digest=parsed.payload_digest,
        )

    def _known(self, exchange: Exchange, parsed: _ParsedResponse) -> Known | None:
        """Return the earlier response with the payload of *parsed*; None if there is none."""
        may_refer = self._options.deduplicate or exchange.is_revisit
        response = parsed.response
        if not may_refer or response is None or exchange.truncated:
            return None
        if response.status == _NOT_MODIFIED:
            return self._payloads.latest(records.target_uri(exchange.url))
        if not parsed.key or not (response.complete or response.until_close):
            return None
        return self._payloads.find(parsed.key, parsed.payload_digest or "")

    def _remember(
        self, exchange: Exchange, parsed: _ParsedResponse, capture: Capture, known: Known | None
    ) -> None:
        """Let later exchanges refer to this response, or to the response it refers to."""
        if parsed.response is None or not parsed.key or exchange.truncated:
            return
        url = records.target_uri(exchange.url)
        if known is None:
            known = Known(url, capture.date, capture.record_id, parsed.payload_digest or "", capture.file)
            self._payloads.add(parsed.key, known)
        if parsed.response.status == _OK and exchange.method == "GET":
            self._payloads.add_latest(url, known)

    def _write_part(
        self, file: _GrowingFile, exchange: Exchange, part: str, block: bytes, concurrent: records.Headers
    ) -> None:
        """Write a record that accompanies a response: its request, or a 1xx response before it.

        A 1xx response becomes a `metadata` record, because readers take the first head for the response.
        """
        record_id = self._record_id(exchange, part)
        block, headers = self._common(exchange, record_id, block)
        headers += concurrent
        if part == "request":
            body = block.partition(b"\r\n\r\n")[2]
            headers.append(("WARC-Payload-Digest", self._digest(body)))
            file.append(records.record("request", headers, f"{_HTTP}request", block))
        else:
            file.append(records.record("metadata", headers, f"{_HTTP}response", block))

    def _common(self, exchange: Exchange, record_id: str, block: bytes) -> tuple[bytes, records.Headers]:
        """Return *block* redacted, and the headers common to all records of *exchange*."""
        block, names = redacted(block, self._options.redacted)
        headers = records.exchange_headers(exchange, record_id, self._warcinfo_id, self._digest(block))
        if names:
            headers.append((records.REDACTED, ", ".join(names)))
        return block, headers

    def _digest(self, data: bytes) -> str:
        return records.digest(data, self._options.digest)

    def write_metadata(self, url: str, capture: Capture, content_type: str, block: bytes) -> None:
        """Write a metadata record that refers to the response at *capture*.

        Raises ArchiveWriteError as `write` does.
        """
        headers = [
            ("WARC-Record-ID", self._new_id(f"metadata {capture.record_id}")),
            ("WARC-Target-URI", records.target_uri(url)),
            ("WARC-Date", capture.date),
            ("WARC-Warcinfo-ID", self._warcinfo_id),
            ("WARC-Refers-To", capture.record_id),
            ("WARC-Block-Digest", self._digest(block)),
        ]
        self._ready_file().append(records.record("metadata", headers, content_type, block), quick=True)

    def _record_id(self, exchange: Exchange, part: str) -> str:
        moment = records.warc_date(exchange.started)
        return self._new_id(f"{part} {moment} {exchange.method} {exchange.url}")

    def _ready_file(self) -> _GrowingFile:
        if self._file and (
            self._file.size >= self._options.max_bytes or self._clock() - self._begun >= self._options.max_age
        ):
            self.close()
        if self._file is None:
            self._file = self._begin_file()
        return self._file

    def _begin_file(self) -> _GrowingFile:
        self._begun = self._clock()
        self._name = self._collection.new_warc_name(self._begun, self._crawl, self.files, self._suffix)
        self.files.append(self._name)
        try:
            file = _GrowingFile(self._collection.open_path(self._name), self._compress)
        except OSError as error:
            raise ArchiveWriteError(f"{error.filename}: {error.strerror}") from error
        self._warcinfo_id = self._new_id(f"warcinfo {self._name}")
        date = records.warc_date(self._begun)
        file.append(
            records.warcinfo(self._warcinfo_id, date, self._name, self._info, algorithm=self._options.digest)
        )
        return file

    def close(self) -> None:
        """Close the current file, rename it to its final name and merge its lines into the index.

        Raises ArchiveWriteError.
        """
        if self._file is None:
            return
        file, self._file = self._file, None
        file.close()
        self._closed_bytes += file.size
        self._collection.publish(self._name)
        self._payloads.publish()

    def drop_earlier_run(self) -> None:
        """Remove the files of an earlier run of the same crawl that this run has not replaced.

        Raises ArchiveWriteError.
        """
        self._collection.drop_others(self._crawl, self.files)
