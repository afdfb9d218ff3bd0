"""Verify an archive: every digest, every index line, every pointer.

Each fault is reported in one line with file and offset. Nothing is changed; `Collection.mend` repairs.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from archive import cdxj
from archive.errors import MalformedMessageError
from archive.exchange import Capture
from archive.index import capture_of
from archive.message import parse_response
from archive.reader import salvage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from archive.reader import WarcRecord
    from archive.sources import WarcSource

_ALGORITHMS = {"sha1", "sha256", "sha384", "sha512", "md5"}
_CAPTURES = {"response", "revisit"}


@dataclass(slots=True)
class Findings:
    """Numbers of checked files, records, index lines and pointers, and of faults."""

    files: int = 0
    records: int = 0
    index_lines: int = 0
    pointers: int = 0
    faults: int = 0

    def __str__(self) -> str:
        seen = (f"{getattr(self, field.name)} {field.name.replace('_', ' ')}" for field in fields(self)[:-1])
        return f"{', '.join(seen)}: {self.faults or 'no'} fault{'s' * (self.faults != 1)}"


class Verifier:
    """Checks WARC files, then the index lines and pointers into them; passes each fault to *report*."""

    def __init__(
        self,
        report: Callable[[str], None],
        findings: Findings | None = None,
        elsewhere: AbstractSet[str] = frozenset(),
    ) -> None:
        self.findings = findings or Findings()
        self._report = report
        #: Names of files removed after upload: pointers into them cannot be checked.
        self._elsewhere = elsewhere
        #: Captures and their URLs in the files checked, by file name and offset.
        self._captures: dict[tuple[str, int], tuple[Capture, str]] = {}
        self._indexed: set[tuple[str, int]] = set()
        self._unindexable: set[tuple[str, int]] = set()
        self._references: dict[str, str] = {}

    def fault(self, message: str) -> None:
        """Count and report a fault."""
        self.findings.faults += 1
        self._report(message)

    def warc(self, source: WarcSource) -> Iterator[WarcRecord]:
        """Check every record of the file *source*; yield each checked record, for progress."""
        self.findings.files += 1
        ids: set[str] = set()
        try:
            with source.open() as stream:
                for record in salvage(stream, str(source), lambda damage: self.fault(str(damage))):
                    self.findings.records += 1
                    self._record(record, source, ids)
                    yield record
        except OSError as error:
            self.fault(f"{source}: {error.strerror}")
        except (BadZipFile, EOFError) as error:
            self.fault(f"{source}: {error}")

    def _record(self, record: WarcRecord, source: WarcSource, ids: set[str]) -> None:
        place = f"{source}: record at offset {record.offset}"
        record_id = record.get("WARC-Record-ID")
        if record_id in ids or not record_id:
            self.fault(f"{place}: {f'id {record_id} occurs twice' if record_id else 'has no id'}")
        ids.add(record_id)
        if record.type in _CAPTURES:
            capture = capture_of(record, source.name)
            self._captures[source.name, record.offset] = capture, record.target_uri
            if record.type == "revisit" and (refers_to := record.get("WARC-Refers-To")):
                self._references[place] = refers_to
            if record.type == "response" and not _is_indexed(record):
                # Bytes that are not an HTTP message have no status, so no index line.
                self._unindexable.add((source.name, record.offset))
        for name in ("WARC-Block-Digest", "WARC-Payload-Digest"):
            said = record.get(name)
            payloads = [record.block] if "Block" in name else list(_payloads(record))
            if not said or not payloads or any(_is_digest_of(said, payload) for payload in payloads):
                continue
            self.fault(f"{place}: {name} is {said}, but its bytes give {_digest_like(said, payloads[0])}")

    def references(self) -> None:
        """Check that each revisit refers to a response in the files checked.

        Skipped if files were removed after upload.
        """
        ids = {capture.record_id for capture, _ in self._captures.values()}
        for place, record_id in self._references.items():
            if record_id not in ids and not self._elsewhere:
                self.fault(f"{place}: refers to {record_id}, which is missing")

    def index(self, path: Path, sources: Iterable[str], files: Iterable[Path]) -> None:
        """Check the CDXJ index *files*: each response in the WARC files *sources* must have a line.

        *path* is the index file named in faults about missing lines.
        """
        for file in files:
            with file.open(encoding="utf-8", errors="replace") as lines:
                self.index_lines(str(file), (line.rstrip("\n") for line in lines))
        covered = self._indexed | self._unindexable
        for (name, offset), (_, url) in self._captures.items():
            if name in sources and (name, offset) not in covered:
                self.fault(f"{path}: has no line for {url} in {name} at offset {offset}")

    def index_lines(self, path: str, lines: Iterable[str]) -> None:
        """Check the CDXJ *lines* of the index at *path*."""
        previous = ""
        for number, line in enumerate(lines, 1):
            self.findings.index_lines += 1
            if line < previous:
                self.fault(f"{path}:{number}: not in order")
            previous = line
            self._index_line(f"{path}:{number}", line)

    def _index_line(self, place: str, line: str) -> None:
        entry = cdxj.fields_of(line)
        if entry is None:
            self.fault(f"{place}: not a CDXJ line")
            return
        key = str(entry.get("filename")), _number(entry.get("offset"))
        if key[0] in self._elsewhere:
            return
        if key not in self._captures:
            self.fault(f"{place}: points to {key[0]} at offset {key[1]}, where no response begins")
            return
        if key in self._indexed:
            self.fault(f"{place}: {key[0]} at offset {key[1]} already has a line")
        self._indexed.add(key)
        capture, url = self._captures[key]
        wanted = {
            "url": url,
            "length": str(capture.length),
            "digest": capture.payload_digest,
        }
        for name, value in wanted.items():
            if (
                name in entry
                and value is not None
                and str(entry[name]) not in {value, value.partition(":")[2]}
            ):
                self.fault(f"{place}: {name} is {entry[name]}, the record has {value}")

    def pointers(self, path: Path) -> None:
        """Check the JSONL at *path*: the `capture` of each line must be a response in the files checked."""
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                place = f"{path}:{number}"
                try:
                    item: dict[str, Any] = json.loads(line)
                    pointer = item["capture"]
                    capture = Capture(**pointer) if pointer is not None else None
                    hash(capture)
                except (KeyError, TypeError, ValueError):
                    self.fault(f"{place}: not an item with a capture")
                    continue
                if not line.endswith(b"\n"):
                    self.fault(f"{place}: the line does not end with a newline")
                if capture is None or capture.file in self._elsewhere:
                    continue
                self.findings.pointers += 1
                known = self._captures.get((capture.file, capture.offset))
                if known is None:
                    self.fault(
                        f"{place}: points to {capture.file} at offset {capture.offset}: no response there"
                    )
                elif known[0] != capture:
                    self.fault(
                        f"{place}: points to {capture.file} at offset {capture.offset}: another record"
                    )


def _is_indexed(record: WarcRecord) -> bool:
    """Return whether a response must have an index line: only HTTP messages do."""
    if "http" not in record.get("Content-Type").lower():
        return False
    try:
        parse_response(record.block)
    except MalformedMessageError:
        return False
    return True


def _payloads(record: WarcRecord) -> Iterator[bytes]:
    """Yield the byte strings that the payload digest of *record* may have been computed over.

    First the body without transfer coding, as the standard requires; then with it, as some tools hash it.
    Nothing for revisits and segments: their digest covers a payload that is not in the record.
    """
    if record.get("WARC-Segment-Number"):
        return
    if record.type == "response" and "http" in record.get("Content-Type").lower():
        try:
            yield parse_response(record.block).body
        except MalformedMessageError:
            return
        yield record.block.partition(b"\r\n\r\n")[2]
    elif record.type == "request":
        yield record.block.partition(b"\r\n\r\n")[2]
    elif record.type != "revisit":
        yield record.block


def _is_digest_of(said: str, data: bytes) -> bool:
    """Return whether *said* is the digest of *data*, in any encoding; True for unknown algorithms."""
    algorithm, _, value = said.partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in _ALGORITHMS:
        return True
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    plain = value.rstrip("=")
    spellings = {digest.hex(), base64.b32encode(digest).decode().rstrip("=").lower()}
    return plain.lower() in spellings or plain == base64.b64encode(digest).decode().rstrip("=")


def _digest_like(said: str, data: bytes) -> str:
    """Return the digest of *data* in the algorithm of *said*, labelled and in base32."""
    algorithm = said.partition(":")[0]
    digest = hashlib.new(algorithm.lower().replace("-", ""), data, usedforsecurity=False).digest()
    return f"{algorithm}:{base64.b32encode(digest).decode()}"


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else -1
