"""The two values that travel: an `Exchange` to be archived and the `Capture` that points at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP request and what came back for it, byte for byte as on the wire (decrypted)."""

    url: str
    method: str
    #: When the request began to be sent; aware, UTC.
    started: datetime
    sent: bytes
    #: Everything received for this request, 1xx messages included; empty when nothing came.
    received: bytes
    #: Why the end is missing: "length", "time", "disconnect" or "unspecified" (ISO 28500, 5.13).
    truncated: str = ""
    ip_address: str = ""
    #: As WARC-Protocol has them, the application's first: ("http/1.1", "tls/1.3").
    protocols: tuple[str, ...] = ()
    cipher: str = ""
    #: It was a revisit in the archive it was read from, and may be one in another.
    is_revisit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where a response lies in an archive: enough to read it and to prove that it is the one."""

    #: Name of the WARC file, without its folder.
    file: str
    #: Of the record's gzip member, in bytes.
    offset: int
    length: int
    record_id: str
    #: The record's WARC-Date.
    date: str
    #: "sha1:" and base32, over the body without transfer coding; null where no body can be told.
    payload_digest: str | None
