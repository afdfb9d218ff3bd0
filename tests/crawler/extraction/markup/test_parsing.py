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


END = b"<p>the end of the page"


@pytest.mark.parametrize(
    "body",
    [
        b"<p>a</p><img src='data:image/png;base64," + b"A" * 10_500_000 + b"'>" + END,
        b"<p>a</p><script>" + b"a" * 10_500_000 + b"</script>" + END,
        b"<p>a</p><!--" + b"a" * 10_500_000 + b"-->" + END,
        b"<p>" + b"word " * 2_100_000 + b"</p>" + END,
        b"<font>" * 700 + END,
        b"<div>x" * 400 + b"</div>y" * 400 + END,
    ],
    ids=["picture", "script", "comment", "text", "never closed", "nested"],
)
def test_what_is_large_or_deep_does_not_end_the_page(body: bytes) -> None:
    tree = parse_html(body)
    assert tree is not None
    assert tree.cssselect("p")[-1].text == "the end of the page"
    assert max(sum(1 for _ in each.iterancestors()) for each in tree.iter("p", "font", "div")) <= 202


def test_what_is_flattened_stays_in_order() -> None:
    tree = parse_html(
        b"".join(b"<div>%d " % n for n in range(300)) + b"".join(b"</div>%d " % n for n in range(300))
    )
    assert tree is not None
    assert [int(word) for word in tree.text_content().split()] == [*range(300), *range(300)]


def test_comments_are_gone_and_zeros_replaced() -> None:
    tree = parse_html(b"<p>a<!-- b -->c\0d</p>")
    assert tree is not None
    assert tree.text_content() == "ac\ufffdd"
