"""Marks what is here as `crawl`, and holds what several files use."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.crawls import (
    SEEDS,
    Crawl,
    crawl,
)
from tests.support.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.crawl)


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    return crawl("vna", tmp_path_factory.mktemp("crawled"), {"REPLAY": SEEDS}, edition="zh")


@pytest.fixture
def collection(crawled: Crawl, tmp_path: Path) -> Path:
    """A copy of a crawl's collection, to be spoilt."""
    root = tmp_path / "vna"
    shutil.copytree(crawled.root, root)
    return root


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    with site.server:
        yield site
