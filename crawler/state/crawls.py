"""The crawls of a collection and the figures of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.clock import milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from crawler.state.database import Database


class Crawls:
    """The crawls in *database*."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def began(self, name: str, now: datetime) -> None:
        """Record that the crawl *name* started at *now*."""
        self._database.execute(
            "INSERT INTO run (job, began) VALUES (?, ?) ON CONFLICT (job) DO NOTHING",
            (name, milliseconds(now)),
        )

    def ended(self, name: str, now: datetime, reason: str, figures: Mapping[str, float]) -> None:
        """Record that the crawl *name* ended at *now*, with Scrapy's close *reason* and its *figures*."""
        self._database.execute(
            "UPDATE run SET ended = ?, reason = ?, figures = ? WHERE job = ?",
            (milliseconds(now), reason, json.dumps(figures), name),
        )

    def finished_since(self, moment: datetime) -> bool:
        """Return whether a crawl has finished since *moment*."""
        query = "SELECT count(*) FROM run WHERE reason = 'finished' AND ended >= ?"
        return bool(self._database.value(query, (milliseconds(moment),)))

    def latest(self, count: int, before: datetime) -> list[dict[str, float]]:
        """Return the figures of the latest *count* finished crawls that started before *before*."""
        query = "SELECT figures FROM run WHERE reason = 'finished' AND began < ? ORDER BY began DESC LIMIT ?"
        rows = self._database.rows(query, (milliseconds(before), count))
        return [json.loads(figures) for (figures,) in rows]
