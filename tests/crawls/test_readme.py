"""The README shows what its commands print."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.crawls import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_readme_shows_what_its_first_command_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.partition("It ends with\n\n```\n")[2].partition("```")[0]
    ended = subprocess.run(
        [sys.executable, "-m", "crawler", "crawl", "vna", "-s", f"REPLAY={ROOT / 'seeds'}"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", shown)
