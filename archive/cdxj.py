"""CDXJ index lines: a sortable key (SURT), a 14-digit timestamp, and a JSON object.

The format is that of pywb and cdxj-indexer. Keys follow the Internet Archive's canonicalisation (the `surt`
library, published only as source); tests compare the two.
"""

from __future__ import annotations

import heapq
import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archive.exchange import Capture
    from archive.message import HttpResponse

_WWW = re.compile(r"www\d*\.")
_DEFAULT_PORT = {"http": 80, "https": 443}
# Characters that the canonicalisation leaves unescaped: printable ASCII except "#" and "%".
_SAFE = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in "#%")
_PATH_SESSION = (
    re.compile(r"^(.*/)(\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$"),
    re.compile(r"^(.*/)(\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$"),
)
_QUERY_SESSION = (
    re.compile(r"^(.*)(?:jsessionid=[0-9a-z]{32})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:phpsessid=[0-9a-z]{32})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:sid=[0-9a-z]{32})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:aspsessionid[a-z]{8}=[a-z]{24})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:cfid=[^&]+&cftoken=[^&]+)(?:&(.*))?$"),
)


def urlkey(url: str) -> str:
    """Return the SURT of *url*: `https://www.Example.com/A?b&a` gives `com,example)/a?a&b`."""
    parts = urlsplit(url)
    host = _WWW.sub("", (parts.hostname or "").lower(), count=1)
    host = ",".join(reversed(host.split(".")))
    port = _port(url)
    if port and port != _DEFAULT_PORT.get(parts.scheme):
        host += f":{port}"
    return f"{host}){_path(parts.path)}{_query(parts.query)}"


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def _escape(text: str) -> str:
    raw = text.encode("utf-8", "surrogateescape")
    while (decoded := unquote_to_bytes(raw)) != raw:
        raw = decoded
    return quote_from_bytes(raw, safe=_SAFE).lower()


def _path(path: str) -> str:
    segments: list[str] = []
    for segment in _escape(path).split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment and segment != ".":
            segments.append(segment)
    path = "/" + "/".join(segments)
    for pattern in _PATH_SESSION:
        if match := pattern.match(path):
            path = match[1] + match[3]
    return path


def _query(query: str) -> str:
    query = _escape(query)
    for pattern in _QUERY_SESSION:
        if match := pattern.match(query):
            query = match[1] + (match[2] or "")
    arguments = sorted(argument.split("=", 1) for argument in query.split("&"))
    query = "&".join("=".join(argument) for argument in arguments)
    return f"?{query}" if query else ""


def line(url: str, capture: Capture, response: HttpResponse, *, is_revisit: bool = False) -> str:
    """Return the index line, without newline, for the response record that *capture* points to."""
    mime = response.header(b"Content-Type").partition(b";")[0].strip().decode("ascii", "replace")
    if is_revisit:
        mime = "warc/revisit"
    fields = {
        "url": url,
        **({"mime": mime} if mime else {}),
        "status": str(response.status),
        "digest": capture.payload_digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.file,
    }
    timestamp = re.sub(r"\D", "", capture.date)[:14]
    return f"{urlkey(url)} {timestamp} {json.dumps(fields)}"


def fields_of(index_line: str) -> dict[str, Any] | None:
    """Return the JSON object of *index_line*; None if the line is not CDXJ."""
    try:
        fields = json.loads(index_line.split(" ", 2)[2])
    except (IndexError, ValueError):
        return None
    return fields if isinstance(fields, dict) else None


def file_of(index_line: str) -> str:
    """Return the name of the WARC file that *index_line* points to; empty if the line is not CDXJ."""
    return str((fields_of(index_line) or {}).get("filename", ""))


def found(index: Path, url: str, date: str = "") -> Iterator[dict[str, Any]]:
    """Yield the JSON objects for *url* in the sorted file *index*, of all dates or of the WARC-Date *date*.

    Searches by bisection: a few reads, however long the file is.
    """
    wanted = f"{urlkey(url)} {re.sub(r'[^0-9]', '', date)[:14]}".encode()
    with index.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.readline()
            if (line := lines.readline()) and line < wanted:
                low = middle + 1
            else:
                high = middle
        lines.seek(low)
        if low:
            lines.readline()
        for line in lines:
            if not line.startswith(wanted):
                return
            if fields := fields_of(line.decode("utf-8", "replace")):
                yield fields


def merged(old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    """Merge the sorted lines *old* with the lines *new*, in any order; yield each line once."""
    return (each for each, _ in groupby(heapq.merge(old, sorted(new))))
