"""`scrapy freeze`: turn a captured page into a test."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from archive import Collection, WarcRecord, find_sources, read_records
from archive.compression import gzip_member
from archive.records import END
from crawler.bulk import described, readings_in
from crawler.console.command import ArchiveCommand, refuse

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_POINTER = re.compile(r"(?P<file>[^/:]+\.warc(?:\.gz|\.zst)?):(?P<offset>\d+)")
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


class Command(ArchiveCommand):
    """Copy one captured page, and the article extracted from it now, into a folder of tests."""

    requires_project = True
    reads = ("ARCHIVE_DIR",)

    def syntax(self) -> str:
        return "SPIDER URL|FILE:OFFSET [-d FOLDER]"

    def short_desc(self) -> str:
        return "Turn a captured page into a frozen test: its WARC record and the expected article"

    def long_desc(self) -> str:
        return (
            "Searches the collection of SPIDER (in ARCHIVE_DIR) for the latest capture of URL with status"
            " 200, or takes the record at FILE:OFFSET, as in the `capture` of an item. Writes NAME.warc.gz"
            " with only that record, and NAME.json with the article extracted from it: check that it is"
            " right. For a page that is no article, NAME.json is `null`, and the kind of the page is printed."
            " Tests compare the two; see crawler.testing.frozen."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-d",
            "--directory",
            metavar="FOLDER",
            help="the folder to write into (default: tests/pages/SPIDER)",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 2:
            raise UsageError("give a spider and a URL, or FILE:OFFSET")
        name, target = args
        root = Path(self.setting("ARCHIVE_DIR")) / name
        (collection, *_) = Collection.find(root)
        found = max(_captures(collection, target), key=lambda each: each.get("WARC-Date"), default=None)
        if found is None:
            refuse(f"{target}: no page with status 200 in {root}")
        folder = Path(opts.directory or f"tests/pages/{name}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            refuse(f"-d {folder}: {error.strerror}")
        for path in _freeze(found, folder):
            sys.stdout.write(f"{path}\n")


def _captures(collection: Collection, target: str) -> Iterator[WarcRecord]:
    """Yield the responses in *collection* that match *target*, a URL or FILE:OFFSET."""
    pointer = _POINTER.fullmatch(target)
    for source in find_sources([collection.archive]):
        if pointer and source.name != pointer["file"]:
            continue
        with source.open() as stream:
            for record in read_records(stream, str(source), int(pointer["offset"]) if pointer else 0):
                is_page = b" 200" in record.block[:16] and record.target_uri == target
                if pointer and record.type == "revisit":
                    refuse(
                        f"{target}: a revisit of {record.get('WARC-Refers-To-Target-URI')}; freeze that one"
                    )
                if record.type == "response" and (is_page or pointer):
                    yield record
                if pointer:
                    return


def _freeze(record: WarcRecord, folder: Path) -> list[Path]:
    """Write *record* and its article into *folder*; return the two paths."""
    stamp = _UNSAFE.sub("", record.get("WARC-Date"))[:15]
    # The end of the URL distinguishes pages. It must not contain a path separator.
    end = _UNSAFE.sub("-", record.target_uri.partition("//")[2]).strip("-")[-60:].strip("-")
    path = folder / f"{stamp}-{end}.warc.gz"
    head = "".join(f"{name}: {value}\r\n" for name, value in record.headers)
    path.write_bytes(gzip_member(f"WARC/1.1\r\n{head}\r\n".encode() + record.block + END))
    reading = next(readings_in(path, None, refuse), None)
    article = reading.article if reading else None
    if article is None:
        kind = described(reading) if reading else "not an HTML page with status 200"
        sys.stderr.write(f"freeze: {path}: no article: {kind}\n")
    expected = path.with_name(path.name.removesuffix(".warc.gz") + ".json")
    text = json.dumps(asdict(article) if article else None, ensure_ascii=False, indent=1)
    expected.write_text(f"{text}\n", "utf-8")
    return [path, expected]
