"""`scrapy diff`: compare two extractions of the same pages, field by field."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from backports import zstd
from scrapy.exceptions import UsageError

from crawler.console.command import ArchiveCommand, refuse

if TYPE_CHECKING:
    import argparse

_LONGEST = 100  # characters shown of a value
# Fields that differ between any two crawls.
_IGNORED = {"capture", "extractor", "revision"}


class Command(ArchiveCommand):
    """Compare two JSONL files of the same pages."""

    def syntax(self) -> str:
        return "A.jsonl B.jsonl"

    def short_desc(self) -> str:
        return "Show which fields of which articles differ between two JSONL files, with counts"

    def long_desc(self) -> str:
        return (
            "Reads .jsonl, .jsonl.gz and .jsonl.zst. Matches articles by id and compares the latest revision"
            " of each, without `capture`, `extractor` and `revision`. Prints each field that differs, then in"
            " how many articles it does. Exit status 1 if anything differs."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        if len(args) != 2:
            raise UsageError("give two files")
        old, new = (_articles(Path(name)) for name in args)
        counts: Counter[str] = Counter()
        for article_id in sorted(old.keys() & new.keys()):
            for field, before, after in differences(old[article_id], new[article_id]):
                counts[field] += 1
                sys.stdout.write(f"{article_id} {field}\n  - {_short(before)}\n  + {_short(after)}\n")
        for article_id in sorted(old.keys() ^ new.keys()):
            side = args[0] if article_id in old else args[1]
            sys.stdout.write(f"{article_id} only in {side}\n")
        both = len(old.keys() & new.keys())
        alone = len(old.keys() ^ new.keys())
        sys.stdout.write(f"{both} articles in both, {alone} in one\n")
        for field, count in counts.most_common():
            sys.stdout.write(f"  {field:<16}{count}\n")
        self.exitcode = 1 if counts or alone else 0


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return name, old value and new value of each field that differs, in the order of the fields."""
    names = [*old, *(name for name in new if name not in old)]
    return [
        (name, old.get(name), new.get(name))
        for name in names
        if name not in _IGNORED and old.get(name) != new.get(name)
    ]


def _articles(path: Path) -> dict[str, dict[str, Any]]:
    """Return the articles of the JSONL file at *path* by id; for each, its last line counts.

    Raises UsageError, which names file and line.
    """
    found: dict[str, dict[str, Any]] = {}
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                try:
                    article = json.loads(line)
                    found[str(article["id"])] = article
                except (KeyError, TypeError, ValueError):
                    refuse(f"{path}: line {number} is not an article")
    except (EOFError, OSError, zlib.error, zstd.ZstdError) as error:
        refuse(f"{path}: {getattr(error, 'strerror', None) or error}")
    return found


def _opened(path: Path) -> IO[bytes]:
    """Open the JSONL file at *path*; its suffix decides how it is decompressed."""
    openers: dict[str, Any] = {".gz": gzip.open, ".zst": zstd.open}
    opened: IO[bytes] = openers.get(path.suffix, open)(path, "rb")
    return opened


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
