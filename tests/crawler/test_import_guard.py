"""The guard against packages of the same name."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.crawls import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["spiders", "archive"])
def test_a_foreign_package_of_our_name_is_an_error_that_names_both(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    ended = subprocess.run(
        [sys.executable, "-c", "import crawler.settings"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert ended.returncode != 0
    assert "ImportError" in ended.stderr
    assert str(tmp_path / name) in ended.stderr
    assert str(ROOT / name) in ended.stderr
