"""`scrapy extract`: articles from files, near and far, without a crawl."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archive import is_remote
from crawler.bulk import (
    Dask,
    InProcess,
    Parts,
    Plan,
    Processes,
    Selection,
    cores,
    extracted,
    find_shards,
    learned_from,
    lines_of_index,
    listed_in,
    opened,
    run_of,
)
from crawler.console.command import Estimate, one_line_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator, Sequence
    from typing import Any

    from crawler.bulk import Extracted, Shard
    from crawler.bulk.pools import Pool

_INTERRUPTED = 130  # what shells say of SIGINT
_FEW_BYTES = 4_000_000  # less is done before other processes have started
_CDXJ = re.compile(r"!|\S+ \d+ \{")  # a head, or a capture
_HOST = re.compile(r"[\w.-]+(?::\d+)?")


class Command(ScrapyCommand):
    """Write the articles of WARC, WACZ, WET, HTML and text files as JSONL or Parquet."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False, "EXTRACTION_LEARN": False}
    _failures = 0

    def syntax(self) -> str:
        return "INPUT… [-o FILE] [options]"

    def short_desc(self) -> str:
        return "Write the articles in WARC, WACZ, WET, HTML or plain-text files as JSONL or Parquet"

    def long_desc(self) -> str:
        return (
            "Reads .warc, .warc.gz (WET too), .warc.zst and .wacz files, folders and globs of them, where"
            " they lie: paths, or URLs (s3://, https://) with the extra 'remote'; saved .html pages (with"
            " --url) and .txt captures, too. Writes one article a line, in the order of the input, whoever"
            " does the work: by default a process for each core. With -o an interrupted run is taken up again"
            " where it was. With -s EXTRACTION_LEARN=1 WARC files are read twice, and what a site prints on"
            " many of its pages is left out of its articles. Exit status 1 if any input could not be read;"
            " the others are read. FILE stays as it was when none could. 2: it could not start, or not write."
            " 130: interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", metavar="FILE",
            help="where to write: .jsonl, .jsonl.gz, .jsonl.zst or .parquet; any other name gets JSONL"
            " (default: JSONL to the output)",
        )  # fmt: skip
        parser.add_argument("--url", help="where a saved .html or .txt file came from")
        parser.add_argument(
            "--list", action="append", default=[], metavar="FILE",
            help="a file, or its URL, that names inputs, one a line; .gz too; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--host", action="append", default=[],
            help="only pages of this host and those below it; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--prefix", action="append", default=[], metavar="URL",
            help="only pages whose URL begins so, whatever its scheme; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--index", action="append", default=[], metavar="CDXJ",
            help="where --host and --prefix look for what is wanted, so that all else is skipped unread;"
            " found by itself beside collections, in packages, and as WARC-FILE.cdxj",
        )  # fmt: skip
        parser.add_argument(
            "--processes", type=int, default=cores(), metavar="N",
            help="how many processes work (default: %(default)s, the cores at hand)",
        )  # fmt: skip
        parser.add_argument(
            "--dask", metavar="ADDRESS",
            help="work on the Dask cluster whose scheduler is there (tcp://host:8786), or on a 'local' one",
        )  # fmt: skip

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        with one_line_errors():
            inputs = self._inputs(args, opts)
            _check(inputs, opts)
            selection = Selection(tuple(opts.host), tuple(opts.prefix))
            shards = find_shards(inputs, opts.url, selection, _lines(opts.index), self._fail)
            try:
                count = self._extract(inputs, shards, selection, opts)
            except KeyboardInterrupt:
                more = "; the same command goes on where it was" if opts.output else ""
                sys.stderr.write(f"extract: interrupted{more}\n")
                self.exitcode = _INTERRUPTED
                return
            except BrokenPipeError:
                # Whoever read our output has had enough.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                return
            except OSError as error:
                raise UsageError(f"-o {opts.output or '-'}: {error.strerror}", print_help=False) from error
        if opts.output and count is not None:
            sys.stdout.write(f"{count} articles from {len(inputs)} inputs in {opts.output}\n")

    def _inputs(self, args: list[str], opts: argparse.Namespace) -> list[str]:
        inputs = list(args)
        for location in opts.list:
            try:
                inputs += listed_in(location)
            except OSError as error:
                raise UsageError(f"--list {location}: {error.strerror or error}", print_help=False) from error
        if not inputs:
            raise UsageError("give at least one input")
        return inputs

    def _extract(
        self, inputs: Sequence[str], shards: Sequence[Shard], selection: Selection, opts: argparse.Namespace
    ) -> int | None:
        """Write the articles of *shards*; return how many there were, None where nothing could be read.

        Raises OSError when the output cannot be written.
        """
        learns = self._learns()
        plan = self._plan(shards, selection, learns=learns)
        pool = _pool(shards, opts)
        if not opts.output:
            count = 0
            for result in self._results(pool, plan, shards, inputs, None):
                sys.stdout.buffer.write(result.lines)
                count += result.count
            sys.stdout.buffer.flush()
            return count
        output = Path(opts.output)
        with Parts(output, run_of(shards, selection, learns=learns)) as parts:
            if parts.is_new:
                sys.stderr.write(f"extract: {parts.folder}: of another run, begun anew\n")
            growing = output.with_name(f"{output.name}.open")
            try:
                count = self._write(growing, output.name, self._results(pool, plan, shards, inputs, parts))
                if self._failures and not count:
                    self._fail(f"{output}: nothing to write; it is left as it was")
                    return None
                growing.replace(output)
            finally:
                # Made anew of the parts.
                growing.unlink(missing_ok=True)
            parts.drop()
        return count

    @staticmethod
    def _write(path: Path, name: str, results: Generator[Extracted]) -> int:
        count = 0
        with closing(results), opened(path, name) as out:
            for result in results:
                out.write(result.lines)
                count += result.count
        return count

    def _plan(self, shards: Sequence[Shard], selection: Selection, *, learns: bool) -> Plan:
        sources = tuple(dict.fromkeys(shard.source for shard in shards if shard.source))
        return Plan(sources, selection, learned_from(sources) if learns else None)

    def _results(
        self, pool: Pool, plan: Plan, shards: Sequence[Shard], inputs: Sequence[str], parts: Parts | None
    ) -> Generator[Extracted]:
        """Yield what *shards* give, in their order; say what goes wrong, and how far it has come."""
        found = dict.fromkeys(inputs, 0)
        complained = {each for each in inputs if not any(shard.given == each for shard in shards)}
        with Estimate("shards", len(shards), sum(shard.size for shard in shards)) as estimate:
            for shard, result in extracted(pool, plan, shards, parts):
                for message in result.complaints:
                    estimate.clear()
                    self._fail(message)
                    complained.add(shard.given)
                for message in result.empty:
                    estimate.clear()
                    sys.stderr.write(f"extract: {message}\n")
                found[shard.given] += result.count + len(shard.saved)
                yield result
                estimate.done(shard.size, f"{sum(found.values()):,} articles")
        for given, count in found.items():
            if not count and given not in complained:
                sys.stderr.write(f"extract: {given}: holds no article\n")

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


def _check(inputs: Sequence[str], opts: argparse.Namespace) -> None:
    """Refuse what cannot be meant."""
    if opts.url and len(inputs) > 1:
        raise UsageError("--url goes with one input", print_help=False)
    for option, values in (("--url", [opts.url] if opts.url else []), ("--prefix", opts.prefix)):
        for value in values:
            if not re.match(r"https?://[^/]", value):
                raise UsageError(f"{option} {value}: not an http(s) URL", print_help=False)
    for host in opts.host:
        if not _HOST.fullmatch(host):
            raise UsageError(f"--host {host}: not a host name", print_help=False)
    if opts.index and not (opts.host or opts.prefix):
        raise UsageError("--index goes with --host or --prefix", print_help=False)
    if opts.processes < 1:
        raise UsageError(f"--processes {opts.processes}: at least 1", print_help=False)
    if opts.output and is_remote(opts.output):
        raise UsageError(f"-o {opts.output}: give a local file", print_help=False)
    if opts.output and Path(opts.output).is_dir():
        raise UsageError(f"-o {opts.output}: is a folder", print_help=False)
    paths = [Path(each) for each in inputs if not is_remote(each)]
    if opts.output and any(_holds(path, Path(opts.output)) for path in paths):
        raise UsageError(f"-o {opts.output}: is one of the inputs", print_help=False)


def _lines(indexes: Sequence[str]) -> Any:
    for location in indexes:
        try:
            for number, line in enumerate(lines_of_index(location), 1):
                if line and not _CDXJ.match(line):
                    raise UsageError(f"--index {location}: line {number} is no CDXJ", print_help=False)
                yield line
        except (OSError, EOFError) as error:
            raise UsageError(f"--index {location}: {error}", print_help=False) from error


def _pool(shards: Sequence[Shard], opts: argparse.Namespace) -> Pool:
    if opts.dask:
        return Dask(opts.dask, opts.processes)
    is_little = sum(shard.size for shard in shards) < _FEW_BYTES
    count = min(opts.processes, len(shards))
    return InProcess() if is_little or count < 2 else Processes(count)


def _holds(path: Path, output: Path) -> bool:
    """Tell whether *output* is the file at *path*, or lies in the folder."""
    if path.is_dir():
        return output.resolve().is_relative_to(path.resolve()) and output.exists()
    return output.resolve() == path.resolve()
