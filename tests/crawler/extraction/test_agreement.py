"""Agreement with trafilatura: high where a rule reads the page's text, low where it reads another."""

from __future__ import annotations

import dataclasses

from crawler import extract
from crawler.extraction import agreement, with_agreement
from tests.support.crawls import SEEDS

URL = "https://zh.vietnamplus.vn/article-post268001.vnp"


PAGE = (SEEDS / "pages" / "000_64e55b9a19bdb261.html").read_bytes()


def test_agreement_is_high_where_the_rule_is_right_and_low_where_it_is_not() -> None:
    article = extract(PAGE, URL)
    assert article
    right = agreement(article, PAGE)
    assert right
    assert right > 0.9
    assert with_agreement(article, right).flags == []
    assert with_agreement(article, right).extractor.trafilatura
    half = dataclasses.replace(article, text=article.text[: len(article.text) // 3])
    figure = agreement(half, PAGE)
    assert figure is not None
    assert figure < 0.6
    assert with_agreement(half, figure).flags == ["disagreement"]
    other = dataclasses.replace(article, text="Another article's text, which is not on this page at all.")
    assert agreement(other, PAGE) == 0


def test_there_is_no_second_witness_where_there_is_no_first() -> None:
    page = (
        b'<meta property="og:type" content="article"><h1>A title of some words</h1>'
        + b"<p>Some words of a paragraph that is long enough to be prose.</p>" * 5
    )
    article = extract(page, "https://example.com/x")
    assert article
    assert article.flags == ["fallback_extractor", "language_detected", "no_date"]
    assert agreement(article, page) is None
