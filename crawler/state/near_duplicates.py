"""Near duplicates: articles with nearly the same text, in this collection and in those beside it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawler.clock import milliseconds
from crawler.state.minhash import NEAR, bands, resemblance, sketch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.items import Article
    from crawler.state.database import Database

_NEAR_BY = """
    SELECT article.id, article.captured, sketch.value FROM sketch JOIN article ON article.key = sketch.article
    WHERE sketch.article IN (SELECT article FROM band WHERE band IN ({}))
"""

_TWINS = f"{_NEAR_BY} AND article.site = ? AND article.published = ? AND article.same_as IS NULL"
_TWIN = 0.9  # share of equal bins


class NearDuplicates:
    """The sketches in *database* and, only to read, in the databases of other collections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def earliest(self, article: Article) -> str | None:
        """Return the id of the near duplicate of *article* that was captured first; None without one."""
        value = sketch(article.text)
        if value is None:
            return None
        found = [
            (captured, other)
            for other, captured, known in self._near_by(bands(value))
            if other != article.id and captured is not None and resemblance(value, known) >= NEAR
        ]
        return min(found)[1] if found else None

    def _near_by(self, keys: list[int]) -> Iterator[tuple[str, int | None, bytes]]:
        query = _NEAR_BY.format(", ".join("?" * len(keys)))
        yield from self._database.rows(query, keys)
        yield from self._database.elsewhere(query, keys)

    def resemblance(self, article_id: str, article: Article) -> float | None:
        """Return how much the text of *article* resembles that stored for *article_id*, from 0 to 1.

        None if one of them is too short to compare, or not known.
        """
        query = "SELECT value FROM sketch JOIN article ON article.key = sketch.article WHERE id = ?"
        known, value = self._database.value(query, (article_id,)), sketch(article.text)
        return resemblance(known, value) if known and value else None

    def twin(self, article: Article) -> str | None:
        """Return the id of an article of the same edition with the same text and date; None without one.

        It is the same article at another address.
        """
        value = sketch(article.text)
        if value is None or article.date_published is None:
            return None
        published = milliseconds(datetime.fromisoformat(article.date_published))
        edition_key = f"{article.publisher}:{article.edition}"
        query = _TWINS.format(", ".join("?" * len(bands(value))))
        rows = self._database.rows(query, (*bands(value), edition_key, published))
        found = [(captured, id_) for id_, captured, known in rows if resemblance(value, known) >= _TWIN]
        return min(found)[1] if found else None

    def remember(self, article: Article) -> None:
        """Store the sketch of *article* in place of an older one. The article must be known."""
        key = self._database.value("SELECT key FROM article WHERE id = ?", (article.id,))
        value = sketch(article.text)
        with self._database.transaction():
            old = self._database.value("SELECT value FROM sketch WHERE article = ?", (key,))
            if old:
                rows = [(band, key) for band in bands(old)]
                self._database.execute_all("DELETE FROM band WHERE band = ? AND article = ?", rows)
                self._database.execute("DELETE FROM sketch WHERE article = ?", (key,))
            if value:
                rows = [(band, key) for band in bands(value)]
                self._database.execute("INSERT INTO sketch VALUES (?, ?)", (key, value))
                self._database.execute_all("INSERT INTO band VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
