"""For tests, also yours: whole crawls of an archive, without network, and frozen pages.

from crawler.testing import replay

def test_politics():
articles = replay("vna", "tests/warcs/politics.warc.gz", edition="zh")
assert [article.headline for article in articles] == [...]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.utils.conf import closest_scrapy_cfg

from crawler.bulk import articles_in
from crawler.errors import ReplayError
from crawler.items import Article
from crawler.project import use_current_project

if TYPE_CHECKING:
    from collections.abc import Mapping

_LAST_LINES = 15


def replay(
    spider: str,
    archive: str | os.PathLike[str],
    *,
    settings: Mapping[str, object] | None = None,
    timeout: float = 600,
    **arguments: str,
) -> list[Article]:
    """Crawl *archive* offline with *spider* and its *arguments*; return the articles in order of capture.

    The spider belongs to the Scrapy project of the current folder, or else to this one. The crawl runs in a
    process of its own, so it neither clashes with a running reactor nor leaves anything behind.
    *timeout* is in seconds.

    Raises ReplayError, with the last lines of the log, when the crawl fails or takes too long.
    """
    paths = ",".join(str(Path(part).resolve()) for part in os.fspath(archive).split(","))
    with tempfile.TemporaryDirectory() as folder:
        options = {"LOG_LEVEL": "INFO", **(settings or {}), "REPLAY": paths, "ARCHIVE_DIR": folder}
        command = [sys.executable, "-m", "crawler", "crawl", spider]
        for name, value in options.items():
            command += ["-s", f"{name}={value}"]
        for name, value in arguments.items():
            command += ["-a", f"{name}={value}"]
        _run(command, timeout)
        files = sorted(Path(folder, spider, "items").glob("*.jsonl"))
        return [Article.from_json(line) for file in files for line in file.read_bytes().splitlines()]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPage:
    """A captured page and the article that it gave when `scrapy freeze` wrote both."""

    path: Path
    #: The article as JSON, without `extractor`; None for a page without one.
    expected: dict[str, Any] | None
    #: The article that it gives now.
    actual: dict[str, Any] | None


def frozen(folder: str | os.PathLike[str]) -> list[FrozenPage]:
    """Read the frozen pages in *folder*, each a `.warc.gz` with a `.json`, sorted by path.

        @pytest.mark.parametrize("page", frozen("tests/pages"), ids=lambda page: page.path.stem)
        def test_frozen_pages(page):
            assert page.actual == page.expected

    Raises ReplayError when a page cannot be read.
    """
    use_current_project()
    found = []
    for path in sorted(Path(folder).rglob("*.warc.gz")):
        expected = json.loads(path.with_name(path.name.removesuffix(".warc.gz") + ".json").read_bytes())
        article = next(articles_in(path, None, _refuse), None)
        actual = json.loads(article.to_json()) if article else None
        for item in (expected, actual):
            if item:
                del item["extractor"]
        found.append(FrozenPage(path=path, expected=expected, actual=actual))
    return found


def _refuse(message: str) -> None:
    raise ReplayError(message)


def _run(command: list[str], timeout: float) -> None:
    own_root = str(Path(__file__).resolve().parents[1])
    environment = dict(os.environ)
    path = [own_root, environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    root = Path(closest_scrapy_cfg()).parent if closest_scrapy_cfg() else Path.cwd()
    try:
        subprocess.run(  # noqa: S603  our own command, no shell
            command,
            check=True,
            capture_output=True,
            cwd=root,
            env=environment,
            timeout=timeout,
        )
    except subprocess.CalledProcessError as error:
        raise ReplayError(f"exit status {error.returncode}\n{_tail(error.stderr)}") from error
    except subprocess.TimeoutExpired as error:
        raise ReplayError(f"not done after {timeout} seconds\n{_tail(error.stderr)}") from error


def _tail(log: bytes | None) -> str:
    return "\n".join((log or b"").decode("utf-8", "replace").splitlines()[-_LAST_LINES:])
