"""Every documented command that needs no network works as written, page by page, in order."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.support.crawls import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted(
    path
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    if "<!-- run -->" in path.read_text("utf-8")
)


def _commands(path: Path) -> list[list[str]]:
    blocks = re.findall(r"<!-- run -->\n```sh\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines() if line]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_commands_of_a_page_run_as_written(page: Path, tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    for program, *arguments in _commands(page):
        assert program == "scrapy"
        expanded = [
            name
            for each in arguments
            for name in (sorted(map(str, tmp_path.glob(each))) if "*" in each else [each])
        ]
        ended = run(*expanded, cwd=tmp_path)
        assert ended.returncode == 0, (arguments, ended.stderr)


def test_links_between_the_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
