"""Content codings as Scrapy undoes them, but gzip in half of the time."""

from __future__ import annotations

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from archive.compression import gunzipped

_GZIP = {b"gzip", b"x-gzip"}


class DecodingMiddleware(HttpCompressionMiddleware):
    """Scrapy's own; whole bodies in gzip are inflated with ISA-L, what is damaged or too large as ever."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        whole = gunzipped(body, max_size) if encoding in _GZIP and max_size else None
        return HttpCompressionMiddleware._decode(body, encoding, max_size) if whole is None else whole  # noqa: SLF001
