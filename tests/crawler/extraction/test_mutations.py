"""A site renames a class or drops an attribute: no field may be silently wrong.

Each class, id and attribute value of the pages is taken away in turn. What comes out then may say less, and
must say so where it matters; nothing from the page's surroundings may get into the text.
"""

from __future__ import annotations

import re

import pytest

from crawler import Article, extract
from crawler.items import TextBlock
from tests.crawler.extraction.test_onecms import G2, G3, G3B, G4, URL

PAGES = {"g4": G4, "g3b": G3B, "g3": G3, "g2": G2}
_MARK = re.compile(r'(class|id|itemprop|property|datetime|data-source|name)="([^"]*)"')
# One mark that is all there is: nothing on these small pages tells that the text is an advertisement's or a
# poll's. On real pages several do.
UNTOLD = {("g3b", "id", "adsWeb_1"), ("g4", "class", "poll-box")}


def _mutants(name: str) -> list[tuple[str, str, str]]:
    """Return attribute, value and page for each mark of the page *name* that can be taken away."""
    html = PAGES[name]
    marks = {
        (match[1], value)
        for match in _MARK.finditer(html)
        for value in (match[2].split() if match[1] == "class" else [match[2]])
    }
    found = []
    for attribute, value in sorted(marks - {mark[1:] for mark in UNTOLD if mark[0] == name}):
        mutant = re.sub(rf'({attribute}="[^"]*?)(?<![\w-]){re.escape(value)}(?![\w-])', r"\1", html)
        found.append((attribute, value, mutant))
    return found


def _paragraphs(article: Article) -> set[str]:
    return {block.text for block in article.body if isinstance(block, TextBlock)}


@pytest.mark.parametrize("name", PAGES)
def test_no_field_is_silently_wrong(name: str) -> None:
    whole = extract(PAGES[name].encode(), URL)
    assert whole
    mutants = _mutants(name)
    assert len(mutants) >= 10
    for attribute, value, html in mutants:
        what = f"{attribute}={value}"
        article = extract(html.encode(), URL)
        assert article, what
        fallback = "fallback_extractor" in article.flags
        assert _paragraphs(article) == _paragraphs(whole) or fallback, what
        assert _paragraphs(article) <= _paragraphs(whole) | {"Chú thích."}, what
        assert article.headline == whole.headline, what
        assert article.description in {whole.description, None}, what
        assert article.date_published == whole.date_published or "no_date" in article.flags, what
        assert article.source in {whole.source, None}, what
        captions = {image.caption for image in whole.images}
        assert {image.caption for image in article.images} <= captions, what
        assert {card.url for card in article.related} <= {card.url for card in whole.related}, what
