"""Boxes around and among paragraphs that are made in another way than these."""

from __future__ import annotations

from crawler.extraction import parse_html
from crawler.extraction.unknown.asides import without_asides
from crawler.extraction.unknown.blocks import cut

TEXTS = [
    f"Paragraph {number} of the article says what has happened, where, and to whom it did."
    for number in range(6)
]
NOTE = "The author has written for this paper since it was founded, and teaches in the town."


def _kept(markup: str) -> list[str]:
    tree = parse_html(f"<main>{markup}</main>".encode())
    assert tree is not None
    top = tree.cssselect("main")[0]
    blocks = cut(top)
    weights = {block: block.weight for block in blocks if block.is_prose}
    return [block.text for block in without_asides(blocks, weights, top)]


def test_a_box_among_paragraphs_is_left_out() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in TEXTS)
    assert _kept(f"{paragraphs}<section class=note>{NOTE}</section>") == TEXTS


def test_text_in_several_boxes_alike_stays() -> None:
    boxes = "".join(f"<section class=part><p>{text}</p></section>" for text in TEXTS)
    assert _kept(boxes) == TEXTS
