"""`scrapy verify`: check every digest, index line and JSONL pointer of archives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from archive import Collection, NotAnArchiveError, PackageCheck, Verifier, find_sources
from archive.collection import OPEN
from archive.package import index_lines_of
from archive.suffixes import is_archive, is_wacz
from crawler.console.command import ArchiveCommand
from crawler.console.progress import Progress, counted

if TYPE_CHECKING:
    import argparse


class Command(ArchiveCommand):
    """Check archives; print one line for each fault."""

    def syntax(self) -> str:
        return "PATH… [--key KEY]"

    def short_desc(self) -> str:
        return "Check every digest, index line and JSONL pointer of collections, WARC files or WACZ packages"

    def long_desc(self) -> str:
        return (
            "PATH is a collection, a folder of collections, a WARC file, a folder of them, or a WACZ. Prints"
            " one line for each fault, then a summary. Changes nothing. Exit status 1 if there is any fault."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--key", help="packages must be signed with this public key (as `verify` and `pack` print it)"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if not args:
            raise UsageError("give at least one path")
        self._progress = Progress("records")
        self._verifier = Verifier(self._fault)
        for path in map(Path, args):
            self._verify(path, opts.key)
        self._progress.clear()
        sys.stdout.write(f"{self._verifier.findings}\n")
        self.exitcode = 1 if self._verifier.findings.faults else 0

    def _fault(self, message: str) -> None:
        self._progress.clear()
        sys.stdout.write(f"{message}\n")

    def _verify(self, path: Path, key: str | None) -> None:
        try:
            collections = Collection.find(path)
        except NotAnArchiveError:
            collections = []
        for collection in collections:
            # A verifier for each: records of one collection do not satisfy references in another.
            uploaded = collection.upload_log.removed()
            self._verifier = Verifier(self._fault, self._verifier.findings, uploaded)
            self._verify_collection(collection)
            if uploaded:
                self._progress.clear()
                sys.stdout.write(
                    f"{collection.root}: {counted(len(uploaded), 'WARC file')} uploaded and removed;"
                    " pointers into them are not checked\n"
                )
        loose = [file for file in _archives(path) if not any(_is_in(file, each) for each in collections)]
        if not collections and not loose:
            # Raises an error that names the reason.
            find_sources([path])
        self._verifier = Verifier(self._fault, self._verifier.findings)
        for file in loose:
            if is_wacz(file.name):
                self._verify_package(file, key)
            else:
                self._read(file)

    def _read(self, path: Path) -> set[str]:
        """Check the WARC files at *path*; return their names."""
        sources = find_sources([path])
        for source in sources:
            for _ in self._verifier.warc(source):
                self._progress.step(str(source))
        return {source.name for source in sources}

    def _verify_collection(self, collection: Collection) -> None:
        for leftover in sorted(collection.root.rglob(f"*{OPEN}")):
            self._verifier.fault(
                f"{leftover}: still open: if no crawl is writing it, `scrapy mend` closes it"
            )
        names = set()
        for file in sorted(collection.archive.glob("*.warc*")):
            if not file.name.endswith(OPEN):
                names |= self._read(file)
        self._verifier.references()
        self._verifier.index(collection.index, names, collection.index_files())
        for items in sorted((collection.root / "items").glob("*.jsonl")):
            self._verifier.pointers(items)

    def _verify_package(self, package: Path, key: str | None) -> None:
        self._verifier = Verifier(self._fault, self._verifier.findings)
        check = PackageCheck(package, self._verifier.fault)
        check.check()
        if check.signed_by:
            sys.stdout.write(f"{package}: signed with {check.signed_by}\n")
        if key and check.signed_by != key:
            self._verifier.fault(f"{package}: not signed with {key}")
        try:
            self._read(package)
            self._verifier.index_lines(str(package), index_lines_of(package))
        except NotAnArchiveError as error:
            self._verifier.fault(str(error))


def _archives(path: Path) -> list[Path]:
    """Return the WARC and WACZ files at or below *path*, except those that crawls still write."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [file for file in files if file.is_file() and is_archive(file.name)]


def _is_in(file: Path, collection: Collection) -> bool:
    return file.parent == collection.archive and not is_wacz(file.name)
