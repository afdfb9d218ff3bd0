"""The pictures among the paragraphs of an article on a page that no rule knows."""

from __future__ import annotations

from crawler import extract

PROSE = [
    f"The town council decided on Monday in its meeting number {n} that the old bridge is to be built again."
    for n in range(4)
]


def _blocks(*parts: str) -> tuple[list[str], list[str | None]]:
    html = f"<title>The bridge</title><h1>The bridge</h1><article>{''.join(parts)}</article>"
    article = extract(html.encode(), "https://paper.example/town/bridge")
    assert article
    urls = [image.url or "" for image in article.images]
    texts = [getattr(block, "text", None) or urls[block.index] for block in article.body]  # type: ignore[union-attr]
    return texts, [image.caption for image in article.images]


def _p(number: int) -> str:
    return f"<p>{PROSE[number]}</p>"


def test_a_picture_stands_where_it_stood() -> None:
    figure = (
        "<figure><img src=/i/bridge.jpg><figcaption>The bridge in May. Photo: Ann Lee</figcaption></figure>"
    )
    texts, captions = _blocks(_p(0), figure, _p(1), _p(2))
    assert texts == [PROSE[0], "https://paper.example/i/bridge.jpg", PROSE[1], PROSE[2]]
    assert captions == ["The bridge in May. Photo: Ann Lee"]


def test_a_caption_in_italics_below_is_no_paragraph() -> None:
    below = "<p align=center><img src=/i/b.jpg></p><p align=center><em>The bridge in the snow of last winter, seen from the town hall.</em></p>"
    texts, captions = _blocks(_p(0), below, _p(1), _p(2))
    assert texts == [PROSE[0], "https://paper.example/i/b.jpg", PROSE[1], PROSE[2]]
    assert captions == ["The bridge in the snow of last winter, seen from the town hall."]


def test_pictures_of_other_things_are_left_out() -> None:
    texts, _ = _blocks(
        "<img class=avatar src=/i/ann.jpg>",
        _p(0),
        "<div class=related><a href=/other><img src=/i/other.jpg></a><a href=/other>Another article</a></div>",
        "<img width=40 height=40 src=/i/dot.jpg>",
        _p(1),
        "<a href=/shop><img src=/i/shop.jpg></a>",
        _p(2),
    )
    assert texts == PROSE[:3]


def test_without_pictures_nothing_changes() -> None:
    assert _blocks(*map(_p, range(4))) == (PROSE, [])
