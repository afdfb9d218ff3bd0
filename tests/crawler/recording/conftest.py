"""A collection that the test writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(tmp_path / "x")
    collection.acquire("a test")
    yield collection
    collection.release()
