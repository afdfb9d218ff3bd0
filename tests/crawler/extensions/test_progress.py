"""One line on the terminal while a crawl runs, and none elsewhere."""

from __future__ import annotations

import asyncio
import io

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from crawler.extensions.progress import Progress


def test_without_a_terminal_there_is_none() -> None:
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler())


def test_what_came_and_what_waits() -> None:
    stats = get_crawler().stats
    assert stats
    for name, value in {
        "response_received_count": 7, "item_scraped_count": 3, "scheduler/enqueued": 12, "scheduler/dequeued": 8,
    }.items():  # fmt: skip
        stats.set_value(name, value)
    out = io.StringIO()

    async def show() -> None:
        Progress(stats, out)._show()

    asyncio.run(show())
    assert out.getvalue().endswith("7 responses, 3 articles, 4 waiting")
