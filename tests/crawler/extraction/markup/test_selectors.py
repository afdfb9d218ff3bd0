"""The index finds what lxml's own CSS selectors find."""

from __future__ import annotations

import cssselect
import pytest
from lxml.cssselect import CSSSelector

from crawler.extraction import load_publishers, parse_html
from crawler.extraction.markup.selectors import ElementIndex
from crawler.extraction.page import ArticlePage, registered
from tests.support.crawls import SEEDS

PAGE = b"""<body class="a b"><div id=top class=" x  y x "><p class=y>1<b class="y z">2</b></p><P CLASS=Y>3</P>
<a rel="nofollow author" data-x="">4</a><time datetime=2020>5</time><div><p class=y>6</p></div></div>
<p class=z>7</p></body>"""
SELECTORS = [
    "p", ".y", "#top", "p.y", ".x .y", ".x > .y", "div p", "body > p", "*", "[data-x]", "[rel~=author]", "[class*=y]",
    "[class^=y]", "[class$=z]", "time[datetime]", ".y, #top, p", "p:not(.y)", ":not(.x) > p", ".x.y", "div > div .y",
    "[datetime='2020']", "P", ".none", "none", "body.a #top > p b.z",
]  # fmt: skip


@pytest.mark.parametrize("selector", SELECTORS)
def test_as_lxml_finds_it(selector: str) -> None:
    tree = parse_html(PAGE)
    assert tree is not None
    index = ElementIndex(tree)
    assert index.select(selector) == CSSSelector(selector, translator="html")(tree)
    part = index.select("#top")[0]
    assert index.select(selector, part) == [e for e in index.select(selector) if e in set(part.iter())]


def test_every_publishers_selectors_on_real_markup() -> None:
    load_publishers()
    names = [name for name in dir(ArticlePage) if name.endswith("_css")]
    selectors = {getattr(page, name) for page in registered() for name in names} - {""}
    assert len(selectors) > 10
    found = 0
    for file in (SEEDS / "pages").glob("*.html"):
        tree = parse_html(file.read_bytes())
        assert tree is not None
        index = ElementIndex(tree)
        for selector in selectors:
            elements = index.select(selector)
            assert elements == CSSSelector(selector, translator="html")(tree), (file.name, selector)
            found += len(elements)
    assert found > 50


def test_an_empty_selector_finds_nothing_and_a_strange_one_is_an_error() -> None:
    tree = parse_html(PAGE)
    assert tree is not None
    index = ElementIndex(tree)
    assert index.select("") == []
    for selector in ("p:first-child", "p ~ a", "p[", "[a|b=c]:hover", "[class|=y]"):
        with pytest.raises(cssselect.SelectorError):
            index.select(selector)
