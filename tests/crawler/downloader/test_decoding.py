"""Bodies are decoded as Scrapy would, whatever state they are in."""

from __future__ import annotations

import gzip

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from crawler.downloader.decoding import DecodingMiddleware

TEXT = "<p>Thủ tướng tiếp Đại sứ.</p>".encode() * 5000
WHOLE = gzip.compress(TEXT, mtime=0)
BODIES = {
    "whole": WHOLE,
    "members": WHOLE + gzip.compress(b"<p>more</p>") + b"\0" * 9,
    "nothing": gzip.compress(b""),
    "no byte": b"",
    "cut": WHOLE[:-20],
    "cut early": WHOLE[:50],
    "cut in its data": WHOLE[:12],
    "cut in its head": WHOLE[:5],
    "no gzip": TEXT,
    "reserved flags": WHOLE[:3] + b"\xe0" + WHOLE[4:],
    "one byte behind": WHOLE + b"\n",
    "many members": gzip.compress(b"<p>") * 99,
    "wrong checksum": WHOLE[:-8] + bytes(4) + WHOLE[-4:],
    "garbage inside": WHOLE[:200] + b"\xff" * 20 + WHOLE[220:],
    "garbage behind": WHOLE + b"garbage",
}
REQUEST = Request("https://example.vn/")


def _decoded(middleware: type[HttpCompressionMiddleware], body: bytes, maxsize: int = 1 << 20) -> Response:
    crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": maxsize})
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}
    response = Response(REQUEST.url, headers=headers, body=body)
    decoded = middleware.from_crawler(crawler).process_response(REQUEST, response)
    assert isinstance(decoded, Response)
    return decoded


def _told(middleware: type[HttpCompressionMiddleware], body: bytes, maxsize: int) -> object:
    """Return what *middleware* makes of *body*, or what it raises."""
    try:
        decoded = _decoded(middleware, body, maxsize)
    except (OSError, EOFError) as error:
        return type(error)
    return type(decoded), decoded.headers, decoded.body


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("maxsize", [1 << 20, 0])
def test_as_scrapy_does(body: bytes, maxsize: int) -> None:
    ours, scrapys = (_told(each, body, maxsize) for each in (DecodingMiddleware, HttpCompressionMiddleware))
    assert ours == scrapys


def test_the_text_is_there() -> None:
    decoded = _decoded(DecodingMiddleware, WHOLE)
    assert isinstance(decoded, HtmlResponse)
    assert decoded.text == TEXT.decode()


def test_a_bomb_is_refused() -> None:
    with pytest.raises(IgnoreRequest, match="exceeded DOWNLOAD_MAXSIZE"):
        _decoded(DecodingMiddleware, gzip.compress(bytes(1 << 22)), maxsize=1 << 20)
