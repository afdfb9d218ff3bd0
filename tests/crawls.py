"""Run `python -m crawler` as a user does, and look at what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import WarcRecord, read_records

ROOT = Path(__file__).resolve().parents[1]
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


def command(
    spider: str, folder: Path, settings: dict[str, Any], *, later: float = 0, **arguments: str
) -> list[str]:
    """Return the command of a crawl; *later* is how many seconds its clock is ahead."""
    program = [str(ROOT / "tests" / "clock_driver.py"), str(later)] if later else ["-m", "crawler"]
    options = [f"{name}={value}" for name, value in {"ARCHIVE_DIR": folder, **settings}.items()]
    given = [f"{name}={value}" for name, value in arguments.items()]
    return [
        *(sys.executable, "-W", "error::ResourceWarning", *program, "crawl", spider),
        *(part for option in options for part in ("-s", option)),
        *(part for argument in given for part in ("-a", argument)),
    ]


def crawl(
    spider: str,
    folder: Path,
    settings: dict[str, Any],
    *,
    environment: dict[str, str] | None = None,
    later: float = 0,
    timeout: float = 120,
    **arguments: str,
) -> Crawl:
    """Run a crawl to its end; never raises for what the crawl itself does."""
    ended = subprocess.run(
        command(spider, folder, settings, later=later, **arguments),
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        text=True,
        timeout=timeout,
    )
    return Crawl(folder, spider, ended.returncode, ended.stdout, ended.stderr)


def items(root: Path) -> list[dict[str, Any]]:
    files = sorted((root / "items").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


def records(path: Path) -> list[WarcRecord]:
    with path.open("rb") as stream:
        return list(read_records(stream, str(path)))
