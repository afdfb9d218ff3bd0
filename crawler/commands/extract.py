"""`scrapy extract`: articles from files, without network."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.bulk import articles_in, learned_from

if TYPE_CHECKING:
    import argparse
    from typing import Any, BinaryIO


class Command(ScrapyCommand):
    """Write the articles of WARC, WACZ, WET, HTML and text files as JSONL."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False, "EXTRACTION_LEARN": False}
    _failures = 0

    def syntax(self) -> str:
        return "INPUT… [-o FILE] [--url URL]"

    def short_desc(self) -> str:
        return "Write the articles in WARC, WACZ, WET, HTML or plain-text files as JSONL"

    def long_desc(self) -> str:
        return (
            "Reads .warc, .warc.gz (WET too) and .wacz files, folders of them, saved .html pages (with --url)"
            " and .txt captures, and writes one article a line, in the order of the input. Touches no"
            " network. With -s EXTRACTION_LEARN=1 WARC files are read twice, and what a site prints on many"
            " of its pages is left out of its articles. Exit status 1 if any input could not be read; the"
            " others are still read."
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
        if opts.url and not re.match(r"https?://[^/]", opts.url):
            raise UsageError(f"--url {opts.url}: not an http(s) URL", print_help=False)
        inputs = [Path(name) for name in args]
        if opts.output and any(_holds(path, Path(opts.output)) for path in inputs):
            raise UsageError(f"-o {opts.output}: is one of the inputs", print_help=False)
        try:
            count = self._extract(inputs, opts)
        except BrokenPipeError:
            # Whoever read our output has had enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            raise UsageError(f"-o {opts.output or '-'}: {error.strerror}", print_help=False) from error
        if opts.output:
            sys.stdout.write(f"{count} articles from {len(args)} inputs in {opts.output}\n")

    def _extract(self, inputs: list[Path], opts: argparse.Namespace) -> int:
        """Write the articles of *inputs*; return how many there were.

        Raises OSError when the output cannot be written.
        """
        if not opts.output:
            count = self._write(inputs, opts.url, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return count
        output = Path(opts.output)
        growing = output.with_name(f"{output.name}.open")
        with growing.open("wb") as out:
            count = self._write(inputs, opts.url, out)
        growing.replace(output)
        return count

    def _write(self, inputs: list[Path], url: str | None, out: BinaryIO) -> int:
        total = 0
        boilerplate = learned_from(inputs) if self._learns() else None
        for path in inputs:
            count, failures = 0, self._failures
            for article in articles_in(path, url, self._fail, boilerplate):
                out.write(article.to_json().encode() + b"\n")
                count += 1
            if not count and failures == self._failures:
                sys.stderr.write(f"extract: {path}: holds no article\n")
            total += count
        return total

    def _learns(self) -> bool:
        value = self.settings["EXTRACTION_LEARN"] if self.settings else False
        try:
            return self.settings is not None and self.settings.getbool("EXTRACTION_LEARN")
        except ValueError as error:
            raise UsageError(
                f"EXTRACTION_LEARN={value}: allowed: True, False, 1, 0", print_help=False
            ) from error

    def _fail(self, message: str) -> None:
        sys.stderr.write(f"extract: error: {message}\n")
        self._failures += 1
        self.exitcode = 1


def _holds(path: Path, output: Path) -> bool:
    """Tell whether *output* is the file at *path*, or lies in the folder."""
    if path.is_dir():
        return output.resolve().is_relative_to(path.resolve()) and output.exists()
    return output.resolve() == path.resolve()
