"""`scrapy extract`: articles from files, local and remote, without a crawl."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from archive import is_remote
from crawler.bulk import (
    Dask,
    InProcess,
    Parts,
    Plan,
    Processes,
    UrlFilter,
    cores,
    extracted,
    find_shards,
    learned_from,
    lines_of_index,
    listed_in,
    opened,
    parts_key,
)
from crawler.console.command import ArchiveCommand, refuse
from crawler.console.progress import Estimate, counted
from crawler.extraction import project_modules

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


class Command(ArchiveCommand):
    """Write the articles of WARC, WACZ, WET, HTML and text files as JSONL or Parquet."""

    reads = ("EXTRACTION_LEARN",)
    _failures = 0

    def syntax(self) -> str:
        return "INPUT… [-o FILE] [options]"

    def short_desc(self) -> str:
        return "Write the articles in WARC, WACZ, WET, HTML or plain-text files as JSONL or Parquet"

    def long_desc(self) -> str:
        return (
            "Reads .warc, .warc.gz (WET too), .warc.zst and .wacz files, folders and globs of them, by path"
            " or, with the extra 'remote', by URL (s3://, https://); also saved .html pages (with --url) and"
            " .txt captures. Writes one article a line, in the order of the input, however many processes"
            " there are (by default one for each core). With -o, the same command resumes an interrupted run."
            " With -s EXTRACTION_LEARN=1, WARC files are read twice, and text that an unknown site prints on"
            " many of its pages is left out. Exit status 1 if any input could not be read; the others are"
            " read, and if none can be, an existing FILE is kept. 2: it could not start or write. 130:"
            " interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", metavar="FILE",
            help="file to write: .jsonl, .jsonl.gz, .jsonl.zst or .parquet; any other suffix gets JSONL"
            " (default: JSONL on standard output)",
        )  # fmt: skip
        parser.add_argument("--url", help="URL that a saved .html or .txt file came from")
        parser.add_argument(
            "--list", action="append", default=[], metavar="FILE",
            help="file or URL of a list of inputs, one a line; .gz too; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--host", action="append", default=[],
            help="only pages of this host and its subdomains; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--prefix", action="append", default=[], metavar="URL",
            help="only pages whose URL starts with this, whatever the scheme; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--index", action="append", default=[], metavar="CDXJ",
            help="index in which --host and --prefix look up records, so that all others are skipped unread;"
            " found automatically in collections and packages, and as WARC-FILE.cdxj",
        )  # fmt: skip
        parser.add_argument(
            "--processes", type=int, default=cores(), metavar="N",
            help="number of processes (default: %(default)s, the available cores)",
        )  # fmt: skip
        parser.add_argument(
            "--dask", metavar="ADDRESS",
            help="scheduler of the Dask cluster to use (tcp://host:8786), or 'local'",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        inputs = self._inputs(args, opts)
        _check(inputs, opts)
        url_filter = UrlFilter(tuple(opts.host), tuple(opts.prefix))
        shards = find_shards(inputs, opts.url, url_filter, _lines(opts.index), self._fail)
        try:
            count = self._extract(inputs, shards, url_filter, opts)
        except KeyboardInterrupt:
            more = "; the same command resumes it" if opts.output else ""
            sys.stderr.write(f"extract: interrupted{more}\n")
            self.exitcode = _INTERRUPTED
            return
        except BrokenPipeError:
            # The reader of our output has closed it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            refuse(f"-o {opts.output or '-'}: {error.strerror}")
        if opts.output and count is not None:
            articles, files = counted(count, "article"), counted(len(inputs), "input")
            sys.stdout.write(f"{articles} from {files} in {opts.output}\n")

    def _inputs(self, args: list[str], opts: argparse.Namespace) -> list[str]:
        inputs = list(args)
        for location in opts.list:
            try:
                inputs += listed_in(location)
            except OSError as error:
                refuse(f"--list {location}: {error.strerror or error}")
        if not inputs:
            raise UsageError("give at least one input")
        return inputs

    def _extract(
        self, inputs: Sequence[str], shards: Sequence[Shard], url_filter: UrlFilter, opts: argparse.Namespace
    ) -> int | None:
        """Write the articles of *shards*; return how many there were, None if nothing could be read.

        Raises OSError when the output cannot be written.
        """
        learns = self._learns()
        plan = self._plan(shards, url_filter, learns=learns)
        pool = _pool(shards, opts)
        if not opts.output:
            count = 0
            for result in self._results(pool, plan, shards, inputs, None):
                sys.stdout.buffer.write(result.lines)
                count += result.count
            sys.stdout.buffer.flush()
            return count
        output = Path(opts.output)
        key = parts_key(shards, url_filter, learns=learns, publishers=project_modules())
        with Parts(output, key) as parts:
            if parts.was_stale:
                sys.stderr.write(f"extract: {parts.folder}: left by another run; starting over\n")
            growing = output.with_name(f"{output.name}.open")
            try:
                count = self._write(growing, output.name, self._results(pool, plan, shards, inputs, parts))
                if self._failures and not count:
                    self._fail(f"{output}: nothing to write; the file is left unchanged")
                    return None
                growing.replace(output)
            finally:
                # It can be rebuilt from the parts.
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

    def _plan(self, shards: Sequence[Shard], url_filter: UrlFilter, *, learns: bool) -> Plan:
        sources = tuple(dict.fromkeys(shard.source for shard in shards if shard.source))
        return Plan(sources, url_filter, learned_from(sources) if learns else None, project_modules())

    def _results(
        self, pool: Pool, plan: Plan, shards: Sequence[Shard], inputs: Sequence[str], parts: Parts | None
    ) -> Generator[Extracted]:
        """Yield the articles of *shards*, in their order; report errors and progress."""
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
                sys.stderr.write(f"extract: {given}: no article found\n")

    def _learns(self) -> bool:
        value = self.setting("EXTRACTION_LEARN")
        try:
            return self.settings is not None and self.settings.getbool("EXTRACTION_LEARN")
        except ValueError:
            refuse(f"EXTRACTION_LEARN={value}: allowed: True, False, 1, 0")

    def _fail(self, message: str) -> None:
        sys.stderr.write(f"extract: error: {message}\n")
        self._failures += 1
        self.exitcode = 1


def _check(inputs: Sequence[str], opts: argparse.Namespace) -> None:
    """Refuse options that make no sense together."""
    if opts.url and len(inputs) > 1:
        refuse("--url goes with one input")
    for option, values in (("--url", [opts.url] if opts.url else []), ("--prefix", opts.prefix)):
        for value in values:
            if not re.match(r"https?://[^/]", value):
                refuse(f"{option} {value}: not an http(s) URL")
    for host in opts.host:
        if not _HOST.fullmatch(host):
            refuse(f"--host {host}: not a host name")
    if opts.index and not (opts.host or opts.prefix):
        refuse("--index goes with --host or --prefix")
    if opts.processes < 1:
        refuse(f"--processes {opts.processes}: at least 1")
    if opts.output and is_remote(opts.output):
        refuse(f"-o {opts.output}: give a local file")
    if opts.output and Path(opts.output).is_dir():
        refuse(f"-o {opts.output}: is a folder")
    paths = [Path(each) for each in inputs if not is_remote(each)]
    if opts.output and any(_holds(path, Path(opts.output)) for path in paths):
        refuse(f"-o {opts.output}: is one of the inputs")


def _lines(indexes: Sequence[str]) -> Any:
    for location in indexes:
        try:
            for number, line in enumerate(lines_of_index(location), 1):
                if line and not _CDXJ.match(line):
                    refuse(f"--index {location}: line {number} is not CDXJ")
                yield line
        except (OSError, EOFError) as error:
            refuse(f"--index {location}: {error}")


def _pool(shards: Sequence[Shard], opts: argparse.Namespace) -> Pool:
    if opts.dask:
        return Dask(opts.dask, opts.processes)
    is_little = sum(shard.size for shard in shards) < _FEW_BYTES
    count = min(opts.processes, len(shards))
    return InProcess() if is_little or count < 2 else Processes(count)


def _holds(path: Path, output: Path) -> bool:
    """Return whether *output* is the file at *path*, or an existing file in that folder."""
    if path.is_dir():
        return output.resolve().is_relative_to(path.resolve()) and output.exists()
    return output.resolve() == path.resolve()
