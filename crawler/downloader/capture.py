"""Byte-exact capture inside Scrapy's own HTTP/1.1 download handler.

While an exchange uses a connection, every byte written to it and read from it is copied. Scrapy downloads
as before. The hooks are in Twisted and Scrapy, and some are private; a byte-identity test guards them:

    HTTPConnectionPool.getConnection   carries the taps of a Scrapy request to its connection
    HTTPConnectionPool._factory        builds our protocol, as Scrapy builds its own
    HTTP11ClientProtocol.request       starts an exchange and copies the request as it is written
    HTTP11ClientProtocol.dataReceived  copies the response as it arrives
    HTTPClientParser.finisher          marks the end of the message
    HTTP11ClientProtocol._giveUp       keeps reading for a moment what the parser does not take

Bytes after the end of a message, as after a Content-Length that is too small, belong to its exchange: they
are copied, and the connection is not used again.
"""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

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
from twisted.internet.defer import fail
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.web.client import HTTPConnectionPool

from archive import ArchiveWriteError
from crawler.downloader.politeness import PolitenessMiddleware
from crawler.downloader.taps import LINGER_SECONDS, Tap, Taps
from crawler.downloader.tls import PolicyByHost, unverifying
from crawler.failures import PrivateAddressError
from crawler.recording.recorder import LiveRecorder, recorder_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress, IStreamClientEndpoint, ITransport
    from twisted.python.failure import Failure
    from twisted.web.iweb import IResponse

# How long a connection stays open for more bytes after the end of a message, if some came with it.
_EXCESS_SECONDS = 1.0
_MAX_EXCESS = 1 << 24  # bytes after the end of a message
_MAX_HEAD = 1 << 20  # bytes of a response's head; DOWNLOAD_MAXSIZE limits only bodies


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
    _currentRequest: Any  # noqa: N815  Twisted's name
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
            if self._tap is tap:
                tap.complete = True
                if rest.strip():
                    # What follows would be taken for the next answer: this connection has no next request.
                    tap.message_end = len(tap.received) - len(rest)
                    self._currentRequest.persistent = False
                else:
                    self._tap = None
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
                self._limit_excess(self._tap)
                return
            if self._parser.state in {"STATUS", "HEADER"} and len(self._tap.received) > _MAX_HEAD:
                self._tap.cut = "length"
                self.transport.abortConnection()
                return
        super().dataReceived(data)

    def _limit_excess(self, tap: Tap) -> None:
        if tap.message_end and len(tap.received) - tap.message_end > _MAX_EXCESS:
            tap.cut = "length"
            self.transport.abortConnection()

    def _record_tls(self, tap: Tap) -> None:
        connection = self.transport.getHandle()
        if hasattr(connection, "get_cipher_name"):
            tap.cipher = connection.get_cipher_name() or ""
            tap.tls_protocol = connection.get_protocol_version_name().lower().replace("tlsv", "tls/")

    def _giveUp(self, reason: Failure) -> None:  # noqa: N802
        if self._tap is None:
            super()._giveUp(reason)
            return
        # The parser cannot read this response, or not all that came; keep copying its bytes.
        from twisted.internet import reactor  # noqa: PLC0415  installed late, by Scrapy

        seconds = _EXCESS_SECONDS if self._tap.message_end else LINGER_SECONDS
        # Not loseConnection: over TLS it waits for the peer, which may never respond.
        self._linger = reactor.callLater(seconds, self.transport.abortConnection)  # type: ignore[arg-type]
        # The parser pauses it until somebody wants the body.
        self.transport.resumeProducing()
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
            response = await super().download_request(request)
            await taps.excess()
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
        else:
            return response
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
