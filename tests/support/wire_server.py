"""A server on loopback that answers with exactly the bytes it is told to, and logs both directions.

It speaks plain HTTP, TLS with a certificate of its own, and as a proxy (absolute URLs and CONNECT).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import struct
import threading
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """What to send for one request, and what to do with the connection then."""

    data: bytes
    #: "keep" it open, "close" it, "hang" until the client leaves, or "reset" it.
    then: str = "keep"
    #: Send in pieces of so many bytes.
    piece: int = 1 << 20


@dataclass
class Served:
    """One exchange as the server saw it."""

    url: str
    received: bytes
    sent: bytes = b""


@dataclass
class WireServer:
    """Answers each request by `answer(host, path, nth)`; `log` holds what passed."""

    answer: Callable[[str, str, int], Answer]
    tls: ssl.SSLContext | None = None
    log: list[Served] = field(default_factory=list)
    #: In place of `answer`: given host, path and the request as it came.
    reply: Callable[[str, str, bytes], Answer] | None = None

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Wakes the accepting thread, which close() alone does not.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def root(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls and not self._is_proxy_greeting(connection):
                connection = self._secured(connection)
            with contextlib.closing(connection):
                self._converse(connection, "https" if isinstance(connection, ssl.SSLSocket) else "http")

    @staticmethod
    def _is_proxy_greeting(connection: socket.socket) -> bool:
        return connection.recv(7, socket.MSG_PEEK) in {b"CONNECT", b"GET htt"}

    def _secured(self, connection: socket.socket) -> ssl.SSLSocket:
        assert self.tls
        try:
            return self.tls.wrap_socket(connection, server_side=True)
        except OSError as error:
            # Of a client that is gone already CPython leaves the socket open.
            for frame, _ in traceback.walk_tb(error.__traceback__):
                if isinstance(lost := frame.f_locals.get("self"), ssl.SSLSocket):
                    lost.close()
            raise

    def _converse(self, connection: socket.socket, scheme: str, host: str = "") -> None:
        while request := _read_request(connection):
            method, target, _ = request.split(b" ", 2)
            if method == b"CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                inner = self._secured(connection)
                with contextlib.closing(inner):
                    self._converse(inner, "https", target.decode().partition(":")[0])
                return
            url = target.decode()
            if url.startswith("/"):
                url = f"{scheme}://{host or _host(request)}{url}"
            if not self._answer(connection, url, request):
                return

    def _answer(self, connection: socket.socket, url: str, request: bytes) -> bool:
        parts = urlsplit(url)
        served = Served(url, request)
        with self._lock:
            self.log.append(served)
            nth = self._counts[url] = self._counts.get(url, 0) + 1
        host = parts.hostname or ""
        answer = self.reply(host, parts.path, request) if self.reply else self.answer(host, parts.path, nth)
        for start in range(0, len(answer.data), answer.piece):
            piece = answer.data[start : start + answer.piece]
            connection.sendall(piece)
            served.sent += piece
        if answer.then == "hang":
            while connection.recv(4096):
                pass
        elif answer.then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif answer.then == "close" and isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
        return answer.then == "keep"


def _host(request: bytes) -> str:
    lines = request.split(b"\r\n")
    return next(line[5:].strip().decode() for line in lines if line.lower().startswith(b"host:"))


def _read_request(connection: socket.socket) -> bytes:
    """Read one request; empty when the client has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        piece = connection.recv(65536)
        body += piece
        data += piece
    return data


def tls_context(folder: Path) -> ssl.SSLContext:
    """Return a server context with a fresh self-signed certificate, kept in *folder*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "banluu tests")])
    names = [x509.DNSName(f"*.{domain}") for domain in ("vietnamplus.vn", "vietnam.vn")]
    names += [x509.DNSName("tribune.example")]
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
