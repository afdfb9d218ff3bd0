"""The order of the tests on several processes: what takes long begins first, what shares a crawl stays together."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: By the beginning of their ids, what tests share: those of one name run in one process, all others anywhere.
SHARED = {
    "tests/crawler/state/test_postgresql.py": "server",
    "tests/crawls/test_capture.py": "exchanges",
    "tests/crawls/test_dask.py": "cluster",
    "tests/crawls/test_extract.py::test_an_end_by_signal": "archive",
    "tests/crawls/test_month.py": "month",
    "tests/crawls/test_uploads.py": "bucket",
    "tests/crawler/extraction/test_quality.py::test_bodies_of_real_pages[fundus]": "fundus",
    "tests/crawler/extraction/test_quality.py::test_metadata_of_real_pages": "fundus",
    "tests/test_house.py::test_tools_have_nothing_to_say[mypy]": "mypy's cache",
    "tests/test_typed.py": "mypy's cache",
}


class Scheduling(LoadScopeScheduling):
    """Hands out each test by itself, except those of `SHARED`."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for each, name in SHARED.items() if nodeid.startswith(each)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
