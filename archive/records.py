"""WARC/1.1 records as bytes (ISO 28500:2017): headers, digests, one record at a time.

Blocks are written unchanged. Nothing received from the network can end a header line.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from archive.exchange import Exchange
    from archive.payloads import Known

WARC_VERSION = "WARC/1.1"
WARC_FORMAT = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

END = b"\r\n\r\n"  # after each record's block

_CONTROLS = re.compile(r"[\x00-\x20\x7f]")

_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@")

Headers = list[tuple[str, str]]


#: WARC header that names the redacted HTTP headers; not a field of the standard.
REDACTED = "WARC-Redacted-Headers"


def digest(data: bytes, algorithm: str = "sha1") -> str:
    """Return the labelled digest of *data*, in base32 as is customary in WARC files."""
    value = _ALGORITHMS[algorithm](data, usedforsecurity=False).digest()
    return f"{algorithm}:{base64.b32encode(value).decode()}"


def warc_date(moment: datetime) -> str:
    """Return *moment*, an aware datetime, as a WARC-Date with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record(record_type: str, headers: Headers, content_type: str, block: bytes) -> bytes:
    """Return a whole record, uncompressed. *headers* must contain its id, date and digests."""
    fields = [
        ("WARC-Type", record_type),
        *headers,
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return b"".join((f"{WARC_VERSION}\r\n{head}\r\n".encode(), block, END))


def warcinfo(
    record_id: str, date: str, filename: str, fields: Mapping[str, str], *, algorithm: str = "sha1"
) -> bytes:
    """Return the warcinfo record that begins a file; *fields* are its application/warc-fields."""
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    headers = [
        ("WARC-Record-ID", record_id),
        ("WARC-Filename", filename),
        ("WARC-Date", date),
        ("WARC-Block-Digest", digest(block, algorithm)),
    ]
    return record("warcinfo", headers, "application/warc-fields", block)


def exchange_headers(exchange: Exchange, record_id: str, warcinfo_id: str, block_digest: str) -> Headers:
    """Return the headers common to the request and response records of *exchange*."""
    headers = [
        ("WARC-Record-ID", record_id),
        ("WARC-Target-URI", target_uri(exchange.url)),
        ("WARC-Date", warc_date(exchange.started)),
        ("WARC-Warcinfo-ID", warcinfo_id),
        ("WARC-Block-Digest", block_digest),
    ]
    if exchange.ip_address:
        headers.append(("WARC-IP-Address", exchange.ip_address))
    headers += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    if exchange.cipher:
        headers.append(("WARC-Cipher-Suite", exchange.cipher))
    return headers


def revisit_headers(known: Known, *, is_same: bool) -> Headers:
    """Return the headers of a revisit of *known*: same payload (*is_same*), or confirmed by a 304."""
    profile = "identical-payload-digest" if is_same else "server-not-modified"
    return [
        ("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}"),
        ("WARC-Refers-To", known.record_id),
        ("WARC-Refers-To-Target-URI", known.url),
        ("WARC-Refers-To-Date", known.date),
    ]


def target_uri(url: str) -> str:
    """Return *url* as written in WARC-Target-URI.

    Control characters and spaces are escaped; user name and password become "REDACTED".
    """
    url = _USER.sub(r"\1REDACTED@", url)
    return _CONTROLS.sub(lambda match: f"%{ord(match[0]):02X}", url)
