"""`scrapy extract`: articles from files, local and remote, without a crawl."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from archive import is_remote
from crawler.bulk import (
    Dask,
    InProcess,
    Parts,
    Plan,
    Processes,
    Totals,
    UrlFilter,
    Versions,
    cores,
    extracted,
    find_shards,
    in_words,
    learned_from,
    lines_of_index,
    listed_in,
    opened,
    parts_key,
    version_lines,
)
from crawler.console.command import ArchiveCommand, refuse
from crawler.console.progress import Estimate, counted
from crawler.extraction import project_modules
from crawler.extraction.kinds.known_pages import KnownPages

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from typing import Any

    from crawler.bulk import Extracted, Shard
    from crawler.bulk.pools import Pool

_INTERRUPTED = 130  # what shells say of SIGINT
_FEW_BYTES = 4_000_000  # less is done before other processes have started
_CDXJ = re.compile(r"!|\S+ \d+ \{")  # a head, or a capture
_HOST = re.compile(r"[\w.-]+(?::\d+)?")


class Command(ArchiveCommand):
    """Write the articles of WARC, WACZ, WET, HTML and text files as JSONL or Parquet."""

    reads = ("EXTRACTION_LEARN", "EXTRACTION_THRESHOLD")
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
            " there are (by default one for each core): each version of an article once, numbered by capture"
            " date; with --captures all, every capture. Pages that were cut off are left out, unless --cut is"
            " given. With -o, the same command resumes an interrupted run."
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
        parser.add_argument(
            "--captures", choices=("versions", "all"), default="versions",
            help="versions: one line for each version of an article, its number and changed fields in"
            " `revision`, after all inputs were read; all: one line for each capture, at once, unnumbered"
            " (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument(
            "--cut", action="store_true",
            help="read pages that were cut off, too; their articles have the flag `cut`",
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
            self._extract(inputs, shards, self._plan(shards, url_filter, opts), opts)
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
        self, inputs: Sequence[str], shards: Sequence[Shard], plan: Plan, opts: argparse.Namespace
    ) -> None:
        """Write the articles of *shards*.

        Raises OSError when the output cannot be written.
        """
        totals, versions = Totals(inputs, shards), Versions() if plan.with_keys else None
        pool = _pool(shards, opts)
        with self._parts(opts.output, parts_key(shards, plan), versions) as parts:
            results = self._results(extracted(pool, plan, shards, parts), shards, totals)
            lines = version_lines(results, parts, versions) if parts and versions else _lines_of(results)
            # However this ends, the pool does.
            with closing(results):
                if not opts.output:
                    for each in lines:
                        sys.stdout.buffer.write(each)
                    sys.stdout.buffer.flush()
                elif (count := self._write(Path(opts.output), lines)) is not None:
                    sys.stdout.write(_summary(count, len(inputs), opts.output, totals, versions))
                    if parts:
                        parts.drop()
        cut = 0 if opts.cut else totals.kinds["cut"]
        if cut:
            sys.stderr.write(f"extract: left out {counted(cut, 'page')} that ended early; see --cut\n")

    @contextmanager
    def _parts(self, output: str | None, key: str, versions: Versions | None) -> Iterator[Parts | None]:
        """Keep results beside *output*, or, if *versions* need them again, in a temporary folder."""
        if output:
            with Parts(Path(output), key) as parts:
                if parts.was_stale:
                    sys.stderr.write(f"extract: {parts.folder}: left by another run; starting over\n")
                yield parts
        elif versions:
            with TemporaryDirectory(prefix="extract-") as folder, Parts(Path(folder, "out"), key) as parts:
                yield parts
        else:
            yield None

    def _write(self, output: Path, lines: Iterator[bytes]) -> int | None:
        """Write *lines* to *output*; return how many there were, None if nothing could be read."""
        growing = output.with_name(f"{output.name}.open")
        try:
            count = 0
            with opened(growing, output.name) as out:
                for each in lines:
                    out.write(each)
                    count += each.count(b"\n")
            if self._failures and not count:
                self._fail(f"{output}: nothing to write; the file is left unchanged")
                return None
            growing.replace(output)
        finally:
            # It can be rebuilt from the parts.
            growing.unlink(missing_ok=True)
        return count

    def _plan(self, shards: Sequence[Shard], url_filter: UrlFilter, opts: argparse.Namespace) -> Plan:
        sources = tuple(dict.fromkeys(shard.source for shard in shards if shard.source))
        errors = KnownPages() if self._learns() else None
        return Plan(
            sources,
            url_filter,
            learned_from(sources, errors) if errors else None,
            project_modules(),
            errors=errors,
            with_cut=opts.cut,
            threshold=self._threshold(),
            with_keys=opts.captures == "versions",
        )

    def _results(
        self, done: Iterator[tuple[Shard, Extracted]], shards: Sequence[Shard], totals: Totals
    ) -> Generator[Extracted]:
        """Yield the results that are *done*; report errors and progress, and add them to *totals*."""
        with Estimate("shards", len(shards), sum(shard.size for shard in shards)) as estimate:
            for shard, result in done:
                for message in result.complaints:
                    estimate.clear()
                    self._fail(message)
                for message in result.empty:
                    estimate.clear()
                    sys.stderr.write(f"extract: {message}\n")
                totals.add(shard, result)
                yield result
                estimate.done(shard.size, f"{totals.articles:,} articles")
        for message in totals.without_article():
            sys.stderr.write(f"extract: {message}\n")

    def _threshold(self) -> float:
        value = self.setting("EXTRACTION_THRESHOLD")
        try:
            threshold = float(value)
        except ValueError:
            threshold = -1.0
        if not 0 <= threshold <= 1:
            refuse(f"EXTRACTION_THRESHOLD={value}: allowed: a number from 0 to 1")
        return threshold

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


def _lines_of(results: Iterable[Extracted]) -> Iterator[bytes]:
    for result in results:
        yield result.lines


def _summary(count: int, inputs: int, output: str, totals: Totals, versions: Versions | None) -> str:
    """Return what was written to *output*, and of which kinds the pages were."""
    lines = [f"{counted(count, 'article')} from {counted(inputs, 'input')} in {output}"]
    if totals.kinds:
        lines.append(f"pages: {in_words(totals.kinds)}")
    if versions and (versions.revisions or versions.left_out):
        left_out = counted(versions.left_out, "capture")
        lines.append(f"revisions: {versions.revisions:,}, and {left_out} left out as nothing new")
    return "".join(f"{line}\n" for line in lines)


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
