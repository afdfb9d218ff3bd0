"""Output files of articles: JSONL, plain or compressed, or Parquet, chosen by the file name's suffix."""

from __future__ import annotations

import gzip
import json
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Protocol

from backports import zstd

from crawler.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_ROWS = 1_000  # articles of a Parquet row group
_STRING = "string"
_INT = "int64"


class Output(Protocol):
    """An output file of articles."""

    def write(self, lines: bytes) -> None:
        """Append *lines*, articles as JSONL."""

    def close(self) -> None:
        """Finish the file."""


class JsonLines:
    """Writes JSONL to *stream*; *close* finishes the file."""

    def __init__(self, stream: IO[bytes], close: Callable[[], None]) -> None:
        self._stream = stream
        self.close = close

    def write(self, lines: bytes) -> None:
        """Append *lines*, articles as JSONL."""
        self._stream.write(lines)


class Parquet:
    """Writes a Parquet file at *path*: one column for each field of `Article`, compressed with zstd.

    Raises ArgumentError if pyarrow is not installed.
    """

    def __init__(self, path: Path) -> None:
        pyarrow, parquet = _pyarrow(path)
        self._pyarrow = pyarrow
        self._schema = _schema(pyarrow)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def write(self, lines: bytes) -> None:
        """Append *lines*, articles as JSONL."""
        for line in lines.splitlines():
            self._rows.append(_row(json.loads(line)))
            if len(self._rows) == _ROWS:
                self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._pyarrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._writer.close()


def _pyarrow(path: Path) -> tuple[Any, Any]:
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise ArgumentError(
            f"-o {path.with_suffix('')}: writing Parquet needs pyarrow: pip install 'banluu[parquet]'"
        ) from error
    return pa, parquet


def _row(article: dict[str, Any]) -> dict[str, Any]:
    """Return *article* with the same fields in every block of its body, as Parquet columns require."""
    blank = {"text": None, "index": None}
    article["body"] = [{"type": block["type"], **blank, **block} for block in article["body"]]
    return article


# The fields of `crawler.items.Article` and their types. A list of one type is a list column, a dict a struct.
_FIELDS: dict[str, Any] = {
    "id": _STRING, "url": _STRING, "canonical_url": _STRING, "publisher": _STRING, "edition": _STRING,
    "language": _STRING, "kind": _STRING, "headline": _STRING, "description": _STRING,
    "body": [{"type": _STRING, "text": _STRING, "index": _INT}],
    "text": _STRING, "authors": [_STRING], "source": _STRING,
    "dateline": {"agency": _STRING, "place": _STRING},
    "date_published": _STRING, "date_modified": _STRING, "sections": [_STRING], "keywords": [_STRING],
    "images": [{"url": _STRING, "caption": _STRING, "credit": _STRING}],
    "videos": [{"url": _STRING, "duration": _STRING}],
    "related": [{"url": _STRING, "headline": _STRING}],
    "based_on": _STRING, "copy_of": _STRING,
    "revision": {"number": _INT, "changed": [_STRING]},
    "flags": [_STRING],
    "extractor": {"name": _STRING, "version": _STRING, "page": _STRING, "trafilatura": _STRING},
    "capture": {
        "file": _STRING, "offset": _INT, "length": _INT, "record_id": _STRING, "date": _STRING,
        "payload_digest": _STRING,
    },
}  # fmt: skip


def _schema(pyarrow: Any) -> Any:
    return pyarrow.schema([(name, _type(pyarrow, kind)) for name, kind in _FIELDS.items()])


def _type(pyarrow: Any, kind: Any) -> Any:
    if isinstance(kind, list):
        return pyarrow.list_(_type(pyarrow, kind[0]))
    if isinstance(kind, dict):
        return pyarrow.struct([(name, _type(pyarrow, each)) for name, each in kind.items()])
    return pyarrow.int64() if kind == _INT else pyarrow.string()


@contextmanager
def opened(path: Path, suffix: str) -> Iterator[Output]:
    """Open the output file at *path* in the format of *suffix* (".jsonl", ".jsonl.gz", …).

    Raises OSError, or ArgumentError if the format needs a library that is not installed.
    """
    output = _open(path, suffix)
    try:
        yield output
    finally:
        output.close()


def _open(path: Path, suffix: str) -> Output:
    if suffix.endswith(".parquet"):
        return Parquet(path)
    stream = path.open("wb")
    if suffix.endswith(".gz"):
        # Without a file name and a time in the header, the same articles give the same bytes.
        packed: IO[bytes] = gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0)  # type: ignore[assignment]
    elif suffix.endswith(".zst"):
        packed = zstd.ZstdFile(stream, "w", level=6)  # type: ignore[assignment]
    else:
        return JsonLines(stream, stream.close)

    def close() -> None:
        packed.close()
        stream.close()

    return JsonLines(packed, close)
