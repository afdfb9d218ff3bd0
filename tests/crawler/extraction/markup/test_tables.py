"""A table in a table is not read twice."""

from __future__ import annotations

from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.markup.tables import is_frame, own_cells


def test_the_cells_of_a_table_are_its_own() -> None:
    inner = "<table><tr><td>a<td>b</tr></table>"
    tree = parse_html(f"<table><tr><td>x<td>{inner}</tr><tr><td>y</tr></table>".encode())
    assert tree is not None
    table = tree.cssselect("table")[0]
    assert [[cell.text for cell in row] for row in own_cells(table)] == [["x", None], ["y"]]
    assert not is_frame(table, [cell for row in own_cells(table) for cell in row])


def test_a_table_of_texts_and_tables_is_a_frame() -> None:
    tree = parse_html(b"<table><tr><td><p>One.</p><p>Two.</p><td><table><tr><td>a</table></table>")
    assert tree is not None
    table = tree.cssselect("table")[0]
    assert is_frame(table, [cell for row in own_cells(table) for cell in row])
