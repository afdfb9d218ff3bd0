"""`ArchiveIndex`: the exchanges in a set of WARC files, by method and URL, to be read back as recorded.

Built in one pass over the files; CDXJ files are neither needed nor trusted. Requests and 1xx responses are
matched to responses through WARC-Concurrent-To, in either direction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING
from urllib.parse import urldefrag
from zipfile import BadZipFile

from archive.errors import DamagedRecordError, MalformedMessageError
from archive.exchange import Capture, Exchange
from archive.message import body_start, parse_response, split_interim
from archive.reader import read_records
from archive.records import target_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.reader import WarcRecord
    from archive.sources import Source

_ID = "WARC-Record-ID"
_CONCURRENT = "WARC-Concurrent-To"
_RESPONSE_TYPES = {"response", "revisit"}
_NOT_MODIFIED = 304
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z)?)?)?")

#: Offset of a gzip member, and position of the record in it.
Place = tuple[int, int]


def parse_warc_date(value: str) -> datetime | None:
    """Parse a WARC-Date to an aware datetime in UTC; None if it is invalid.

    WARC/1.1 allows every precision from the year to the nanosecond; omitted parts get their minimum.
    """
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(group or least) for group, least in zip(
        match.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True
    ))  # fmt: skip
    microsecond = int((match[7] or "0").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedExchange:
    """An exchange in an archive: the places of its records, and the status of its response."""

    source: Source
    #: Position of `source` among the archive's files.
    file_number: int
    url: str
    method: str
    #: WARC-Date of the capture; aware, UTC.
    moment: datetime
    capture: Capture
    place: Place
    #: HTTP status; 0 if the archive holds no readable response.
    status: int
    #: The response was recorded to its end.
    complete: bool
    #: Places of the request record and of 1xx responses.
    companions: tuple[Place, ...] = ()
    #: Of a revisit: record id, URL and date of the response that it refers to.
    refers_to: tuple[str, str, str] | None = None
    #: The response that a revisit refers to, if found.
    payload: ArchivedExchange | None = None

    @property
    def order(self) -> tuple[datetime, int, Place]:
        """Sort key: chronological, the same on every machine."""
        return self.moment, self.file_number, self.place

    @property
    def _lacks_payload(self) -> bool:
        """It is a revisit of a response that is not in the archive."""
        return self.refers_to is not None and self.payload is None and self.status != _NOT_MODIFIED

    def read(self) -> Exchange:
        """Read the exchange as it was recorded.

        Raises DamagedRecordError.
        """
        with self.source.open() as stream:
            path = str(self.source)
            main = _record_at(self.place, stream, path)
            others = [_record_at(place, stream, path) for place in self.companions]
        records = [main, *others]
        request = next((r for r in records if r.type == "request"), None)
        interim = b"".join(r.block for r in records if r.type == "metadata" and _is_http(r))
        final = main.block if main.type in _RESPONSE_TYPES else b""
        if self.payload and self.status != _NOT_MODIFIED:
            earlier = split_interim(self.payload.read().received)[1]
            final += earlier[body_start(earlier) :]
        return Exchange(
            url=self.url,
            method=self.method,
            started=self.moment,
            sent=request.block if request else b"",
            received=interim + final,
            truncated=main.get("WARC-Truncated") or ("unspecified" if self._lacks_payload else ""),
            ip_address=main.get("WARC-IP-Address"),
            protocols=main.get_all("WARC-Protocol"),
            cipher=main.get("WARC-Cipher-Suite"),
            is_revisit=main.type == "revisit",
        )


def _is_http(record: WarcRecord) -> bool:
    """Return whether a metadata record holds a 1xx response rather than some tool's notes."""
    return record.get("Content-Type").lower().startswith("application/http")


def _record_at(place: Place, stream: IO[bytes], path: str) -> WarcRecord:
    offset, position = place
    for record in read_records(stream, path, offset):
        if record.position == position:
            return record
    raise DamagedRecordError(path, offset, f"has no record {position}")


class ArchiveIndex:
    """The exchanges in a set of WARC files."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Read *sources* once.

        Raises DamagedRecordError at the first truncated or unreadable record.
        """
        self._by_url: dict[tuple[str, str], list[ArchivedExchange]] = {}
        #: By record id, and by URL and date.
        self._found: dict[object, ArchivedExchange] = {}
        #: The latest WARC-Date among the exchanges; aware, UTC. None in an empty archive.
        self.clock: datetime | None = None
        #: Number of records skipped because their date cannot be read.
        self.undated = 0
        for number, source in enumerate(sources):
            try:
                self._add(source, number)
            except (BadZipFile, EOFError) as error:
                raise DamagedRecordError(str(source), 0, str(error)) from error
        for exchanges in self._by_url.values():
            exchanges.sort(key=lambda exchange: exchange.order)
        self._resolve()

    def _add(self, source: Source, number: int) -> None:
        for exchange in _IndexPass(source, number).exchanges():
            if exchange.moment == _UNDATED:
                self.undated += 1
                continue
            key = exchange.method, _address(exchange.url)
            self._by_url.setdefault(key, []).append(exchange)
            self.clock = max(exchange.moment, self.clock or exchange.moment)

    def _resolve(self) -> None:
        """Link each revisit to the response that it refers to, in any of the files.

        Some tools write revisits of revisits: such a chain is followed to the response at its end.
        """
        found = self._found
        for exchange in self:
            place = exchange.url, exchange.capture.date
            for key in (exchange.capture.record_id, place):
                # If a response and a revisit share a URL and date, the response has the payload.
                if key and (key not in found or exchange.refers_to is None):
                    found[key] = exchange
        for exchanges in self._by_url.values():
            for number, exchange in enumerate(exchanges):
                if exchange.refers_to:
                    payload = _end_of_chain(exchange, found)
                    is_whole = exchange.status == _NOT_MODIFIED or (payload is not None and payload.complete)
                    exchanges[number] = replace(exchange, payload=payload, complete=is_whole)

    def referred(self, revisit: WarcRecord) -> ArchivedExchange | None:
        """Return the exchange that the record *revisit* refers to; None if not found."""
        record_id, *place = refers_to(revisit)
        return self._found.get(record_id) or self._found.get(tuple(place))

    def __iter__(self) -> Iterator[ArchivedExchange]:
        """Yield every exchange, grouped by method and URL, oldest first."""
        for exchanges in self._by_url.values():
            yield from exchanges

    def find(self, method: str, url: str) -> list[ArchivedExchange]:
        """Return the exchanges for *url*, oldest first."""
        return self._by_url.get((method, _address(url)), [])


def _address(url: str) -> str:
    """Return *url* in the form in which requested and recorded URLs are compared."""
    return target_uri(urldefrag(url)[0])


def _end_of_chain(
    revisit: ArchivedExchange, found: dict[object, ArchivedExchange]
) -> ArchivedExchange | None:
    """Return the response at the end of the chain from *revisit*; None if missing, or if the chain loops."""
    here: ArchivedExchange | None = revisit
    passed: set[tuple[int, Place]] = set()
    while here and here.refers_to:
        if (here.file_number, here.place) in passed:
            return None
        passed.add((here.file_number, here.place))
        record_id, *place = here.refers_to
        here = found.get(record_id) or found.get(tuple(place))
    return here


_UNDATED = datetime.min.replace(tzinfo=UTC)


class _IndexPass:
    """One pass over one file, which joins responses with their requests and 1xx responses."""

    def __init__(self, source: Source, number: int) -> None:
        self._source = source
        self._number = number
        self._responses: dict[str, ArchivedExchange] = {}
        #: Requests without their blocks, to save memory on large archives; with their methods.
        self._requests: dict[str, tuple[WarcRecord, str]] = {}
        self._interim: dict[str, list[Place]] = {}
        self._response_ids: dict[str, str] = {}

    def exchanges(self) -> Iterator[ArchivedExchange]:
        with self._source.open() as stream:
            for record in read_records(stream, str(self._source)):
                self._note(record)
        for request_id, (record, method) in self._requests.items():
            response_id = self._response_ids.get(request_id) or record.get(_CONCURRENT)
            if response := self._responses.get(response_id):
                # A response to HEAD is complete without the body that its head announces.
                complete = response.complete or (method == "HEAD" and response.status > 0)
                places = ((record.offset, record.position), *response.companions)
                self._responses[response_id] = replace(
                    response, method=method, companions=places, complete=complete
                )
            else:
                self._responses[request_id] = replace(self._entry(record), method=method)
        for record_id, response in self._responses.items():
            places = (*response.companions, *self._interim.get(record_id, ()))
            yield replace(response, companions=places)

    def _note(self, record: WarcRecord) -> None:
        # The standard requires an id. If a careless tool wrote none, the place identifies the record.
        record_id = record.get(_ID) or f"{record.offset}/{record.position}"
        if record.type in _RESPONSE_TYPES:
            self._responses[record_id] = self._entry(record)
            for other in record.get_all(_CONCURRENT):
                self._response_ids[other] = record_id
        elif record.type == "request":
            method = record.block.partition(b" ")[0].decode("ascii", "replace")
            self._requests[record_id] = replace(record, block=b""), method
        elif record.type == "metadata" and record.get(_CONCURRENT) and _is_http(record):
            place = record.offset, record.position
            self._interim.setdefault(record.get(_CONCURRENT), []).append(place)

    def _entry(self, record: WarcRecord) -> ArchivedExchange:
        try:
            response = parse_response(record.block)
            status, complete = response.status, response.complete or response.until_close
        except MalformedMessageError:
            status, complete = 0, False
        return ArchivedExchange(
            source=self._source,
            file_number=self._number,
            url=record.target_uri,
            method="GET",
            moment=parse_warc_date(record.get("WARC-Date")) or _UNDATED,
            capture=capture_of(record, self._source.name),
            place=(record.offset, record.position),
            status=status,
            complete=complete and not record.get("WARC-Truncated"),
            refers_to=refers_to(record) if record.type == "revisit" else None,
        )


def refers_to(record: WarcRecord) -> tuple[str, str, str]:
    """Return record id, URL and date of the response that the revisit *record* refers to."""
    names = ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
    record_id, url, date = (record.get(name) for name in names)
    return record_id, url.strip("<>"), date


def capture_of(record: WarcRecord, file: str) -> Capture:
    """Return the pointer to *record* in the WARC file named *file*."""
    return Capture(
        file=file,
        offset=record.offset,
        length=record.length,
        record_id=record.get(_ID),
        date=record.get("WARC-Date"),
        payload_digest=record.get("WARC-Payload-Digest") or None,
    )
