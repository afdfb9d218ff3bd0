"""Weighed signs: a table whose signs are those that are measured, and what JSON-LD adds."""

from __future__ import annotations

from collections import Counter

import pytest

from crawler.extraction.kinds.facts import PageFacts
from crawler.extraction.kinds.weighed import WEIGHTS, json_ld, signs, weigh

URL = "https://example.com/news/some-words-of-an-article-123456.html"


def test_each_sign_has_a_weight_and_each_weight_a_sign() -> None:
    assert set(signs(PageFacts(URL))) == set(WEIGHTS)


@pytest.mark.parametrize("url", [URL, "", "https://example.com", "https://example.com/%ff/" + "a-" * 10_000])
def test_signs_are_bounded(url: str) -> None:
    many = Counter(dict.fromkeys(("code", "price", "time", "button", "forum", "plain heading"), 10**9))
    facts = PageFacts(url, count=many, text="you and i. " * 10_000, body=1, shorts=["reply"] * 1000)
    assert all(0 <= value <= 3 for value in signs(facts).values())
    assert 0 <= weigh(facts)[0] <= 1


def test_a_page_like_an_article_and_a_page_like_none() -> None:
    news = PageFacts(
        URL,
        h1="a headline of some words",
        og_type="article",
        has_date=True,
        side_by_side=1.0,
        body=2000,
        total=3000,
    )
    score, reasons, is_list = weigh(news)
    assert score > 0.9
    assert reasons[0].startswith("+ ")
    assert not is_list
    shop = PageFacts(
        "https://example.com/product/12",
        og_type="product",
        count=Counter({"price": 20, "cart": 5}),
        linked=500,
    )
    score, reasons, is_list = weigh(shop)
    assert score < 0.1
    assert reasons[0].startswith("- ")
    assert is_list


def test_json_ld() -> None:
    assert json_ld(PageFacts(URL, types=Counter(["NewsArticle"]))) > 0
    assert json_ld(PageFacts(URL, types=Counter(["Product"]))) < 0
    assert json_ld(PageFacts(URL)) == 0
    # A list names many articles.
    many = Counter({"NewsArticle": 9, "ItemList": 1})
    assert json_ld(PageFacts(URL, types=many)) < 0
