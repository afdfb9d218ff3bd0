"""A body is read block by block, in order, with its media."""

from __future__ import annotations

import pytest

from crawler.extraction import parse_html
from crawler.extraction.body import densest_element, read_body, without_credit
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


def test_words_in_elements_that_html_does_not_know_stay_in_their_sentence() -> None:
    assert _texts("<p>Đoàn của <st1:place w:st=on>Huế</st1:place> sẽ <x-mark>sang</x-mark> đây.</p>") == [
        ("paragraph", "Đoàn của Huế sẽ sang đây.")
    ]
    assert _texts(
        "<p>Go <img class=emoji alt='🚲' src=a.png> now and <img width=9 height=9 src=b.png> then.</p>"
    ) == [("paragraph", "Go 🚲 now and then.")]
    assert _texts(
        "<p>aid (<span class=tip>ODA<span class=tooltip-text>from abroad</span></span>) and</p>"
    ) == [("paragraph", "aid (ODA) and")]


def test_what_is_hidden_is_no_text_but_what_a_button_shows_is() -> None:
    rest = "<p>The rest of a text that is long enough to be a paragraph of its own, and then some words.</p>"
    assert _texts("<p>One.<span style='position:absolute;left:-5000px'>Stolen!</span> Two.</p>") == [
        ("paragraph", "One. Two.")
    ]
    shown = [("paragraph", "One."), ("paragraph", rest[3:-4])]
    for markup in (
        f"<p>One.</p><a href='#'>Read on</a><div style='display:none'>{rest}</div>",
        f"<p>One.</p><div style='display:none'>{rest}</div><p><a href='#'>Read on</a></p>",
        f"<p>One.</p><div class=more hidden>{rest}</div>",
    ):
        assert _texts(markup) == shown


def test_a_table_in_a_table_is_read_once() -> None:
    inner = "<table><tr><td>5:10</td></tr><tr><td>17:20</td></tr></table>"
    rows = f"<table><tr><td>Stop</td><td>Time</td></tr><tr><td>Market</td><td>{inner}</td></tr></table>"
    assert _texts(rows) == [("table", "Stop | Time\nMarket | 5:10 17:20")]
    frame = f"<table><tr><td><p>One.</p><p>Two.</p></td><td>{inner}</td></tr></table>"
    assert _texts(frame) == [("paragraph", "One."), ("paragraph", "Two."), ("table", "5:10\n17:20")]


@pytest.mark.parametrize(
    ("below", "caption"),
    [
        ("<p style='text-align: center'><em>The bridge in May</em></p>", "The bridge in May"),
        ("<p align=center>The bridge in May. Ảnh: Lan Anh</p>", "The bridge in May. Ảnh: Lan Anh"),
        ("<p><em>The bridge in May. Ảnh: Lan Anh</em></p>", "The bridge in May. Ảnh: Lan Anh"),
        ("<p><em>Nobody knew it then.</em></p>", None),
        ("<p style='text-align:center'>* * *</p>", None),
    ],
)
def test_a_paragraph_below_a_picture(below: str, caption: str | None) -> None:
    body = _body(f"<p>before</p><p><img src=/i.jpg></p>{below}<p>behind</p>")
    assert [image.caption for image in body.images] == [caption]  # type: ignore[attr-defined]
    assert len(body.blocks) == (3 if caption else 4)  # type: ignore[attr-defined]


def test_a_lazy_picture_is_the_one_in_noscript() -> None:
    lazy = "<figure><img src='data:,'><noscript><img src=/i.jpg></noscript><figcaption>A view</figcaption></figure>"
    body = _body(f"<p>a</p>{lazy}<noscript><img src=/j.jpg></noscript>")
    assert [(image.url, image.caption) for image in body.images] == [  # type: ignore[attr-defined]
        ("https://a.vn/i.jpg", "A view"),
        ("https://a.vn/j.jpg", None),
    ]


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
