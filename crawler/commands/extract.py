"""`scrapy extract`: articles from files, without network."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archive import ArchiveError
from crawler.bulk import articles_in

if TYPE_CHECKING:
    import argparse
    from typing import Any, BinaryIO


class Command(ScrapyCommand):
    """Write the articles of WARC, WACZ, WET, HTML and text files as JSONL."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "INPUT… [-o FILE] [--url URL]"

    def short_desc(self) -> str:
        return "Write the articles in WARC, WACZ, WET, HTML or plain-text files as JSONL"

    def long_desc(self) -> str:
        return (
            "Reads .warc, .warc.gz (WET too) and .wacz files, folders of them, saved .html pages (with --url)"
            " and .txt captures, and writes one article a line, in the order of the input. Touches no"
            " network. Exit status 1 if any input could not be read; the others are still read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="where to write (default: standard output)"
        )
        parser.add_argument("--url", help="where a saved .html or .txt file came from")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if not args:
            raise UsageError("give at least one input")
        if opts.url and len(args) > 1:
            raise UsageError("--url goes with one input", print_help=False)
        with ExitStack() as stack:
            out: BinaryIO = sys.stdout.buffer
            if opts.output:
                try:
                    out = stack.enter_context(Path(opts.output).open("wb"))
                except OSError as error:
                    raise UsageError(f"-o {opts.output}: {error.strerror}", print_help=False) from error
            count = sum(self._extract(Path(name), opts.url, out) for name in args)
        if opts.output:
            sys.stdout.write(f"{count} articles from {len(args)} inputs in {opts.output}\n")

    def _extract(self, path: Path, url: str | None, out: BinaryIO) -> int:
        """Write the articles of one input; return how many there were."""
        count = 0
        try:
            for article in articles_in(path, url):
                out.write(article.to_json().encode() + b"\n")
                count += 1
        except OSError as error:
            self._fail(f"{path}: {error.strerror}")
        except (ArchiveError, ValueError) as error:
            self._fail(str(error) if isinstance(error, ArchiveError) else f"{path}: {error}")
        else:
            if not count:
                sys.stderr.write(f"extract: {path}: holds no article\n")
        return count

    def _fail(self, message: str) -> None:
        sys.stderr.write(f"extract: error: {message}\n")
        self.exitcode = 1
