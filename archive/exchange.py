"""The values that callers pass around: an `Exchange` to archive, and the `Capture` that points to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP request and its response, byte for byte as sent over the wire (decrypted)."""

    url: str
    method: str
    #: When sending the request began; aware, UTC.
    started: datetime
    sent: bytes
    #: All bytes received for this request, 1xx responses included; empty if none arrived.
    received: bytes
    #: Why the end is missing: "length", "time", "disconnect" or "unspecified" (ISO 28500, 5.13).
    truncated: str = ""
    ip_address: str = ""
    #: Values for WARC-Protocol, the application protocol first: ("http/1.1", "tls/1.3").
    protocols: tuple[str, ...] = ()
    cipher: str = ""
    #: Read from a revisit record; a writer may store it as a revisit again.
    is_revisit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Pointer to a response in an archive: enough to read it and to verify that it is the right one."""

    #: Name of the WARC file, without its folder.
    file: str
    #: Offset and length of the compressed record, in bytes.
    offset: int
    length: int
    record_id: str
    #: The record's WARC-Date.
    date: str
    #: Labelled base32 digest of the body without transfer coding ("sha1:…"); None if no body can be read.
    payload_digest: str | None
