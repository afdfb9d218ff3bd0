"""What sites do besides what their templates say: each case was read wrongly once, or would be."""

from __future__ import annotations

import json

import pytest

from crawler import Article, extract
from crawler.items import Image, TextBlock, Video

URL = "https://www.vietnamplus.vn/mot-bai-post7.vnp"


ROOT = "https://www.vietnamplus.vn"


P1 = "Hà Nội (TTXVN) - Sáng 12/7, Bộ Giao thông Vận tải tổ chức lễ khánh thành cầu mới bắc qua sông Hồng."


P2 = "Công trình có tổng mức đầu tư hơn 2.500 tỷ đồng; hàng nghìn người dân đã đến xem từ rất sớm."


OTHER = "Một bài khác kể về một chuyện khác hẳn, xảy ra ở một nơi khác, và dài không kém gì bài này đâu."


TIME = '<time class="time" datetime="2026-07-16T17:17:12+07:00"></time>'


HEAD = (
    f'<h1 class="article__title cms-title">Tiêu đề</h1>{TIME}<div class="article__sapo cms-desc">Sapo.</div>'
)


def _page(body: str, *, head: str = "", before: str = "", after: str = "", top: str = HEAD) -> str:
    inside = f'<div class="article__body zce-content-body cms-body">{body}</div>'
    return f'<html><head>{head}</head><body>{before}<div class="article">{top}{inside}</div>{after}</body></html>'


def _article(html: str, url: str = URL) -> Article:
    article = extract(html.encode(), url)
    assert article
    return article


def _texts(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, TextBlock)]


PARAGRAPHS = f"<p>{P1}</p><p>{P2}</p>"


@pytest.mark.parametrize(
    "box",
    ["<figure><img src=/{n}.jpg><figcaption>Ảnh {n}.</figcaption></figure>", "<p><img src=/{n}.jpg></p>"],
)
def test_a_photo_set_keeps_its_pictures_and_takes_no_other_text(box: str) -> None:
    pictures = "".join(box.format(n=n) for n in range(12))
    hot = f"<div class='hot'><p>{OTHER}</p><p>{OTHER} Lần nữa.</p></div>"
    article = _article(_page(pictures, after=hot))
    assert [image.url for image in article.images] == [f"{ROOT}/{n}.jpg" for n in range(12)]
    assert (article.text, article.flags) == ("", ["short_body"])


@pytest.mark.parametrize(
    ("last", "text", "source", "authors"),
    [
        (
            "Giai đoạn hai dự kiến khởi công năm sau. (TTXVN)",
            "Giai đoạn hai dự kiến khởi công năm sau.",
            "TTXVN",
            [],
        ),
        ("Bài cuối kết thúc ở đây./. (TTXVN/Vietnam+)", "Bài cuối kết thúc ở đây./.", "TTXVN/Vietnam+", []),
        ("更多消息请关注越通社", "更多消息请关注越通社", None, []),
        ("(TTXVN/Vietnam+)", None, "TTXVN/Vietnam+", []),
        ("Minh Anh (TTXVN)", None, "TTXVN", ["Minh Anh"]),
    ],
)
def test_a_credit_is_cut_from_the_last_paragraph_and_nothing_else(
    last: str, text: str | None, source: str | None, authors: list[str]
) -> None:
    article = _article(_page(f"{PARAGRAPHS}<p>{last}</p>"))
    assert _texts(article) == [P1, P2] + ([text] if text else [])
    assert (article.source, article.authors) == (source, authors)


NEXT = (
    '<div class="article"><h1 class="article__title">Bài khác</h1><time class="time" datetime="2020-01-02T03:04:05+07:00">'
    '</time><div class="article__sapo">Sapo khác.</div><div class="article__body cms-body">'
    f'<p>{OTHER}</p><p>{OTHER} Lần nữa.</p></div><div class="article__author"><p class="name">Người Khác</p></div>'
    '<div class="article__source"><span class="name">(VOV)</span></div></div>'
)


@pytest.mark.parametrize(
    "lost", ["", "article__title", "article__sapo cms-desc", "time", "article__title cms-title"]
)
def test_nothing_of_the_article_below_is_taken(lost: str) -> None:
    html = _page(
        PARAGRAPHS + "<p>Và thêm một đoạn nữa cho dài, để bài này không ngắn hơn bài ở dưới kia.</p>",
        after=NEXT,
    )
    html = html.replace(f'class="{lost}"', "", 1) if lost else html
    html = html.replace("<head>", f'<head><link rel="canonical" href="{URL}">')
    article = _article(html)
    assert OTHER not in article.text
    assert article.headline != "Bài khác"
    assert article.description in {"Sapo.", None}
    assert (article.authors, article.source) == ([], None)
    assert article.date_published in {"2026-07-16T17:17:12+07:00", None}


def test_a_teaser_of_the_same_class_before_the_body_and_cards_beside_it() -> None:
    teaser = f'<div class="article-body"><p>{OTHER}</p></div>'
    card = '<div class="sidebar"><h3 class="article__title">Bài khác</h3><p class="cms-author">Người Khác</p></div>'
    article = _article(_page(PARAGRAPHS, before=teaser, after=card))
    assert _texts(article) == [P1, P2]
    assert (article.headline, article.authors) == ("Tiêu đề", [])


def test_json_ld_of_this_page_goes_before_that_of_another() -> None:
    other = {
        "@type": "NewsArticle",
        "mainEntityOfPage": f"{ROOT}/x-post5.vnp",
        "headline": "Bài khác",
        "author": {"name": "Người Khác"},
    }
    own = {
        "@type": "https://schema.org/NewsArticle",
        "url": URL,
        "headline": "<b>Tiêu</b> đề &amp;amp; x",
        "dateModified": "2026-07-17T00:00:00+07:00",
    }
    ld = f'<script type="application/ld+json">{json.dumps([other, own])}</script>'
    article = _article(_page(PARAGRAPHS, head=ld, top=""))
    assert article.headline == "Tiêu đề & x"
    assert article.date_modified == "2026-07-17T00:00:00+07:00"
    assert article.authors == []


@pytest.mark.parametrize(
    ("markup", "images"),
    [
        (
            '<table class="picture"><tr><td><img src=/1.jpg></td><td><img src=/2.jpg></td></tr><tr><td class="caption">Một.</td><td class="caption">Hai.</td></tr></table>',
            [("/1.jpg", "Một."), ("/2.jpg", "Hai.")],
        ),
        (
            "<figure><img data-lazy-src=/1.jpg src=/blank.png><figcaption>Một.</figcaption></figure>",
            [("/1.jpg", "Một.")],
        ),
        (
            '<figure><img srcset="/1.jpg 1x, /2.jpg 2x"><figcaption>Một.</figcaption></figure>',
            [("/1.jpg", "Một.")],
        ),
        ('<figure><picture><source srcset="/1.webp 1x"><img></picture></figure>', [("/1.webp", None)]),
        ("<amp-img src=/1.jpg width=1600></amp-img>", [("/1.jpg", None)]),
        (
            "<div class=article__avatar><figure class=article__avatar><img src=/1.jpg></figure></div>",
            [("/1.jpg", None)],
        ),
    ],
)
def test_pictures(markup: str, images: list[tuple[str, str | None]]) -> None:
    article = _article(_page(f"{markup}{PARAGRAPHS}"))
    assert article.images == [Image(url=ROOT + path, caption=caption) for path, caption in images]
    assert _texts(article) == [P1, P2]


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><img src=/a.jpg><br>{P1}</div><p>{P2}</p>",
        f"<div class='article-photo'><img src=/a.jpg><span>Chú thích.</span><p>{P1}</p><p>{P2}</p><p>{OTHER}</p></div>",
        f"<p class='caption'>{P1}</p><p>{P2}</p>",
        f"<figure><img src=/a.jpg><figcaption>{P1}{P2}{OTHER}{P1}{P2}</figure><p>{P2}</p>",
        f"<p class='pollution'>{P1}</p><p class='story'>{P1} {P2} {OTHER}</p><p>{P2}</p>",
        f"<ins>{P1}</ins><p>{P2}</p>",
    ],
)
def test_text_is_not_lost_in_boxes(markup: str) -> None:
    article = _article(_page(markup))
    assert P1 in article.text
    assert P2 in article.text


def test_lines_and_scripts_in_headline_and_lead() -> None:
    top = (
        "<h1 class='article__title'>Khánh<br>thành <b>cầu</b> mới<script>var x;</script><style>a{}</style></h1>"
        f"{TIME}<div class='article__sapo'>Sapo.<p>Hai</p></div>"
    )
    article = _article(_page(PARAGRAPHS, top=top))
    assert (article.headline, article.description) == ("Khánh thành cầu mới", "Sapo. Hai")


def test_a_lead_inside_the_body_is_the_lead() -> None:
    article = _article(
        _page(f'<p class="cms-desc">Sapo.</p>{PARAGRAPHS}', top=f'<h1 class="article__title">T</h1>{TIME}')
    )
    assert (article.description, _texts(article)) == ("Sapo.", [P1, P2])
    assert article.dateline


def test_base_addresses() -> None:
    html = _page(
        f'<img src="a.jpg"><iframe data-src="v"></iframe>{PARAGRAPHS}',
        head='<base href="https://cdn.example/x/">',
    )
    article = _article(html)
    assert article.images == [Image(url="https://cdn.example/x/a.jpg")]
    assert article.videos == [Video(url="https://cdn.example/x/v")]
    evil = _article(html.replace("https://cdn.example/x/", "javascript:alert(1)//"))
    assert evil.images == [Image(url=f"{ROOT}/a.jpg")]


def test_utf8_with_a_broken_byte_is_utf8_whatever_the_header_says() -> None:
    article = extract(_page(PARAGRAPHS).encode() + b"\xff", URL, content_type="text/html; charset=ISO-8859-1")
    assert article
    assert _texts(article) == [P1, P2]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (f"<div><div><p>{P1}</p></div><div><p>{P2}</p></div></div>", [P1, P2]),
        (f"<div><p>{P1}</p></div><div>ad</div><div><p>{P2}</p></div>", [P1, P2]),
        (
            f"<p>{P1}</p><p>{P2}</p><div><p>Nguồn: https://nhandan.vn/a-post1.html</p></div><p>Bình luận (0)</p>",
            [P1, P2],
        ),
        (
            f'<p>{P1}</p><p>{P2}</p><p>Nguồn: <a href="https://nhandan.vn/a-post1.html">Báo Nhân Dân</a></p>',
            [P1, P2],
        ),
        (f"<p>{P1}</p><p>{P2}</p><section class='comments'><p>{OTHER * 9}</p></section>", [P1, P2]),
    ],
)
def test_vietnam_vn(body: str, texts: list[str]) -> None:
    head = (
        '<title>Tiêu đề</title><meta property="article:published_time" content="2026-07-16T17:17:12+07:00">'
        '<link rel="canonical" href="https://www.vietnam.vn/mot-bai">'
    )
    html = f"<html><head>{head}</head><body><h1>Vietnam.vn</h1><main>{body}</main></body></html>"
    article = _article(html, "https://www.vietnam.vn/mot-bai")
    assert [text for text in _texts(article) if text != "ad"] == texts
    assert article.based_on == ("https://nhandan.vn/a-post1.html" if "Nguồn" in body else None)


SLOW = {
    "pictures and empty captions": _page(
        "<img src=/a.jpg>" * 4000 + "<p class=caption></p>" * 4000 + PARAGRAPHS
    ),
    "nested avatars": _page(
        PARAGRAPHS, before="<div class=article__avatar>" * 200 + "<img src=/a.jpg>" * 4000
    ),
    "nested lists": _page("<ul><li>" * 120 + '<a href="/x-post1.vnp">x</a>' * 5000 + PARAGRAPHS),
    "nested stories": _page(PARAGRAPHS, after="<article class=story>" * 240 + "<a href=/x>x</a>" * 10_000),
    "nested quotes": _page(PARAGRAPHS + "<blockquote>" * 200 + "<p class=name>x</p>" * 10_000),
    "broken JSON-LD": _page(
        PARAGRAPHS, head='<script type="application/ld+json">{"a": x' + " " * 100_000 + "x}</script>"
    ),
    "a credit that never ends": _page(f"{PARAGRAPHS}<p>TTXVN{' / a' * 45} (</p>"),
}


@pytest.mark.parametrize("name", SLOW)
def test_pages_that_were_made_to_take_long(name: str) -> None:
    """Each took from five seconds to days."""
    assert extract(SLOW[name].encode(), URL)
