"""Run `python -m crawler` as a user does, and look at what it leaves behind.

Nearly all run in children of the fork server (see `tests.support.fork_server`), which import nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import WarcRecord, read_records
from tests.support.fork_server import Process, start

if TYPE_CHECKING:
    from collections.abc import Callable


ROOT = Path(__file__).resolve().parents[2]


SEEDS = ROOT / "seeds"


#: A live crawl of a server beside us: no need to be slow, no need to be patient.
FAST = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "DOWNLOAD_TIMEOUT": 2,
    "RETRY_TIMES": 1,
    "PRIVATE_ADDRESSES_ALLOWED": True,
    "EXTRACTION_WITNESS": False,
    "DOWNLOAD_VERIFY_CERTIFICATES": False,
    "ARCHIVE_MIN_FREE": 0,
}


@dataclass(frozen=True)
class Crawl:
    """A crawl that has ended."""

    folder: Path
    spider: str
    status: int
    out: str
    err: str

    @property
    def root(self) -> Path:
        return self.folder / self.spider

    @property
    def warcs(self) -> list[Path]:
        return sorted((self.root / "archive").glob("*.warc.gz"))

    @property
    def items(self) -> list[dict[str, Any]]:
        return items(self.root)

    def files(self) -> dict[str, bytes]:
        """Return what a crawl leaves, but for its state, by name."""
        paths = (path for part in ("archive", "indexes", "items") for path in (self.root / part).iterdir())
        return {str(path.relative_to(self.root)): path.read_bytes() for path in paths}


def run(
    *arguments: object,
    module: str = "crawler",
    cwd: Path = ROOT,
    environment: dict[str, str] | None = None,
    timeout: float = 120,
    **given: Any,
) -> subprocess.CompletedProcess[str]:
    """Run `python -m crawler ARGUMENT…` to its end; *environment* is added to ours, *given* goes to `start`."""
    process = start(module, *arguments, cwd=cwd, environment=_environment(environment), **given)
    with process:
        out, err = process.communicate(timeout)
    return subprocess.CompletedProcess(process.args, process.wait(), out, err)


def run_apart(
    *arguments: object,
    module: str = "crawler",
    cwd: Path = ROOT,
    environment: dict[str, str] | None = None,
    timeout: float = 120,
    strict: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run the same in a fresh interpreter, which hashes strings in its own way and imports for itself."""
    options = ["-W", "error::ResourceWarning"] if strict else []
    return subprocess.run(
        [sys.executable, *options, "-m", module, *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=cwd,
        env=_environment(environment),
        text=True,
        timeout=timeout,
    )


def _environment(more: dict[str, str] | None) -> dict[str, str]:
    ours = {**os.environ, "PYTHONPATH": str(ROOT), **(more or {})}
    # What reads the settings of a project leaves it behind; no user has it.
    ours.pop("SCRAPY_SETTINGS_MODULE", None)
    return ours


def options(spider: str, folder: Path, settings: dict[str, Any], **arguments: str) -> list[str]:
    """Return the arguments of `python -m crawler` for a crawl."""
    given = {"ARCHIVE_DIR": folder, **settings}
    return [
        *("crawl", spider),
        *(part for name, value in given.items() for part in ("-s", f"{name}={value}")),
        *(part for name, value in arguments.items() for part in ("-a", f"{name}={value}")),
    ]


def begin(
    spider: str,
    folder: Path,
    settings: dict[str, Any],
    *,
    environment: dict[str, str] | None = None,
    **arguments: str,
) -> Process:
    """Begin a crawl, for a test that looks at it, or ends it, on its way."""
    command = options(spider, folder, settings, **arguments)
    return start("crawler", *command, environment=_environment(environment), strict=True)


def crawl(
    spider: str,
    folder: Path,
    settings: dict[str, Any],
    *,
    environment: dict[str, str] | None = None,
    later: float = 0,
    by: Callable[..., subprocess.CompletedProcess[str]] = run,
    **arguments: str,
) -> Crawl:
    """Run a crawl to its end; never raises for what the crawl itself does.

    Its clock is *later* seconds ahead. *by* is `run_apart`, or either with more of its arguments.
    """
    command: list[object] = [*options(spider, folder, settings, **arguments)]
    if later:
        command.insert(0, later)
    module = "tests.support.clock_driver" if later else "crawler"
    ended = by(*command, module=module, environment=environment, strict=True)
    return Crawl(folder, spider, ended.returncode, ended.stdout, ended.stderr)


def items(root: Path) -> list[dict[str, Any]]:
    files = sorted((root / "items").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


def records(path: Path) -> list[WarcRecord]:
    with path.open("rb") as stream:
        return list(read_records(stream, str(path)))


def printed(*arguments: object, status: int = 0) -> str:
    """Run a command that ends with *status* and nothing on standard error; return what it prints."""
    ended = run(*arguments)
    assert (ended.returncode, ended.stderr) == (status, ""), ended
    return ended.stdout


def all_printed(*arguments: object, status: int = 0) -> str:
    """Run a command that ends with *status*; return what it prints, errors too."""
    ended = run(*arguments)
    assert ended.returncode == status, ended
    return ended.stdout + ended.stderr


def refused(*arguments: object) -> str:
    """Run a command that is used wrongly; return what it prints."""
    return all_printed(*arguments, status=2)


def warc_of(root: Path) -> Path:
    (path,) = (root / "archive").glob("*.warc.gz")
    return path


def items_of(root: Path) -> Path:
    (path,) = (root / "items").glob("*.jsonl")
    return path
