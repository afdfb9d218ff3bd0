"""Pages are cut into blocks of text."""

from __future__ import annotations

import pytest

from crawler.extraction import parse_html
from crawler.extraction.unknown.blocks import cut, is_teaser_text, shingles


def _cut(markup: str) -> list[tuple[str, bool]]:
    tree = parse_html(markup.encode())
    assert tree is not None
    return [(block.text, block.is_prose) for block in cut(tree)]


LONG = "A sentence that is long enough to be a paragraph of an article, and says so."


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p>{LONG}</p><p>Short</p>", [(LONG, True), ("Short", False)]),
        (f"<p>{LONG[:20]}<b>{LONG[20:]}</b></p>", [(LONG, True)]),
        (f"<p><a href=/1>{LONG}</a></p>", [(LONG, False)]),
        (f"<p>{LONG}<br>{LONG}", [(LONG, True), (LONG, True)]),
    ],
)
def test_blocks_end_where_elements_do(markup: str, expected: list[tuple[str, bool]]) -> None:
    assert _cut(markup) == expected


def test_links_weigh_nothing_and_headings_are_known() -> None:
    tree = parse_html(f"<h2>Head</h2><p>{LONG}</p><p><a href=/>{LONG}</a></p>".encode())
    assert tree is not None
    head, text, link = cut(tree)
    assert (head.is_heading, text.is_heading) == (True, False)
    assert text.weight > 50 > link.weight


def test_pieces_of_a_text() -> None:
    assert shingles("Ab cdE fg") == {"abcdef", "bcdefg"}
    assert shingles("ab") == {"ab"}
    assert not is_teaser_text(LONG)
