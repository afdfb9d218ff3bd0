"""Frozen pages, read without a trace: reading a project's settings leaves their name in the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.testing import FrozenPage, frozen

if TYPE_CHECKING:
    from pathlib import Path


def frozen_in(folder: Path) -> list[FrozenPage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRAPY_SETTINGS_MODULE", "crawler.settings")
        return frozen(folder)
