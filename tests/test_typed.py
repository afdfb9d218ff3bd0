"""Users' own programs pass mypy strict with our types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]

PROGRAM = '''
"""A scraper that uses parts of banluu."""

from datetime import date
from pathlib import Path

import pytest

from archive import Capture, find_sources, read_records
from crawler import Article, extract
from crawler.addon import ArchiveAddon
from crawler.extraction import ArticlePage, OneCmsPage
from crawler.spider import NewsSpider
from crawler.testing import FrozenPage, frozen, replay


class PaperPage(ArticlePage):
    publisher = "paper"

    def source(self) -> str | None:
        return self.first_text(".credit") or super().source()


class PaperSpider(NewsSpider):
    name = "paper"
    page = PaperPage


def headline(body: bytes, url: str) -> str | None:
    article: Article | None = extract(body, url, captured=date(2026, 1, 1))
    capture: Capture | None = article.capture if article else None
    return article.headline if article and capture is None else None


def uris(path: Path) -> list[str]:
    found = []
    for source in find_sources([path]):
        with source.open() as stream:
            found += [record.target_uri for record in read_records(stream, str(source))]
    return found


articles: list[Article] = replay("paper", "archive.warc.gz", edition="en")
pages: list[FrozenPage] = frozen("tests/pages")
ADDONS: dict[type, int] = {ArchiveAddon: 300}
assert issubclass(OneCmsPage, ArticlePage)
'''


def test_mypy_strict_accepts_a_users_program(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from crawler import extract\n\nextract('text', 1).headline\n")
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\n")
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache"), "program.py", "wrong.py"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        text=True,
    )
    # The types are seen: it is only the wrong program that is wrong.
    lines = ended.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[:-1]] == ["wrong.py"] * 3, ended.stdout
    for package in ("archive", "crawler", "spiders"):
        assert (ROOT / package / "py.typed").exists()
