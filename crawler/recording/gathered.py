"""`GatheredItems`: the items of a replay, until they are written in the order of the archive."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from crawler.items import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive import Capture
    from crawler.recording.output import Fetch


class GatheredItem(NamedTuple):
    """An item as JSON, and for an article how its page was fetched, see `Fetch`."""

    article_id: str
    line: str
    asked_id: str | None
    is_misplaced: bool

    @property
    def is_article(self) -> bool:
        """Whether the item is an article, not one of the running project's own making."""
        return bool(self.article_id)


class GatheredItems:
    """Items by capture, in a temporary file: an archive may hold more articles than fit into memory."""

    def __init__(self) -> None:
        self._items = sqlite3.connect("")
        self._items.execute(
            "CREATE TABLE item (capture TEXT, id TEXT, line TEXT, asked TEXT, misplaced INTEGER)"
        )
        self._items.execute("CREATE INDEX by_capture ON item (capture)")

    def add(self, capture: Capture, line: str, article_id: str = "", fetch: Fetch | None = None) -> None:
        """Keep the item *line* of the page at *capture*; an article has an id."""
        fetched = (fetch.asked_id, fetch.is_misplaced) if fetch else (None, False)
        row = (to_json(capture), article_id, line, *fetched)
        self._items.execute("INSERT INTO item VALUES (?, ?, ?, ?, ?)", row)

    def of(self, capture: Capture) -> Iterator[GatheredItem]:
        """Yield the items of the page at *capture*, in an order that does not depend on that of `add`."""
        query = (
            "SELECT id, line, asked, misplaced FROM item WHERE capture = ?"
            " ORDER BY id, misplaced, asked DESC, line"
        )
        for article_id, line, asked_id, is_misplaced in self._items.execute(query, (to_json(capture),)):
            yield GatheredItem(article_id, line, asked_id, bool(is_misplaced))

    def close(self) -> None:
        """Forget them."""
        self._items.close()
