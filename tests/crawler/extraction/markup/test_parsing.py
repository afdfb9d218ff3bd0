"""From the bytes of a page to its tree."""

from __future__ import annotations

import pytest

from crawler.extraction.markup.parsing import parse_html

TEXT = "Thủ tướng"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (f"<p>{TEXT}".encode(), None),
        (f"<p>{TEXT}".encode(), "text/html; charset=latin-1"),
        (f"<meta charset=utf-16><p>{TEXT}".encode(), None),
        (b"\xef\xbb\xbf" + f"<p>{TEXT}".encode(), None),
        (f"<p>{TEXT}".encode("utf-16"), None),
        (f"<p>{TEXT}".encode("utf-16-le"), "text/html; charset=utf-16le"),
    ],
)
def test_the_charset_is_what_the_bytes_are(body: bytes, content_type: str | None) -> None:
    tree = parse_html(body, content_type)
    assert tree is not None
    assert tree.cssselect("p")[0].text == TEXT


def test_what_was_declared_holds_where_the_bytes_are_no_utf_8() -> None:
    tree = parse_html("<p>café".encode("latin-1"), "text/html; charset=iso-8859-1")
    assert tree is not None
    assert tree.cssselect("p")[0].text == "café"
    for name in ("idna", "nothing-known"):
        assert parse_html(b"<p>caf\xe9", f"text/html; charset={name}") is not None


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- a comment -->"])
def test_what_is_empty_has_no_tree(body: bytes) -> None:
    assert parse_html(body) is None


def test_comments_are_gone_and_zeros_replaced() -> None:
    tree = parse_html(b"<p>a<!-- b -->c\0d</p>")
    assert tree is not None
    assert tree.text_content() == "ac\ufffdd"
