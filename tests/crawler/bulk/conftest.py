"""A folder of WARC files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.warcs import warc

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        warc(tmp_path / "in" / f"{number}.warc.gz", range(30 * number, 30 * number + 30))
    return tmp_path / "in"
