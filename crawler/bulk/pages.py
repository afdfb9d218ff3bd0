"""Pages from WARC records, saved HTML and plain text; each is read, and gives at most one article.

A page is an HTML response with status 200 or 203, a plain-text record, or a saved file. A page that was cut
off gives no article unless cut pages are asked for: half an article must not pass for a whole one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from archive import (
    ArchiveError,
    MalformedMessageError,
    Originals,
    capture_of,
    decoded,
    find_sources,
    parse_response,
    salvage,
)
from archive.message import body_start, split_interim
from crawler.extraction import (
    THRESHOLD,
    PageReading,
    RepeatedBlocks,
    Verdict,
    extract_text,
    is_address,
    page_class,
    parse_html,
    read,
)
from crawler.extraction.dates import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from archive import HttpResponse, Source, WarcRecord
    from crawler.extraction import PageKind
    from crawler.extraction.kinds.known_pages import KnownPages
    from crawler.items import Article

#: Flag of an article on a page that was cut off.
CUT = "cut"
_TRUNCATED = "WARC-Truncated"
_MAX_PAGE = 64 * 1024 * 1024  # bytes, decoded
_WHOLE = frozenset({200, 203})
_GONE = frozenset({404, 410})
_HTML = (b"text/html", b"application/xhtml+xml")
_MOST_REASONS = 3
_PAGE_END = b"</body></html>"
#: Suffixes of saved pages.
SAVED = {".txt", ".html", ".htm", ".xhtml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """An HTML page in a record."""

    #: Decoded; what could be decoded of it, if it is cut.
    body: bytes = b""
    content_type: str = ""
    is_cut: bool = False
    #: Why its body cannot be decoded; empty if it can.
    broken: str = ""


def learned_from(sources: Iterable[Source], errors: KnownPages | None = None) -> RepeatedBlocks:
    """Return the text blocks that sites without rules repeat across *sources*; see `RepeatedBlocks`.

    *errors* learns what these sites say with the statuses 404 and 410. Damaged records are skipped without a
    report: reading the same sources for articles reports them.
    """
    repeated = RepeatedBlocks()
    for source in sources:
        for record in records_of(source, _ignore):
            _learn(record, repeated)
            if errors is not None:
                _learn_error(record, errors)
    return repeated


def _learn(record: WarcRecord, repeated: RepeatedBlocks) -> None:
    page = _page(record)
    if page is None or page.is_cut or page.broken:
        return
    if not is_address(record.target_uri) or page_class(record.target_uri).publisher:
        return
    if (tree := parse_html(page.body, page.content_type)) is not None:
        repeated.learn(tree, record.target_uri)


def _learn_error(record: WarcRecord, errors: KnownPages) -> None:
    page, url = _page(record, _GONE), record.target_uri
    if page and not (page.is_cut or page.broken) and is_address(url) and not page_class(url).publisher:
        reading = read(page.body, url, content_type=page.content_type)
        errors.note_error(url, reading.text_digest)


def _ignore(message: str) -> None:
    """Drop *message*."""


def articles_in(path: Path, url: str | None, report: Callable[[str], None]) -> Iterator[Article]:
    """Yield the articles in the file or folder at *path*, in its order; see `readings_in`."""
    for reading in readings_in(path, url, report):
        if reading.article:
            yield reading.article


def readings_in(path: Path, url: str | None, report: Callable[[str], None]) -> Iterator[PageReading]:
    """Yield a reading of each page in the file or folder at *path*, in its order.

    *url* is the URL of the page saved in an .html or .txt file; HTML needs it. *report* gets one line for
    each file or record that cannot be read; the others are still read.
    """
    if path.suffix.lower() in SAVED:
        if reading := saved_reading(path, url, report):
            yield reading
        return
    try:
        sources = find_sources([path])
    except ArchiveError as error:
        report(str(error))
        return
    originals = Originals(sources)
    for source in sources:
        yield from readings_of(records_of(source, report), source, originals, report)


def saved_reading(
    path: Path,
    url: str | None,
    report: Callable[[str], None],
    *,
    with_cut: bool = False,
    threshold: float = THRESHOLD,
) -> PageReading | None:
    """Return a reading of the saved page at *path*, None if it cannot be read; see `readings_in`."""
    try:
        if path.suffix.lower() == ".txt":
            return _text_reading(extract_text(path.read_text("utf-8-sig"), url))
        if url is None:
            report(f"{path}: a saved HTML page needs its URL; give --url")
            return None
        return _read(path.read_bytes(), url, {"threshold": threshold}, with_cut=with_cut)
    except OSError as error:
        report(f"{path}: {error.strerror}")
    except UnicodeDecodeError as error:
        report(f"{path}: {error}")
    return None


def _text_reading(article: Article | None) -> PageReading:
    return PageReading(verdict=Verdict(kind="article" if article else "empty"), article=article)


def described(reading: PageReading) -> str:
    """Return the kind of the page, with the strongest reasons if there are any: "listing: …; …"."""
    reasons = "; ".join(reading.verdict.reasons[:_MOST_REASONS])
    return f"{reading.kind}: {reasons}" if reasons else reading.kind


def articles_of(
    records: Iterable[WarcRecord], source: Source, originals: Originals, report: Callable[[str], None]
) -> Iterator[Article]:
    """Yield the articles in *records* of *source*; see `readings_of`."""
    for reading in readings_of(records, source, originals, report):
        if reading.article:
            yield reading.article


def readings_of(  # noqa: PLR0913  one argument for each option
    records: Iterable[WarcRecord],
    source: Source,
    originals: Originals,
    report: Callable[[str], None],
    repeated: RepeatedBlocks | None = None,
    *,
    with_cut: bool = False,
    threshold: float = THRESHOLD,
    errors: KnownPages | None = None,
) -> Iterator[PageReading]:
    """Yield a reading of each page in *records* of *source*; a revisit takes its body from its original.

    A page that was cut off gives no article; *with_cut*, it gives what there is, flagged `cut`.
    """
    for record in records:
        whole = record
        if record.type == "response":
            originals.note(source, record)
        elif record.get("WARC-Profile").endswith("identical-payload-digest"):
            original = originals.original(source, record)
            if original is None:
                place = f"{source}: record at offset {record.offset}"
                report(f"{place}: refers to a record that is not in the input")
                continue
            whole = _with_body_of(record, original)
        facts = {"repeated": repeated, "threshold": threshold}
        if reading := _reading(whole, source.name, facts, with_cut=with_cut):
            yield errors.judged(record.target_uri, reading) if errors else reading


def _with_body_of(revisit: WarcRecord, original: WarcRecord) -> WarcRecord:
    """Return *revisit* as a response that has the body of *original*."""
    # Some tools mark every revisit as truncated, because its body is elsewhere.
    headers = [(k, v) for k, v in revisit.headers if k.lower() not in {"warc-type", _TRUNCATED.lower()}]
    headers.append(("WARC-Type", "response"))
    response = _response(original)
    if response is None or _is_cut(original, response):
        headers.append((_TRUNCATED, original.get(_TRUNCATED) or "unspecified"))
    head = body_start(original.block)
    # Some tools store no head.
    block = (revisit.block or original.block[:head]) + original.block[head:]
    return replace(revisit, headers=tuple(headers), block=block)


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


def _reading(record: WarcRecord, file: str, options: dict[str, Any], *, with_cut: bool) -> PageReading | None:
    """Return a reading of the page in *record*, None if it holds none; *options* are arguments of `read`."""
    capture = capture_of(record, file)
    url = record.target_uri
    if record.type == "conversion":
        is_cut = bool(record.get(_TRUNCATED))
        if is_cut and not with_cut:
            return PageReading(verdict=Verdict(kind="cut"))
        text = extract_text(record.block.decode("utf-8", "replace"), url, capture)
        return _flagged(_text_reading(text)) if is_cut else _text_reading(text)
    if (page := _page(record)) is None:
        return None
    if page.broken:
        kind: PageKind = "cut" if page.is_cut else "not_text"
        return PageReading(verdict=Verdict(kind=kind, reasons=(f"- {page.broken}",)))
    moment = parse_moment(capture.date)
    facts = {
        "content_type": page.content_type,
        "captured": moment.date() if moment else None,
        "capture": capture,
        **options,
    }
    return _read(page.body, url, facts, is_cut=page.is_cut, with_cut=with_cut)


def _read(
    body: bytes, url: str, facts: dict[str, Any], *, is_cut: bool = False, with_cut: bool
) -> PageReading:
    """Return a reading of the page *body*; *facts* are arguments of `read`."""
    reading = read(body, url, **facts, is_cut=is_cut)
    if reading.kind != CUT or not with_cut:
        return reading
    # Where its bytes end, the page ends, for once.
    return _flagged(read(body + _PAGE_END, url, **facts))


def _flagged(reading: PageReading) -> PageReading:
    """Return *reading*, its article flagged `cut`."""
    if reading.article is None:
        return reading
    flags = sorted({*reading.article.flags, CUT})
    return replace(reading, article=replace(reading.article, flags=flags))


def _page(record: WarcRecord, statuses: frozenset[int] = _WHOLE) -> _Page | None:
    """Return the HTML page in *record*, if its status is one of *statuses*; None for any other record."""
    if record.type != "response" or (response := _response(record)) is None:
        return None
    content_type = response.header(b"Content-Type")
    if response.status not in statuses or not content_type.lower().startswith(_HTML):
        return None
    is_cut = _is_cut(record, response)
    try:
        body, is_whole = decoded(response.body, response.header(b"Content-Encoding"), _MAX_PAGE)
    except MalformedMessageError as error:
        return _Page(is_cut=is_cut, broken=str(error))
    return _Page(body=body, content_type=content_type.decode("latin-1"), is_cut=is_cut or not is_whole)


def _response(record: WarcRecord) -> HttpResponse | None:
    try:
        return parse_response(split_interim(record.block)[1])
    except MalformedMessageError:
        return None


def _is_cut(record: WarcRecord, response: HttpResponse) -> bool:
    """Return whether bytes of *response* are missing: the record says so, or its framing has no end."""
    return bool(record.get(_TRUNCATED)) or not (response.complete or response.until_close)
