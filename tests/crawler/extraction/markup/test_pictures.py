"""Where a picture is, however lazily it is loaded."""

from __future__ import annotations

import pytest

from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.markup.pictures import captions_in, image_url, is_centered, is_italic, pictures_in


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ("<img src=a.jpg>", "a.jpg"),
        ("<img src=small.gif data-src=b.jpg>", "b.jpg"),
        ("<img srcset='c.jpg 100w, d.jpg 200w'>", "c.jpg"),
        ("<img src=pixel.gif width=1 height=1>", None),
        ("<img>", None),
        ("<img src=/i/blank.png data-hi-res=/p/e.webp>", "/p/e.webp"),
        ("<img src='data:image/gif;base64,R0' data-echo='/p/f.jpeg?w=9'>", "/p/f.jpeg?w=9"),
        ("<img src=g.jpg data-full=/p/h.jpg>", "g.jpg"),
        ("<img src=loading.gif data-thumb=/p/t.jpg>", "loading.gif"),
        ("<img src='data:x'><noscript><img src=k.jpg></noscript>", "k.jpg"),
        ("<noscript><img src=l.jpg></noscript><img class=lazy>", "l.jpg"),
        ("<img class=lazy><noscript>&lt;img alt='' src='m.jpg'&gt;</noscript>", "m.jpg"),
    ],
)
def test_where_a_picture_is(markup: str, url: str | None) -> None:
    tree = parse_html(f"<div>{markup}</div>".encode())
    assert tree is not None
    img = next(each for each in tree.cssselect("img") if each.getparent().tag != "noscript")
    assert image_url(img) == url


def test_a_picture_and_its_twin_are_one() -> None:
    tree = parse_html(
        b"<div><img><noscript><img src=a.jpg></noscript></div><p><noscript><img src=b.jpg></noscript></p>"
    )
    assert tree is not None
    assert [image_url(img) for img in pictures_in(tree)] == ["a.jpg", "b.jpg"]


def test_captions_and_their_looks() -> None:
    tree = parse_html(
        b"<figure><div><figcaption>A</figcaption></div><p class=caption>B</p></figure>"
        b"<p id=a><b><i>x</i></b></p><p id=b>y <i>x</i></p><center><p id=c>x</p></center><p id=d align=center>x</p>"
    )
    assert tree is not None
    assert [each.text for each in captions_in(tree.cssselect("figure")[0])] == ["A", "B"]
    found = {name: tree.cssselect(f"#{name}")[0] for name in "abcd"}
    assert [is_italic(found[name]) for name in "ab"] == [True, False]
    assert [is_centered(found[name]) for name in "acd"] == [False, True, True]
