"""What was copied from the wire becomes an exchange, marked if its end is missing."""

from __future__ import annotations

import pytest
from scrapy import Request

from crawler.downloader.taps import Tap

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


def _tap(received: bytes, *, complete: bool = False, closed_cleanly: bool = False, cut: str = "") -> Tap:
    tap = Tap()
    tap.received += received
    tap.complete, tap.closed_cleanly, tap.cut = complete, closed_cleanly, cut
    return tap


@pytest.mark.parametrize(
    ("tap", "failure", "truncated"),
    [
        (_tap(HEAD + b"body", complete=True), "", ""),
        (_tap(HEAD + b"body"), "disconnect", ""),
        (_tap(HEAD + b"bo"), "disconnect", "disconnect"),
        (_tap(HEAD + b"bo"), "", "unspecified"),
        (_tap(HEAD + b"body and more", complete=True), "", ""),
        (_tap(HEAD + b"body and too much", complete=True, cut="length"), "", "length"),
        (_tap(b"HTTP/1.1 200 OK\r\n\r\nbody", closed_cleanly=True), "", ""),
        (_tap(b"HTTP/1.1 200 OK\r\n\r\nbody"), "time", "time"),
        (_tap(b"no HTTP", closed_cleanly=True), "disconnect", ""),
        (_tap(b"no HTTP"), "disconnect", "disconnect"),
        (_tap(b""), "time", "time"),
    ],
)
def test_an_exchange_is_marked_if_its_end_is_missing(tap: Tap, failure: str, truncated: str) -> None:
    exchange = tap.exchange(Request("http://a.vn/1#part"), failure)
    assert (exchange.url, exchange.truncated, exchange.received) == (
        "http://a.vn/1",
        truncated,
        bytes(tap.received),
    )


def test_through_a_proxy_its_address_is_not_the_sites() -> None:
    tap = _tap(HEAD + b"body", complete=True)
    tap.ip_address, tap.tls_protocol = "127.0.0.1", "tls/1.3"
    direct = tap.exchange(Request("http://a.vn/"), "")
    assert (direct.ip_address, direct.protocols) == ("127.0.0.1", ("http/1.1", "tls/1.3"))
    assert tap.exchange(Request("http://a.vn/", meta={"proxy": "http://127.0.0.1:9"}), "").ip_address == ""
