"""`scrapy pack`: write a collection as one WACZ package."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from archive import Collection, NotAnArchiveError, PackedPage, load_private_key, pack
from archive.package import public_key_text
from crawler.console.command import ArchiveCommand, refuse
from crawler.console.progress import Progress
from crawler.recording.output import items_folder
from crawler.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


class Command(ArchiveCommand):
    """Write a collection as a WACZ package."""

    def syntax(self) -> str:
        return "COLLECTION [-o FILE.wacz] [--sign KEY.pem]"

    def short_desc(self) -> str:
        return "Write a collection as a WACZ package, which ReplayWeb.page opens"

    def long_desc(self) -> str:
        return (
            "The package holds the closed WARC files, their index, and the articles as its pages. The same"
            " collection gives the same bytes. `openssl genpkey -algorithm ed25519 -out KEY.pem` makes a key;"
            " `scrapy verify FILE.wacz` checks package and signature without any server."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o",
            "--output",
            metavar="FILE",
            help="the file to write (default: the name of COLLECTION with .wacz, in the current folder)",
        )
        parser.add_argument("--sign", metavar="KEY", help="sign with this Ed25519 private key, in PEM")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give one collection")
        (collection, *others) = Collection.find(Path(args[0]))
        if others:
            refuse(f"{args[0]}: holds several collections; give one")
        key = load_private_key(Path(opts.sign)) if opts.sign else None
        output = Path(opts.output or f"{collection.root.resolve().name}.wacz")
        if output.resolve().is_relative_to(collection.root.resolve()):
            refuse(f"-o {output}: is inside the collection; choose a file outside it")
        if output.exists() and output.suffix != ".wacz":
            refuse(f"-o {output}: exists and is not a .wacz file")
        progress = Progress("files")
        collection.acquire("scrapy pack")
        try:
            pack(
                collection,
                output,
                pages=_pages(collection),
                software=f"banluu/{__version__}",
                key=key,
                progress=lambda name, size: progress.step(f"{name}, {size:,} bytes"),
            )
        finally:
            collection.release()
        progress.clear()
        sys.stdout.write(f"{output}: {output.stat().st_size:,} bytes\n")
        if key:
            sys.stdout.write(f"{output}: signed with {public_key_text(key.public_key())}\n")


def _pages(collection: Collection) -> Iterator[PackedPage]:
    """Yield the articles that the crawls of *collection* stored."""
    for path in sorted(items_folder(collection).glob("*.jsonl")):
        with path.open("rb") as lines:
            for line in lines:
                try:
                    item = json.loads(line)
                    if item["url"] and item["capture"]:
                        yield PackedPage(
                            url=item["url"], date=item["capture"]["date"], title=item["headline"]
                        )
                except (KeyError, TypeError, ValueError) as error:
                    raise NotAnArchiveError(
                        f"{path}: a line is not an article; see `scrapy verify`"
                    ) from error
