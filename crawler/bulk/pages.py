"""Articles from WARC records, saved HTML and plain text: each page gives at most one article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from archive import (
    ArchiveError,
    MalformedMessageError,
    Originals,
    capture_of,
    decode_content,
    find_sources,
    parse_response,
    salvage,
)
from archive.message import body_start, split_interim
from crawler.extraction import (
    RepeatedBlocks,
    extract,
    extract_text,
    is_address,
    is_challenge,
    page_class,
    parse_html,
)
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from archive import Source, WarcRecord
    from crawler.items import Article

_MAX_PAGE = 64 * 1024 * 1024  # bytes, decoded
_WHOLE = {200, 203}
_HTML = (b"text/html", b"application/xhtml+xml")
#: Suffixes of saved pages.
SAVED = {".txt", ".html", ".htm", ".xhtml"}


def learned_from(sources: Iterable[Source]) -> RepeatedBlocks:
    """Return the text blocks that sites without rules repeat across *sources*; see `RepeatedBlocks`.

    Damaged records are skipped without a report: reading the same sources for articles reports them.
    """
    repeated = RepeatedBlocks()
    for source in sources:
        for record in records_of(source, _ignore):
            _learn(record, repeated)
    return repeated


def _learn(record: WarcRecord, repeated: RepeatedBlocks) -> None:
    page = _page(record)
    if page is None or not is_address(record.target_uri) or page_class(record.target_uri).publisher:
        return
    if (tree := parse_html(*page)) is not None:
        repeated.learn(tree, record.target_uri)


def _ignore(message: str) -> None:
    """Drop *message*."""


def articles_in(path: Path, url: str | None, report: Callable[[str], None]) -> Iterator[Article]:
    """Yield the articles in the file or folder at *path*, in its order.

    *url* is the URL of the page saved in an .html or .txt file; HTML needs it. *report* gets one line for
    each file or record that cannot be read; the others are still read.
    """
    if path.suffix.lower() in SAVED:
        yield from saved_article(path, url, report)
        return
    try:
        sources = find_sources([path])
    except ArchiveError as error:
        report(str(error))
        return
    originals = Originals(sources)
    for source in sources:
        yield from articles_of(records_of(source, report), source, originals, report)


def saved_article(path: Path, url: str | None, report: Callable[[str], None]) -> Iterator[Article]:
    """Yield the article in the saved page at *path*, if there is one; see `articles_in`."""
    try:
        if path.suffix.lower() == ".txt":
            article = extract_text(path.read_text("utf-8-sig"), url)
        elif url is None:
            report(f"{path}: a saved HTML page needs its URL; give --url")
            return
        else:
            article = extract(path.read_bytes(), url)
    except OSError as error:
        report(f"{path}: {error.strerror}")
    except UnicodeDecodeError as error:
        report(f"{path}: {error}")
    else:
        if article:
            yield article


def articles_of(
    records: Iterable[WarcRecord],
    source: Source,
    originals: Originals,
    report: Callable[[str], None],
    repeated: RepeatedBlocks | None = None,
) -> Iterator[Article]:
    """Yield the articles in *records* of *source*; a revisit takes its body from its original."""
    for record in records:
        whole = record
        if record.type == "response":
            originals.note(source, record)
        elif record.get("WARC-Profile").endswith("identical-payload-digest"):
            block = originals.body_block(source, record)
            if block is None:
                place = f"{source}: record at offset {record.offset}"
                report(f"{place}: refers to a record that is not in the input")
                continue
            whole = _with_body_of(record, block)
        if article := _in_record(whole, source.name, repeated):
            yield article


def _with_body_of(revisit: WarcRecord, block: bytes) -> WarcRecord:
    """Return *revisit* as a response that has the body of the response in *block*."""
    headers = tuple((k, "response" if k.lower() == "warc-type" else v) for k, v in revisit.headers)
    return replace(revisit, headers=headers, block=revisit.block + block[body_start(block) :])


def records_of(
    source: Source, report: Callable[[str], None], begin: int = 0, end: int | None = None
) -> Iterator[WarcRecord]:
    """Yield the records of *source* that start at *begin* or later, and before *end*, in bytes.

    *report* gets one line for each damaged place.
    """
    try:
        with source.open() as stream:
            yield from salvage(stream, str(source), lambda damage: report(str(damage)), begin, end)
    except OSError as error:
        report(f"{source}: {error.strerror}")
    except (ArchiveError, BadZipFile, EOFError) as error:
        report(f"{source}: {error}" if not isinstance(error, ArchiveError) else str(error))


def _in_record(record: WarcRecord, file: str, repeated: RepeatedBlocks | None) -> Article | None:
    capture = capture_of(record, file)
    url = record.target_uri
    if record.type == "conversion":
        return extract_text(record.block.decode("utf-8", "replace"), url, capture)
    if (page := _page(record)) is None:
        return None
    body, content_type = page
    if is_challenge(body):
        return None
    moment = parse_moment(capture.date)
    captured = moment.date() if moment else None
    return extract(
        body, url, content_type=content_type, captured=captured, capture=capture, repeated=repeated
    )


def _page(record: WarcRecord) -> tuple[bytes, str] | None:
    """Return the decoded HTML of a response and its content type; None for any other record."""
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
