"""`ArchiveIndex`: which exchanges some WARC files hold, by method and URL, and each as it was.

Built by one pass over the files, so it needs no index beside them and trusts none. Requests and
1xx answers are found through WARC-Concurrent-To, in either direction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from archive.errors import DamagedRecordError, MalformedMessageError
from archive.exchange import Capture, Exchange
from archive.message import parse_response
from archive.reader import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.reader import WarcRecord
    from archive.sources import WarcSource

_DATE = "WARC-Date"
_ID = "WARC-Record-ID"
_CONCURRENT = "WARC-Concurrent-To"
_TARGET = "WARC-Target-URI"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedExchange:
    """An exchange in an archive: where its records lie and what answer it holds."""

    source: WarcSource
    url: str
    method: str
    #: The capture's date; aware, UTC.
    moment: datetime
    capture: Capture
    #: HTTP status; 0 where the archive holds no readable response.
    status: int
    #: The response is there to its end.
    complete: bool
    #: Offsets of the request record and of 1xx answers.
    companions: tuple[int, ...] = ()

    @property
    def order(self) -> tuple[str, str, int]:
        """Sort key: the order of time, the same on every machine."""
        return self.capture.date, self.source.name, self.capture.offset

    def read(self) -> Exchange:
        """Read the exchange back, as it was recorded.

        Raises DamagedRecordError.
        """
        with self.source.open() as stream:
            records = [
                next(read_records(stream, str(self.source), offset))
                for offset in (self.capture.offset, *self.companions)
            ]
        request = next((r for r in records if r.type == "request"), None)
        interim = b"".join(r.block for r in records if r.type == "metadata")
        final = next((r for r in records if r.type == "response"), None)
        main = records[0]
        return Exchange(
            url=self.url,
            method=self.method,
            started=self.moment,
            sent=request.block if request else b"",
            received=interim + (final.block if final else b""),
            truncated=main.get("WARC-Truncated"),
            ip_address=main.get("WARC-IP-Address"),
            protocols=main.get_all("WARC-Protocol"),
            cipher=main.get("WARC-Cipher-Suite"),
        )


class ArchiveIndex:
    """The exchanges of some WARC files."""

    def __init__(self, sources: Iterable[WarcSource]) -> None:
        """Read *sources* once.

        Raises DamagedRecordError at a record that is cut or unreadable.
        """
        self._by_url: dict[tuple[str, str], list[ArchivedExchange]] = {}
        #: The latest WARC-Date among the exchanges; aware, UTC. None in an empty archive.
        self.clock: datetime | None = None
        for source in sources:
            for exchange in _exchanges(source):
                key = exchange.method, urldefrag(exchange.url)[0]
                self._by_url.setdefault(key, []).append(exchange)
                self.clock = max(exchange.moment, self.clock or exchange.moment)
        for exchanges in self._by_url.values():
            exchanges.sort(key=lambda exchange: exchange.order)

    def __iter__(self) -> Iterator[ArchivedExchange]:
        """Yield every exchange, the latest of a URL last."""
        for exchanges in self._by_url.values():
            yield from exchanges

    def find(self, method: str, url: str) -> list[ArchivedExchange]:
        """Return the exchanges for *url*, oldest first."""
        return self._by_url.get((method, urldefrag(url)[0]), [])


def _exchanges(source: WarcSource) -> Iterator[ArchivedExchange]:
    responses: dict[str, ArchivedExchange] = {}
    companions: dict[str, list[int]] = {}
    requests: dict[str, tuple[WarcRecord, str]] = {}
    answers: dict[str, str] = {}
    with source.open() as stream:
        for record in read_records(stream, str(source)):
            if record.type == "response":
                responses[record.get(_ID)] = _entry(source, record)
                for other in record.get_all(_CONCURRENT):
                    answers[other] = record.get(_ID)
            elif record.type == "request":
                # The block itself is not kept: an archive can be large.
                method = record.block.partition(b" ")[0].decode("ascii", "replace")
                requests[record.get(_ID)] = replace(record, block=b""), method
            elif record.type == "metadata" and record.get(_CONCURRENT):
                companions.setdefault(record.get(_CONCURRENT), []).append(record.offset)
    for record_id, (record, method) in requests.items():
        response_id = answers.get(record_id) or record.get(_CONCURRENT)
        if response := responses.get(response_id):
            offsets = (record.offset, *response.companions)
            # The answer to HEAD is whole without the body that its head announces.
            complete = response.complete or (method == "HEAD" and response.status > 0)
            responses[response_id] = replace(response, method=method, companions=offsets, complete=complete)
        else:
            responses[record_id] = replace(_entry(source, record), method=method)
    for record_id, response in responses.items():
        offsets = (*response.companions, *companions.get(record_id, ()))
        yield replace(response, companions=offsets)


def _entry(source: WarcSource, record: WarcRecord) -> ArchivedExchange:
    try:
        response = parse_response(record.block)
        status, complete = response.status, response.complete or response.until_close
    except MalformedMessageError:
        status, complete = 0, False
    return ArchivedExchange(
        source=source,
        url=record.get(_TARGET).strip("<>"),
        method="GET",
        moment=_moment(source, record),
        capture=Capture(
            file=source.name,
            offset=record.offset,
            length=record.length,
            record_id=record.get(_ID),
            date=record.get(_DATE),
            payload_digest=record.get("WARC-Payload-Digest") or None,
        ),
        status=status,
        complete=complete and not record.get("WARC-Truncated"),
    )


def _moment(source: WarcSource, record: WarcRecord) -> datetime:
    try:
        return datetime.fromisoformat(record.get(_DATE)).astimezone(UTC)
    except ValueError as error:
        raise DamagedRecordError(str(source), record.offset, f"{_DATE}: {error}") from error
