"""`Tap`: copies the bytes of one exchange from the wire, and says whether its end is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

from archive import Exchange, MalformedMessageError, parse_response
from archive.message import split_interim
from crawler import clock

if TYPE_CHECKING:
    from scrapy import Request

#: How long a connection stays open for the rest of a response that the parser could not read.
LINGER_SECONDS = 2.0


class Tap:
    """Copies the bytes of one exchange from the wire."""

    def __init__(self) -> None:
        self.started = clock.now()
        self.sent = bytearray()
        self.received = bytearray()
        #: The parser saw the end of the message.
        self.complete = False
        #: Length of `received` at that end, if more bytes follow.
        self.message_end = 0
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
        timeout: Any = reactor.callLater(2 * LINGER_SECONDS, self.end)  # type: ignore[arg-type]
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
            truncated=self.cut or ("" if whole else failure or "unspecified"),
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

    async def excess(self) -> None:
        """Wait for the bytes after the end of messages."""
        for tap in self:
            if tap.message_end:
                await tap.ended()
