"""Articles out of files that are already there: WARC and WACZ, WET, saved HTML, plain text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from archive import (
    ArchiveError,
    MalformedMessageError,
    capture_of,
    decode_content,
    find_sources,
    parse_response,
    read_records,
    salvage,
)
from archive.message import body_start, split_interim
from crawler.extraction import Boilerplate, extract, extract_text, is_address, page_class, parse_html
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from archive import WarcRecord, WarcSource
    from crawler.items import Article

_MAX_PAGE = 64 * 1024 * 1024  # bytes, decoded
_WHOLE = {200, 203}
_SAVED = {".txt", ".html", ".htm", ".xhtml"}
_HTML = (b"text/html", b"application/xhtml+xml")


def learned_from(paths: Iterable[Path]) -> Boilerplate:
    """Return what the WARC files at *paths* teach of sites that no rule knows; see `Boilerplate`.

    What cannot be read teaches nothing, and is left to `articles_in` to report.
    """
    boilerplate = Boilerplate()
    for path in paths:
        if path.suffix.lower() in _SAVED:
            continue
        try:
            for source in find_sources([path]):
                for record in _records(source, _ignore):
                    _learn(record, boilerplate)
        except ArchiveError:
            continue
    return boilerplate


def _learn(record: WarcRecord, boilerplate: Boilerplate) -> None:
    page = _page(record)
    if page is None or not is_address(record.target_uri) or page_class(record.target_uri).publisher:
        return
    if (tree := parse_html(*page)) is not None:
        boilerplate.learn(tree, record.target_uri)


def _ignore(message: str) -> None:
    """Say nothing of *message*."""


def articles_in(
    path: Path, url: str | None, report: Callable[[str], None], boilerplate: Boilerplate | None = None
) -> Iterator[Article]:
    """Yield the articles in the file or folder at *path*, in its order.

    *url* says where the page in a saved .html or .txt file came from; HTML needs it. *report* is told, in
    one line each, of files and records that cannot be read; what else there is, is read.
    """
    try:
        suffix = path.suffix.lower()
        if suffix == ".txt":
            article = extract_text(path.read_text("utf-8-sig"), url)
        elif suffix in {".html", ".htm", ".xhtml"}:
            if url is None:
                report(f"{path}: where the page came from must be known; give --url")
                return
            article = extract(path.read_bytes(), url)
        else:
            yield from _in_archive(find_sources([path]), report, boilerplate)
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


def _in_archive(
    sources: list[WarcSource], report: Callable[[str], None], boilerplate: Boilerplate | None
) -> Iterator[Article]:
    """Yield the articles in *sources*; a revisit's payload is read where it was met before."""
    places: dict[str, tuple[WarcSource, int]] = {}
    for source in sources:
        for record in _records(source, report):
            whole = record
            if record.type == "response":
                places[record.get("WARC-Record-ID")] = source, record.offset
            elif record.get("WARC-Profile").endswith("identical-payload-digest"):
                if (place := places.get(record.get("WARC-Refers-To"))) is None:
                    report(f"{source}: record at offset {record.offset}: refers to a record that is not here")
                    continue
                whole = _with_payload(record, *place)
            if article := _in_record(whole, source.name, boilerplate):
                yield article


def _with_payload(revisit: WarcRecord, source: WarcSource, offset: int) -> WarcRecord:
    """Return *revisit* with the body of the response that it refers to."""
    with source.open() as stream:
        block = next(read_records(stream, str(source), offset)).block
    headers = tuple((k, "response" if k.lower() == "warc-type" else v) for k, v in revisit.headers)
    return replace(revisit, headers=headers, block=revisit.block + block[body_start(block) :])


def _records(source: WarcSource, report: Callable[[str], None]) -> Iterator[WarcRecord]:
    try:
        with source.open() as stream:
            yield from salvage(stream, str(source), lambda damage: report(str(damage)))
    except OSError as error:
        report(f"{source}: {error.strerror}")
    except (BadZipFile, EOFError) as error:
        report(f"{source}: {error}")


def _in_record(record: WarcRecord, file: str, boilerplate: Boilerplate | None) -> Article | None:
    capture = capture_of(record, file)
    url = record.target_uri
    if record.type == "conversion":
        return extract_text(record.block.decode("utf-8", "replace"), url, capture)
    if (page := _page(record)) is None:
        return None
    body, content_type = page
    moment = parse_moment(capture.date)
    captured = moment.date() if moment else None
    return extract(
        body, url, content_type=content_type, captured=captured, capture=capture, boilerplate=boilerplate
    )


def _page(record: WarcRecord) -> tuple[bytes, str] | None:
    """Return the decoded HTML of a response, and its content type; None for anything else."""
    if record.type != "response":
        return None
    try:
        response = parse_response(split_interim(record.block)[1])
        content_type = response.header(b"Content-Type")
        if response.status not in _WHOLE or not content_type.lower().startswith(_HTML):
            return None
        body = decode_content(response.body, response.header(b"Content-Encoding"), _MAX_PAGE)
    except MalformedMessageError:
        return None
    return body, content_type.decode("latin-1")
