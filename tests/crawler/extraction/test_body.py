"""A body is read block by block, in order, with its media."""

from __future__ import annotations

import pytest

from crawler.extraction import parse_html
from crawler.extraction.body import densest_element, image_url, read_body, without_credit
from crawler.items import MediaBlock, TextBlock

URL = "https://a.vn/x/1.html"


def _body(markup: str) -> object:
    tree = parse_html(f"<div id=body>{markup}</div>".encode())
    assert tree is not None
    return read_body(tree.cssselect("#body"), tree.cssselect(".noise"), URL)


def _texts(markup: str) -> list[tuple[str, str]]:
    body = _body(markup)
    return [(block.type, block.text) for block in body.blocks if isinstance(block, TextBlock)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One  \n two</p><p>three</p>", [("paragraph", "One two"), ("paragraph", "three")]),
        ("bare<br>lines", [("paragraph", "bare"), ("paragraph", "lines")]),
        ("<h2>Head</h2><p>text</p>", [("heading", "Head"), ("paragraph", "text")]),
        ("<ul><li>a<li>b</ul>", [("list_item", "a"), ("list_item", "b")]),
        ("<blockquote><p>said</p></blockquote>", [("quote", "said")]),
        ("<p>kept</p><p class=noise>Buy this</p><script>x()</script>", [("paragraph", "kept")]),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", [("table", "a | b\nc | d")]),
        ("", []),
    ],
)
def test_blocks_of_text(markup: str, expected: list[tuple[str, str]]) -> None:
    assert _texts(markup) == expected


def test_media_stand_where_they_stood_with_absolute_addresses() -> None:
    body = _body("<p>before</p><figure><img src=/i.jpg><figcaption>A view</figcaption></figure><p>behind</p>")
    assert [type(block) for block in body.blocks] == [TextBlock, MediaBlock, TextBlock]  # type: ignore[attr-defined]
    (image,) = body.images  # type: ignore[attr-defined]
    assert (image.url, image.caption) == ("https://a.vn/i.jpg", "A view")


@pytest.mark.parametrize(
    ("img", "url"),
    [
        ("<img src=a.jpg>", "a.jpg"),
        ("<img src=small.gif data-src=b.jpg>", "b.jpg"),
        ("<img srcset='c.jpg 100w, d.jpg 200w'>", "c.jpg"),
        ("<img src=pixel.gif width=1 height=1>", None),
        ("<img>", None),
    ],
)
def test_where_a_picture_is(img: str, url: str | None) -> None:
    tree = parse_html(img.encode())
    assert tree is not None
    assert image_url(tree.cssselect("img")[0]) == url


def test_a_credit_at_the_end_is_taken_from_the_text() -> None:
    reading = without_credit(_body("<p>Some text of an article.</p><p>(TTXVN/Vietnam+)</p>"))  # type: ignore[arg-type]
    assert reading.source == "TTXVN/Vietnam+"
    assert len(reading.body.blocks) == 1
    alone = without_credit(_body("<p>TTXVN</p>"))  # type: ignore[arg-type]
    assert (alone.source, len(alone.body.blocks)) == (None, 1)


def test_the_element_with_most_of_the_text() -> None:
    text = "<p>Some text of an article, as long as a sentence.</p>" * 5
    tree = parse_html(f"<div id=a><p>short</p></div><div id=b>{text}</div>".encode())
    assert tree is not None
    found = densest_element(tree.cssselect("p"))
    assert found is not None
    assert found.get("id") == "b"
    assert densest_element([]) is None
