"""The README shows what its commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.crawls import ROOT, run_apart

if TYPE_CHECKING:
    from pathlib import Path


def test_the_readme_shows_what_its_first_command_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.partition("It ends with\n\n```\n")[2].partition("```")[0]
    ended = run_apart("crawl", "vna", "-s", f"REPLAY={ROOT / 'seeds'}", cwd=tmp_path)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", shown)
