"""Reads tables apart: the rows of a table itself, and whether it is but a frame around text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_CELL = 1000  # characters of a table's cell; a longer one is text in a frame


def own_cells(table: HtmlElement) -> list[list[HtmlElement]]:
    """Return the cells of each row of *table*, without those of tables in it."""
    rows = (row for row in table.iter("tr") if _is_part(row, table))
    return [[cell for cell in row.iter("td", "th") if _is_part(cell, table)] for row in rows]


def is_frame(table: HtmlElement, cells: list[HtmlElement]) -> bool:
    """Return whether *table*, whose own cells are *cells*, holds tables and texts beside one another."""
    return next(table.iterdescendants("table"), None) is not None and any(map(_holds_text, cells))


def _is_part(element: HtmlElement, table: HtmlElement) -> bool:
    return next(element.iterancestors("table"), None) is table


def _holds_text(cell: HtmlElement) -> bool:
    return sum(1 for _ in cell.iter("p")) > 1 or len(cell.text_content()) > _MAX_CELL
