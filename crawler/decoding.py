"""Content codings as Scrapy undoes them, but gzip in half of the time."""

from __future__ import annotations

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from archive import MalformedMessageError, decode_content

_GZIP = {b"gzip", b"x-gzip"}


class DecodingMiddleware(HttpCompressionMiddleware):
    """Scrapy's own, with `archive.decode_content` for gzip; what is damaged or too large stays Scrapy's.

    A body that only claims to be in gzip is taken as it is.
    """

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        if encoding in _GZIP and max_size:
            try:
                return decode_content(body, encoding, max_size)
            except MalformedMessageError:
                pass
        return HttpCompressionMiddleware._decode(body, encoding, max_size)  # noqa: SLF001
