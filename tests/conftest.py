"""The order of the tests on several processes: what takes long begins first, what shares a crawl stays together."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Beginnings of the ids of tests that share a crawl or a server: these run in one process, all others anywhere.
TOGETHER = (
    "tests/crawler/state/test_postgresql.py",
    "tests/crawls/test_capture.py",
    "tests/crawls/test_dask.py",
    "tests/crawls/test_extract.py::test_an_end_by_signal",
    "tests/crawls/test_month.py",
    "tests/crawls/test_uploads.py",
)


class Scheduling(LoadScopeScheduling):
    """Hands out each test by itself, but for those of `TOGETHER`."""

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in TOGETHER if nodeid.startswith(each)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
