"""Articles out of files that are already there: WARC and WACZ, WET, saved HTML, plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive import (
    Capture,
    MalformedMessageError,
    decode_content,
    find_sources,
    parse_response,
    read_records,
)
from archive.message import split_interim
from crawler.extraction import extract, extract_text
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive import WarcRecord
    from crawler.items import Article

_MAX_PAGE = 64 * 1024 * 1024  # bytes, decoded
_HTML = (b"text/html", b"application/xhtml+xml")


def articles_in(path: Path, url: str | None = None) -> Iterator[Article]:
    """Yield the articles in the file or folder at *path*, in its order.

    *url* says where the page in a saved .html or .txt file came from; HTML needs it.

    Raises OSError, archive.ArchiveError, UnicodeDecodeError, or ValueError for HTML without *url*.
    """
    if path.suffix == ".txt":
        article = extract_text(path.read_text("utf-8"), url)
    elif path.suffix in {".html", ".htm"}:
        if url is None:
            raise ValueError("where the page came from must be known; give --url")
        article = extract(path.read_bytes(), url)
    else:
        yield from _in_warcs(path)
        return
    if article:
        yield article


def _in_warcs(path: Path) -> Iterator[Article]:
    for source in find_sources([path]):
        with source.open() as stream:
            for record in read_records(stream, str(source)):
                if article := _in_record(record, source.name):
                    yield article


def _in_record(record: WarcRecord, file: str) -> Article | None:
    capture = Capture(
        file=file,
        offset=record.offset,
        length=record.length,
        record_id=record.get("WARC-Record-ID"),
        date=record.get("WARC-Date"),
        payload_digest=record.get("WARC-Payload-Digest") or None,
    )
    url = record.get("WARC-Target-URI").strip("<>")
    if record.type == "conversion":
        return extract_text(record.block.decode("utf-8", "replace"), url, capture)
    if record.type != "response":
        return None
    try:
        response = parse_response(split_interim(record.block)[1])
        content_type = response.header(b"Content-Type")
        if response.status != 200 or not content_type.lower().startswith(_HTML):
            return None
        body = decode_content(response.body, response.header(b"Content-Encoding"), _MAX_PAGE)
    except MalformedMessageError:
        return None
    moment = parse_moment(capture.date)
    captured = moment.date() if moment else None
    declared = content_type.decode("latin-1")
    return extract(body, url, content_type=declared, captured=captured, capture=capture)
