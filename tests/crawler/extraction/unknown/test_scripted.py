"""Text that a page has in its scripts alone is read, and said to be."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from lxml.html import document_fromstring

from crawler import Article, extract
from crawler.extraction.unknown.scripted import (
    article_paragraphs,
    html_in_scripts,
    paragraphs_in_scripts,
)
from crawler.items import TextBlock

PROSE = [
    f"The town council decided on Monday in its meeting number {n} that the old bridge is to be built again."
    for n in range(4)
]
HTML = "".join(f"<p>{text}</p>" for text in PROSE)
OTHER = [
    "Stalls on the market square will close an hour earlier from next week, traders said.",
    "Fish is sold out.",
]
TEASERS = [{"title": f"Another article {n}", "text": PROSE[0], "url": f"/{n}"} for n in range(9)]


def _next(data: Any) -> str:
    return f'<script id=__NEXT_DATA__ type="application/json">{json.dumps(data)}</script>'


def _state(data: Any) -> str:
    return f"<script>window.__STATE__ = {json.dumps(data)}; start();</script>"


def _flight(*rows: str) -> str:
    stream = "\n".join(rows)
    half = len(stream) // 2
    pushed = (f"self.__next_f.push([1,{json.dumps(part)}])" for part in (stream[:half], stream[half:]))
    return "".join(f"<script>{each}</script>" for each in pushed)


def _ld(body: str) -> str:
    data = {"@type": "NewsArticle", "headline": "The bridge", "articleBody": body}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


RICH = {
    "nodeType": "document",
    "content": [{"nodeType": "paragraph", "content": [{"value": t[:30]}, {"value": t[30:]}]} for t in PROSE],
}
ELEMENTS = [
    "$",
    "article",
    None,
    {"children": [["$", "p", n, {"children": [t[:9], t[9:]]}] for n, t in enumerate(PROSE)]},
]
LONG = "".join(f"<p>{text}</p>" for text in PROSE)


def _article(scripts: str, shown: str = "<div id=app></div>") -> Article | None:
    return extract(
        f"<html><head><title>The bridge</title></head><body>{shown}{scripts}</body></html>".encode(),
        "https://paper.example/town/bridge",
    )


@pytest.mark.parametrize(
    "scripts",
    [
        _ld("\n\n".join(PROSE)),
        _ld("\r\n".join(PROSE)),
        _ld(HTML),
        _next(
            {"props": {"blocks": [{"type": "paragraph", "text": text} for text in PROSE], "more": TEASERS}}
        ),
        _next({"props": {"paragraphs": PROSE, "more": TEASERS}}),
        _next({"props": {"body": RICH, "more": TEASERS}}),
        _next({"props": {"article": {"html": HTML}}}),
        _state({"story": [{"tag": "p", "html": f"<b>{text[:9]}</b>{text[9:]}"} for text in PROSE]}),
        _flight('1:"$Sreact"', f"2:{json.dumps(ELEMENTS)}"),
        _flight(f"3:T{len(LONG):x},{LONG}4:{json.dumps(['$', 'div', None, {'html': '$3'}])}"),
    ],
)
def test_paragraphs_of_data(scripts: str) -> None:
    article = _article(scripts)
    assert article
    assert [block.text for block in article.body if isinstance(block, TextBlock)] == PROSE
    assert "text_in_script" in article.flags


def test_headings_among_them() -> None:
    data = [{"type": "heading", "text": "How it began"}, *({"type": "p", "text": text} for text in PROSE)]
    article = _article(_next({"data": data}))
    assert article
    assert [block.type for block in article.body] == ["heading", *["paragraph"] * 4]


def test_a_teaser_is_shown_and_the_whole_text_is_data() -> None:
    article = _article(_ld("\n".join(PROSE)), f"<article><h1>The bridge</h1><p>{PROSE[0]}</p></article>")
    assert article
    assert article.text == "\n\n".join(PROSE)
    assert "text_in_script" in article.flags


def test_what_is_shown_stays_where_the_data_are_of_something_else() -> None:
    shown = "".join(f"<p>{text}</p>" for text in OTHER)
    article = _article(_next({"x": [text.upper() for text in PROSE * 4]}), f"<article>{shown}</article>")
    assert article
    assert "market" in article.text
    assert "text_in_script" not in article.flags


def test_a_list_of_links_is_no_text() -> None:
    assert paragraphs_in_scripts(document_fromstring(f"<p>x</p>{_next(TEASERS)}")) == []


def test_article_bodies() -> None:
    assert [block.text for block in article_paragraphs("One.\nTwo.\n\n\nThree.")] == [
        "One.\nTwo.".replace("\n", " "),
        "Three.",
    ]
    assert article_paragraphs("") == []
    assert [block.type for block in article_paragraphs("<h2>A</h2><p>B</p>")] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        'self.__next_f.push([1,"1:T' + "f" * 8 + ',x"])' + " " * 300,
        json.dumps([[text] * 3 for text in PROSE * 20_000]),
        '"' + "\\" * 300_001,
        "= {" * 100_000,
    ],
)
def test_what_is_made_to_hurt(script: str) -> None:
    tree = document_fromstring("<script>x</script><p>x</p>")
    next(tree.iter("script")).text = script
    begin = time.process_time()
    paragraphs_in_scripts(tree)
    html_in_scripts(tree)
    assert time.process_time() - begin < 5
