"""What is no part of the text goes, and the lead comes back."""

from __future__ import annotations

import pytest

from crawler.extraction import parse_html
from crawler.extraction.unknown.blocks import Block, cut, shingles
from crawler.extraction.unknown.cleanup import cleaned, lead, stretch

ONE = "The first paragraph of the article says what has happened, where, and to whom it did."
TWO = "The second one adds what else is known of it, and what the people of the town say."


def _blocks(markup: str) -> list[Block]:
    tree = parse_html(markup.encode())
    assert tree is not None
    return cut(tree)


@pytest.mark.parametrize(
    "residue",
    [
        "<p>Photo: Someone/AFP</p>",
        "<p>Subscribe to our newsletter</p>",
        "<p>12/03/2026 10:15</p>",
        "<p><a href=/1>Another article about something else altogether</a></p>",
        "<h3>A heading before nothing</h3>",
        "<div>menu</div>",
    ],
)
def test_residue_goes(residue: str) -> None:
    blocks = cleaned(_blocks(f"<p>{ONE}</p><p>{TWO}</p>{residue}"))
    assert [block.text for block in blocks] == [ONE, TWO]


def test_a_heading_before_text_stays() -> None:
    assert [block.text for block in cleaned(_blocks(f"<p>{ONE}</p><h3>More</h3><p>{TWO}</p>"))] == [
        ONE,
        "More",
        TWO,
    ]


def test_short_paragraphs_beside_prose_belong_to_it() -> None:
    blocks = _blocks(f"<div><p>Hanoi.</p><p>{ONE}</p><p>So be it.</p></div><div><p>Elsewhere.</p></div>")
    prose = {block: block.weight for block in blocks if block.is_prose}
    assert [block.text for block in stretch(blocks, prose)] == ["Hanoi.", ONE, "So be it."]


def test_the_lead_is_what_is_named_or_quoted_so() -> None:
    summary = "A summary of it all in one sentence, by the editors."
    blocks = _blocks(
        f"<h1>Head</h1><div class=standfirst><p>{summary}</p></div><div><p>{ONE}</p><p>{TWO}</p></div>"
    )
    article = [block for block in blocks if block.text in {ONE, TWO}]
    assert [block.text for block in lead(blocks, article, [])] == [summary]
    plain = _blocks(f"<h1>Head</h1><div><p>{summary}</p></div><div><p>{ONE}</p><p>{TWO}</p></div>")
    article = [block for block in plain if block.text in {ONE, TWO}]
    assert lead(plain, article, []) == []
    assert [block.text for block in lead(plain, article, [shingles(summary)])] == [summary]
    assert lead(plain, [], []) == []
