"""Pages of sites that no rule knows, in three scripts, with everything around the text that real ones have."""

from __future__ import annotations

import json

import pytest

from crawler import Article, extract
from crawler.items import TextBlock

TEXTS = {
    "en": (
        "The harbour opens again after eleven years of work",
        "The old harbour of the town was opened on Monday, four years later than planned and at twice the cost.",
        [
            "The mayor cut the ribbon in the morning while several hundred people watched from the new quay.",
            "Short words.",
            "Fishermen had waited for this day since the storm of 2015, which took the whole northern pier with it.",
            "What comes next",
            "A ferry line to the islands is to start in spring, if the tender finds a bidder this time, officials said.",
        ],
    ),
    "vi": (
        "Cảng cũ mở cửa trở lại sau mười một năm",
        "Cảng cũ của thị trấn được mở lại hôm thứ Hai, muộn hơn bốn năm so với kế hoạch và tốn gấp đôi.",
        [
            "Thị trưởng cắt băng khánh thành vào buổi sáng trong khi hàng trăm người dân đứng xem trên bến mới.",
            "Rất vui.",
            "Ngư dân đã chờ ngày này từ trận bão năm 2015, trận bão cuốn đi toàn bộ cầu tàu phía bắc của cảng.",
            "Tiếp theo là gì",
            "Tuyến phà ra đảo dự kiến bắt đầu vào mùa xuân, nếu lần này có nhà thầu tham gia, các quan chức cho biết.",
        ],
    ),
    "zh": (
        "旧港口历经十一年施工重新开放",
        "该镇的旧港口于周一重新开放，比原计划晚了四年，费用也翻了一番，镇政府对此表示满意。",
        [
            "镇长上午剪彩，数百名群众在新码头上观看了仪式，现场气氛热烈而有序，当地媒体进行了直播。",
            "大家很高兴。",
            "自二〇一五年的风暴卷走整个北栈桥以来，渔民们一直在等待这一天的到来，许多人为此改行。",
            "下一步",
            "官员们表示，如果这次招标能找到投标人，通往各岛的渡轮航线将于春季开通，票价尚未确定。",
        ],
    ),
}  # fmt: skip
CARD = '<li class="item"><a href="/other/{n}"><h3>Another article of this site, number {n}, about something else</h3></a></li>'
NOTICE = "We and our partners use cookies to store information on your device, with your consent. " * 12


def _page(language: str, *, lead: str = "standfirst", body: str = "content") -> str:
    title, standfirst, (first, short, third, heading, last) = TEXTS[language]
    cards = "".join(CARD.format(n=n) for n in range(12))
    return f"""<!DOCTYPE html><html lang="{language}"><head><title>{title} | The Site</title>
<meta property="og:title" content="{title}"><meta property="og:description" content="{standfirst}">
<meta property="article:published_time" content="2026-01-02T03:04:05Z">
<script type="application/ld+json">{
        json.dumps(
            {
                "@graph": [
                    {
                        "@type": "NewsArticle",
                        "headline": title,
                        "author": [{"@type": "Person", "name": "Ann Lee"}],
                        "datePublished": "2026-01-02T03:04:05Z",
                    }
                ]
            }
        )
    }</script></head>
<body class="has-sidebar single-post"><div id="onetrust-banner"><p>{NOTICE}</p></div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/politics">Politics</a></li></ul></nav>
<article class="post-123 tag-harbour category-news relative"><h1>{title}</h1><p class="{lead}">{
        standfirst
    }</p>
<div class="meta byline">By Ann Lee</div>
<div class="{
        body
    }"><figure><img src="/a.jpg"><figcaption>The quay on Monday. Photo: Bo Berg</figcaption></figure>
<p>{first}</p><p>{short}</p><div class="ad-slot">Advertisement</div><p>{third}</p>
<p><a href="/other/1">Read more: another article of this site about something else entirely</a></p>
<h2>{heading}</h2><p>{last}</p>
<div class="newsletter"><p>Sign up for our newsletter and get the best of the week on every Friday morning.</p></div></div>
<ul class="more">{cards}</ul></article>
<section class="comments"><p>{
        "I do not believe a word of this, and neither should anybody else. " * 9
    }</p></section>
<footer><p>All rights reserved. No part of this site may be reproduced without written permission.</p></footer>
</body></html>"""


def _texts(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, TextBlock)]


@pytest.mark.parametrize("language", TEXTS)
def test_the_text_and_nothing_but_the_text(language: str) -> None:
    title, lead, paragraphs = TEXTS[language]
    article = extract(_page(language).encode(), "https://paper.example/2026/harbour")
    assert article
    assert _texts(article) == [lead, *paragraphs]
    kinds = [block.type for block in article.body if isinstance(block, TextBlock)]
    assert kinds == ["paragraph"] * 4 + ["heading", "paragraph"]
    assert article.headline == title
    assert article.authors == ["Ann Lee"]
    assert article.date_published == "2026-01-02T03:04:05+00:00"
    assert (article.language, article.publisher) == (language, "paper.example")
    assert article.flags == ["fallback_extractor"]
    assert article.extractor.trafilatura is None


@pytest.mark.parametrize("language", TEXTS)
def test_names_of_classes_do_not_matter(language: str) -> None:
    _, lead, paragraphs = TEXTS[language]
    article = extract(_page(language, lead="x1", body="x2").encode(), "https://paper.example/x")
    assert article
    assert _texts(article) == [lead, *paragraphs]


def test_an_article_that_stands_in_a_script() -> None:
    _, _, (first, short, third, _, last) = TEXTS["en"]
    html = "".join(f"<p>{text}</p>" for text in (first, short, third, last))
    state = json.dumps({"props": {"article": {"content": html}}}).replace("<", "\\u003c")
    page = f"<title>T</title><h1>T</h1><div id='app'></div><script>window.STATE = {state}</script>"
    article = extract(page.encode(), "https://paper.example/x")
    assert article
    assert _texts(article) == [first, short, third, last]


def test_a_declared_charset_that_is_not_true() -> None:
    page = _page("zh").replace("<head>", "<head><meta charset='gb2312'>").encode("utf-8")
    article = extract(page, "https://paper.example/x", content_type="text/html; charset=iso-8859-1")
    assert article
    assert article.headline == TEXTS["zh"][0]
