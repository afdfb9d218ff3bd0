"""Byte-exact capture inside Scrapy's own HTTP/1.1 download handler.

While an exchange uses a connection, every byte written to it and read from it is copied. Scrapy downloads
as before. The hooks are in Twisted and Scrapy, and some are private; a byte-identity test guards them:

    HTTPConnectionPool.getConnection   carries the taps of a Scrapy request to its connection
    HTTPConnectionPool._factory        builds our protocol, as Scrapy builds its own
    HTTP11ClientProtocol.request       starts an exchange and copies the request as it is written
    HTTP11ClientProtocol.dataReceived  copies the response as it arrives
    HTTPClientParser.finisher          marks the exact end of the message
    HTTP11ClientProtocol._giveUp       keeps reading for a moment after the parser failed
"""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    ResponseDataLossError,
)
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.web.client import HTTPConnectionPool

from archive import ArchiveWriteError, Exchange, MalformedMessageError, parse_response
from archive.message import split_interim
from crawler import clock
from crawler.downloader.politeness import PolitenessMiddleware
from crawler.downloader.tls import PolicyByHost, unverifying
from crawler.failures import PrivateAddressError
from crawler.recording.recorder import LiveRecorder, recorder_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.interfaces import IAddress, IStreamClientEndpoint, ITransport
    from twisted.python.failure import Failure
    from twisted.web.iweb import IResponse

# How long a connection stays open for the rest of a response that the parser could not read.
_LINGER_SECONDS = 2.0
_MAX_HEAD = 1 << 20  # bytes of a response's head; DOWNLOAD_MAXSIZE limits only bodies


class Tap:
    """Copies the bytes of one exchange from the wire."""

    def __init__(self) -> None:
        self.started = clock.now()
        self.sent = bytearray()
        self.received = bytearray()
        #: The parser saw the end of the message.
        self.complete = False
        #: The peer closed the connection without an error.
        self.closed_cleanly = False
        #: The WARC-Truncated reason if we cut the exchange.
        self.cut = ""
        self.ip_address = ""
        self.tls_protocol = ""
        self.cipher = ""
        self._ended = False
        self._waiting: list[Deferred[None]] = []

    def end(self) -> None:
        """Record that no more bytes will come for this exchange, and wake those that wait for it."""
        self._ended = True
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(None)

    async def ended(self) -> None:
        """Wait until no more bytes will come, at most twice as long as a connection lingers."""
        if self._ended:
            return
        from twisted.internet import reactor  # noqa: PLC0415  installed late, by Scrapy

        deferred: Deferred[None] = Deferred()
        self._waiting.append(deferred)
        timeout: Any = reactor.callLater(2 * _LINGER_SECONDS, self.end)  # type: ignore[arg-type]
        await maybe_deferred_to_future(deferred)
        if timeout.active():
            timeout.cancel()

    def exchange(self, request: Request, failure: str) -> Exchange:
        """Return the exchange; *failure* is the WARC-Truncated reason to use if its end is missing."""
        received = bytes(self.received)
        version, whole = "http/1.1", self.complete
        try:
            response = parse_response(split_interim(received)[1], request.method)
        except MalformedMessageError:
            # Bytes that are not an HTTP message end when the connection closes.
            whole = whole or self.closed_cleanly
        else:
            version = response.protocol.lower()
            whole = whole or response.complete or (response.until_close and self.closed_cleanly)
        return Exchange(
            url=urldefrag(request.url)[0],
            method=request.method,
            started=self.started,
            sent=bytes(self.sent),
            received=received,
            truncated="" if whole else self.cut or failure or "unspecified",
            # Through a proxy the peer is the proxy, not the site.
            ip_address="" if request.meta.get("proxy") else self.ip_address,
            protocols=tuple(filter(None, (version, self.tls_protocol))),
            cipher=self.cipher,
        )


class Taps(list[Tap]):
    """The exchanges of one Scrapy request: several if a stale connection made Twisted send it again."""

    def __init__(self, *, public_only: bool) -> None:
        super().__init__()
        #: Refuse connections to loopback, private and link-local addresses.
        self.public_only = public_only


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


_taps: ContextVar[Taps | None] = ContextVar("_taps", default=None)


class _WriteTee:
    """A transport that copies what is written through it."""

    def __init__(self, transport: Any, copy: bytearray) -> None:
        self._transport = transport
        self._copy = copy

    def write(self, data: bytes) -> None:
        self._copy.extend(data)
        self._transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:  # noqa: N802  Twisted's name
        pieces = list(data)
        self._copy.extend(b"".join(pieces))
        self._transport.writeSequence(pieces)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _CapturingProtocol(_LenientHTTP11ClientProtocol):
    transport: Any
    _tap: Tap | None = None
    _linger: Any = None

    def request(self, request: Any) -> Deferred[IResponse]:
        if self._state != "QUIESCENT":
            return super().request(request)
        address = getattr(self.transport.getPeer(), "host", "")
        taps: Taps | None = getattr(request, "_taps", None)
        if taps is not None and taps.public_only and not _is_public(address):
            self.transport.abortConnection()
            return fail(PrivateAddressError(f"{address} is a private address"))
        tap = self._tap = Tap()
        tap.ip_address = address
        if taps is not None:
            taps.append(tap)
        write = request.writeTo

        def write_and_copy(transport: ITransport) -> Deferred[None]:
            return write(_WriteTee(transport, tap.sent))  # type: ignore[no-any-return]

        request.writeTo = write_and_copy
        try:
            answer = super().request(request)
        finally:
            request.writeTo = write
        if self._parser is not None:
            self._watch_end(self._parser, tap)
        return answer

    def _watch_end(self, parser: Any, tap: Tap) -> None:
        """Have *parser* mark the end of the message in *tap* before Twisted handles it."""
        parser_finished = parser.finisher

        def finished(rest: bytes) -> None:
            if rest:
                # Bytes after the message do not belong to it.
                del tap.received[len(tap.received) - len(rest) :]
            if self._tap is tap:
                self._tap = None
                tap.complete = True
                tap.end()
            parser_finished(rest)

        parser.finisher = finished

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self._tap is not None:
            if not self._tap.received:
                # Only now is a TLS 1.3 handshake certain to be complete.
                self._record_tls(self._tap)
            self._tap.received += data
            if self._parser is None:
                return
            if self._parser.state in {"STATUS", "HEADER"} and len(self._tap.received) > _MAX_HEAD:
                self._tap.cut = "length"
                self.transport.abortConnection()
                return
        super().dataReceived(data)

    def _record_tls(self, tap: Tap) -> None:
        connection = self.transport.getHandle()
        if hasattr(connection, "get_cipher_name"):
            tap.cipher = connection.get_cipher_name() or ""
            tap.tls_protocol = connection.get_protocol_version_name().lower().replace("tlsv", "tls/")

    def _giveUp(self, reason: Failure) -> None:  # noqa: N802
        if self._tap is None:
            super()._giveUp(reason)
            return
        # The parser cannot read this response; keep copying its bytes.
        from twisted.internet import reactor  # noqa: PLC0415  installed late, by Scrapy

        # Not loseConnection: over TLS it waits for the peer, which may never respond.
        self._linger = reactor.callLater(_LINGER_SECONDS, self.transport.abortConnection)  # type: ignore[arg-type]
        self._disconnectParser(reason)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        tap, self._tap = self._tap, None
        if self._linger is not None and self._linger.active():
            self._linger.cancel()
        if tap is not None:
            tap.closed_cleanly = reason.check(ConnectionDone) is not None
        super().connectionLost(reason)
        if tap is not None:
            tap.end()


class _CapturingFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _CapturingProtocol:  # noqa: ARG002, N802
        return _CapturingProtocol(self._quiescentCallback)


class _TappedConnection:
    """A connection from the pool that attaches the taps to a request before it sends it."""

    def __init__(self, connection: Any, taps: Taps) -> None:
        self._connection = connection
        self._taps = taps

    def request(self, request: Any) -> Deferred[IResponse]:
        # Twisted may send it again on a fresh connection; the taps stay attached.
        request._taps = self._taps  # noqa: SLF001
        return self._connection.request(request)  # type: ignore[no-any-return]


class _CapturingPool(HTTPConnectionPool):
    _factory = _CapturingFactory

    def getConnection(  # noqa: N802
        self, key: Hashable, endpoint: IStreamClientEndpoint
    ) -> Deferred[Any]:
        connection = super().getConnection(key, endpoint)
        taps = _taps.get()
        return connection if taps is None else connection.addCallback(_TappedConnection, taps)


class CapturingDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler; records every exchange before it delivers the response."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        recorder = recorder_of(crawler)
        if not isinstance(recorder, LiveRecorder):
            raise NotConfigured("CapturingDownloadHandler needs crawler.addon.ArchiveAddon")
        self._recorder = recorder
        self._crawler = crawler
        self._public_only = not crawler.settings.getbool("PRIVATE_ADDRESSES_ALLOWED", default=True)
        from twisted.internet import reactor  # noqa: PLC0415

        hosts = crawler.settings.getlist("DOWNLOAD_UNVERIFIED_HOSTS")
        if hosts:
            self._contextFactory: Any = PolicyByHost(self._contextFactory, unverifying(crawler), hosts)
        pool = _CapturingPool(reactor, persistent=True)
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        self._pool = pool

    async def download_request(self, request: Request) -> Response:
        politeness = self._crawler.get_downloader_middleware(PolitenessMiddleware)
        if politeness is None:
            return await self._download(request)
        return await politeness.in_turn(request, self._download)

    async def _download(self, request: Request) -> Response:
        # A proxy may have a private address.
        taps = Taps(public_only=self._public_only and not request.meta.get("proxy"))
        token = _taps.set(taps)
        failure = ""
        try:
            return await super().download_request(request)
        except DownloadTimeoutError:
            failure = "time"
            raise
        except DownloadCancelledError:
            # The body exceeds DOWNLOAD_MAXSIZE.
            failure = "length"
            raise
        except (DownloadFailedError, ResponseDataLossError):
            failure = "disconnect"
            for tap in taps:
                await tap.ended()
            raise
        finally:
            _taps.reset(token)
            self._record(request, taps, failure)

    def _record(self, request: Request, taps: Taps, failure: str) -> None:
        for tap in taps:
            try:
                capture = self._recorder.record(tap.exchange(request, failure))
            except ArchiveWriteError as error:
                # The recorder stops the crawl; this response is not delivered.
                raise IgnoreRequest(f"Not recorded: {request}") from error
            if capture:
                request.meta["capture"] = capture
