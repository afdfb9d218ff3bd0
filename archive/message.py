"""HTTP/1.x messages as bytes: heads, framing, transfer and content codings (RFC 9110, RFC 9112).

Pure: bytes in, values out. Parsing is lenient, because archives contain whatever servers sent. Claims are
strict: `complete` is true only if the framing proves that the end was received.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import brotli
from backports import zstd

from archive.compression import gunzipped
from archive.errors import MalformedMessageError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

Headers = tuple[tuple[bytes, bytes], ...]

_STATUS_LINE = re.compile(rb"(HTTP/\d(?:\.\d)?)[ \t]+(\d{3})(?:[ \t]([^\r\n]*))?\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_LINE_END = re.compile(rb"\r?\n")
_CHUNK_END = re.compile(rb"\r?\n?")
_BODILESS = {204, 304}
_PIECE = 1 << 16
_GZIP = 31  # zlib's wbits for a gzip wrapper


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """A parsed response. `body` has its transfer coding removed and its content coding kept."""

    protocol: str
    status: int
    reason: bytes
    headers: Headers
    body: bytes
    #: The framing proves that nothing is missing; never true of a body that ends with the connection.
    complete: bool
    #: The body ends where the connection closes: no length, no chunks.
    until_close: bool

    def header(self, name: bytes) -> bytes:
        """Return the values of the header *name*, joined by commas (RFC 9110 5.3)."""
        return joined(self.headers, name)

    @property
    def is_compressed(self) -> bool:
        """Whether the headers declare a compressed body: a content coding, or images, audio or video."""
        if self.header(b"Content-Encoding").strip().lower() not in {b"", b"identity"}:
            return True
        media = self.header(b"Content-Type").strip().lower()
        return media.startswith((b"image/", b"audio/", b"video/")) and b"svg" not in media


def joined(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """Return all values of the header *name* in *headers*, comma-separated; empty when absent."""
    return b", ".join(value for key, value in headers if key.lower() == name.lower())


def split_interim(data: bytes) -> tuple[list[bytes], bytes]:
    """Split *data* into its leading 1xx messages and the rest (RFC 9110 15.2).

    101 counts as final, because the bytes after it are not HTTP.
    """
    interim = []
    while (match := _STATUS_LINE.match(data)) and 100 <= int(match[2]) < 200 and match[2] != b"101":
        end = _HEAD_END.search(data)
        if end is None:
            break
        interim.append(data[: end.end()])
        data = data[end.end() :]
    return interim, data


def parse_response(data: bytes, method: str = "GET") -> HttpResponse:
    """Parse the final response *data* to a request of *method*.

    Raises MalformedMessageError when *data* does not begin with a status line and a whole head.
    """
    status_line = _STATUS_LINE.match(data)
    if status_line is None:
        raise MalformedMessageError(f"no HTTP status line in {data[:40]!r}")
    head_end = _HEAD_END.search(data, status_line.end() - 2)
    if head_end is None:
        raise MalformedMessageError("the response head has no end")
    headers = _parse_headers(data[status_line.end() : head_end.start()])
    status = int(status_line[2])
    rest = data[head_end.end() :]
    if method == "HEAD" or status < 200 or status in _BODILESS:
        body, complete, until_close = b"", True, False
    else:
        body, complete, until_close = _body(headers, rest)
    return HttpResponse(
        protocol=status_line[1].decode("ascii"),
        status=status,
        reason=(status_line[3] or b"").strip(),
        headers=headers,
        body=body,
        complete=complete,
        until_close=until_close,
    )


def body_start(message: bytes) -> int:
    """Return the offset of the body in *message*; the length of *message* if its head has no end."""
    end = _HEAD_END.search(message)
    return end.end() if end else len(message)


def redacted(message: bytes, names: Container[bytes]) -> tuple[bytes, list[str]]:
    """Return *message* with the values of the headers *names* (lower case) redacted, and the names found.

    Each value, folded or not, is replaced by "REDACTED"; all other bytes stay the same.
    """
    head_end = _HEAD_END.search(message)
    head = message[: head_end.start()] if head_end else message
    found: list[str] = []
    lines: list[bytes] = []
    hiding = False
    for number, line in enumerate(head.split(b"\n")):
        name, colon, _ = line.partition(b":")
        if hiding and line[:1] in {b" ", b"\t"}:
            continue
        hiding = number > 0 and bool(colon) and name.strip().lower() in names
        if hiding:
            found.append(name.strip().decode("latin-1"))
        lines.append(name + b": REDACTED" + b"\r" * line.endswith(b"\r") if hiding else line)
    return (b"\n".join(lines) + message[len(head) :], found) if found else (message, [])


def _parse_headers(head: bytes) -> Headers:
    lines = _FOLD.sub(b" ", head).replace(b"\r\n", b"\n").split(b"\n")
    pairs = (line.partition(b":") for line in lines if b":" in line)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _body(headers: Headers, rest: bytes) -> tuple[bytes, bool, bool]:
    """Return the body, `complete` and `until_close` (see `HttpResponse`)."""
    codings = [c.strip().lower() for c in joined(headers, b"transfer-encoding").split(b",")]
    if codings[-1] == b"chunked":
        return (*dechunk(rest), False)
    lengths = {v.strip() for v in joined(headers, b"content-length").split(b",")} - {b""}
    if codings == [b""] and len(lengths) == 1 and _LENGTH.fullmatch(value := lengths.pop()):
        length = int(value)
        return rest[:length], len(rest) >= length, False
    return rest, False, True


def dechunk(data: bytes) -> tuple[bytes, bool]:
    """Remove chunked framing; return the body, and whether the last chunk and the trailer are present.

    Some tools store bodies unchunked but keep the header. Such data is returned as it is and counts as
    whole.
    """
    pieces: list[bytes] = []
    position = 0
    while match := _CHUNK_SIZE.match(data, position):
        size = int(match[1], 16)
        start = match.end()
        if size == 0:
            return b"".join(pieces), _trailer_ends(data, start)
        pieces.append(data[start : start + size])
        position = start + size
        if position > len(data):
            return b"".join(pieces), False
        if end := _CHUNK_END.match(data, position):
            position = end.end()
    if position == 0 and data:
        return data, True
    return b"".join(pieces), False


def _trailer_ends(data: bytes, start: int) -> bool:
    return _LINE_END.match(data, start) is not None or _HEAD_END.search(data, start) is not None


def _inflate(data: bytes, room: int, wbits: int) -> tuple[bytes, bool]:
    """Inflate *data*, which may be several gzip members in a row, to at most *room* bytes."""
    out = bytearray()
    position = 0
    member = zlib.decompressobj(wbits)
    is_whole = False
    while position < len(data) and len(out) < room:
        piece = data[position : position + _PIECE]
        out += member.decompress(piece, room - len(out))
        position += len(piece) - len(member.unused_data)
        is_whole = member.eof
        if member.eof:
            if wbits != _GZIP:
                break
            while data[position : position + 1] == b"\0":
                position += 1
            member = zlib.decompressobj(wbits)
    return bytes(out), is_whole


def _gunzip(data: bytes, room: int) -> tuple[bytes, bool]:
    if not data.startswith(b"\x1f\x8b"):
        # Some tools store the decoded body and keep the header.
        return data, True
    whole = gunzipped(data, room)
    return _inflate(data, room, _GZIP) if whole is None else (whole, True)


def _undeflate(data: bytes, room: int) -> tuple[bytes, bool]:
    # Servers send "deflate" with the zlib wrapper (RFC 9110 8.4.1.2) and without it.
    wrapped = len(data) > 1 and data[0] & 0x0F == 8 and not (data[0] << 8 | data[1]) % 31
    return _inflate(data, room, 15 if wrapped else -15)


def _unbrotli(data: bytes, room: int) -> tuple[bytes, bool]:
    stream = brotli.Decompressor()
    out = stream.process(data, output_buffer_limit=room)
    while not stream.can_accept_more_data() and len(out) < room:
        out += stream.process(b"", output_buffer_limit=room - len(out))
    return bytes(out), stream.is_finished()


def _unzstd(data: bytes, room: int) -> tuple[bytes, bool]:
    stream = zstd.ZstdDecompressor()
    return stream.decompress(data, room), stream.eof


_DECODERS: dict[bytes, Callable[[bytes, int], tuple[bytes, bool]]] = {
    b"gzip": _gunzip,
    b"x-gzip": _gunzip,
    b"deflate": _undeflate,
    b"br": _unbrotli,
    b"zstd": _unzstd,
    b"identity": lambda data, _room: (data, True),
}


def decode_content(body: bytes, content_encoding: bytes, max_size: int) -> bytes:
    """Remove the content codings of *body* (RFC 9110 8.4), the last one first: gzip, deflate, br, zstd.

    A truncated body is decoded as far as possible; `decoded` says whether it was.

    Raises MalformedMessageError on any other coding, on broken data, or above *max_size* bytes.
    """
    return decoded(body, content_encoding, max_size)[0]


def decoded(body: bytes, content_encoding: bytes, max_size: int) -> tuple[bytes, bool]:
    """Return the result of `decode_content`, and whether no coding ended early."""
    is_whole = True
    for coding in reversed([c.strip().lower() for c in content_encoding.split(b",") if c.strip()]):
        if coding not in _DECODERS:
            raise MalformedMessageError(f"unknown content coding {coding!r}")
        try:
            body, ended = _DECODERS[coding](body, max_size + 1) if body else (body, True)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise MalformedMessageError(f"broken {coding.decode('ascii')} body: {error}") from error
        is_whole = is_whole and ended
    if len(body) > max_size:
        raise MalformedMessageError(f"the decoded body is larger than {max_size} bytes")
    return body, is_whole
