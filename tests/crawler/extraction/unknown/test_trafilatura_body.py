"""The body that trafilatura finds, in blocks of ours."""

from __future__ import annotations

from importlib.metadata import version

from crawler.extraction import parse_html
from crawler.extraction.unknown.trafilatura_body import body_by_trafilatura, trafilatura_version
from crawler.items import TextBlock

TEXTS = [
    f"Paragraph {number} of the article says what has happened, where, and to whom it did."
    for number in range(6)
]


def test_its_paragraphs_are_ours() -> None:
    markup = "".join(f"<p>{text}</p>" for text in TEXTS)
    tree = parse_html(f"<html><body><article><h1>Head</h1>{markup}</article></body></html>".encode())
    assert tree is not None
    before = len(list(tree.iter()))
    blocks = body_by_trafilatura(tree, "https://a.vn/1").blocks
    assert [
        block.text for block in blocks if isinstance(block, TextBlock) and block.type == "paragraph"
    ] == TEXTS
    # The page itself stays as it is.
    assert len(list(tree.iter())) == before


def test_where_it_finds_nothing_there_is_nothing() -> None:
    tree = parse_html(b"<p></p>")
    assert tree is not None
    assert body_by_trafilatura(tree, "https://a.vn/1").blocks == []
    assert trafilatura_version() == version("trafilatura")
