"""Articles out of files that are already there: WARC and WACZ, WET, saved HTML, plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import BadZipFile

from archive import (
    ArchiveError,
    MalformedMessageError,
    capture_of,
    decode_content,
    find_sources,
    parse_response,
    salvage,
)
from archive.message import split_interim
from crawler.extraction import extract, extract_text
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive import WarcRecord, WarcSource
    from crawler.items import Article

_MAX_PAGE = 64 * 1024 * 1024  # bytes, decoded
_HTML = (b"text/html", b"application/xhtml+xml")


def articles_in(path: Path, url: str | None, report: Callable[[str], None]) -> Iterator[Article]:
    """Yield the articles in the file or folder at *path*, in its order.

    *url* says where the page in a saved .html or .txt file came from; HTML needs it. *report* is told, in
    one line each, of files and records that cannot be read; what else there is, is read.
    """
    try:
        if path.suffix == ".txt":
            article = extract_text(path.read_text("utf-8-sig"), url)
        elif path.suffix in {".html", ".htm"}:
            if url is None:
                report(f"{path}: where the page came from must be known; give --url")
                return
            article = extract(path.read_bytes(), url)
        else:
            for source in find_sources([path]):
                yield from _in_warc(source, report)
            return
    except OSError as error:
        report(f"{path}: {error.strerror}")
    except UnicodeDecodeError as error:
        report(f"{path}: {error}")
    except ArchiveError as error:
        report(str(error))
    else:
        if article:
            yield article


def _in_warc(source: WarcSource, report: Callable[[str], None]) -> Iterator[Article]:
    try:
        with source.open() as stream:
            for record in salvage(stream, str(source), lambda damage: report(str(damage))):
                if article := _in_record(record, source.name):
                    yield article
    except OSError as error:
        report(f"{source}: {error.strerror}")
    except (BadZipFile, EOFError) as error:
        report(f"{source}: {error}")


def _in_record(record: WarcRecord, file: str) -> Article | None:
    capture = capture_of(record, file)
    url = record.target_uri
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
