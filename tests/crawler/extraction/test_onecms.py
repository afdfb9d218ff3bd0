"""Pages of the vendor CMS, one for each template generation, with the editor's widgets in them."""

from __future__ import annotations

import pytest

from crawler import Article, extract
from crawler.items import Dateline, Image, MediaBlock, Related, TextBlock, Video

URL = "https://www.vietnamplus.vn/mot-bai-bao-post12345.vnp"
P1 = "Hà Nội (TTXVN) – Đoạn thứ nhất của bài báo, đủ dài để không bị coi là quá ngắn, với nhiều chữ."
P2 = "Đoạn thứ hai của bài báo, cũng đủ dài để không bị coi là quá ngắn, với nhiều chữ nữa./."
ADS = '<div class="sda_middle"><div class="rennab"><script>var x = "<p>ad</p>";</script>ad</div></div>'

G4 = f"""<html lang="vi"><head><title>SEO</title>
<meta property="article:published_time" content="2026-07-20T06:31:56+07:00">
<meta property="article:modified_time" content="2026-07-20T06:30:00+07:00">
<meta property="article:section" content="Thể thao,Tin tức"><meta property="article:tag" content="a,b">
<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": ""}}}}</script></head>
<body class="detail-normal"><h1 class="article__title cms-title "> Tiêu  đề </h1>
<div class="article__sapo cms-desc"><p>Sapo.</p></div>
<figure class="article__avatar"><img class="cms-photo" src="data:image/gif;base64,R0" data-src="/a.jpg">
<figcaption>Đầu. (Ảnh: FIFA)</figcaption></figure>
<div class="article__body zce-content-body cms-body" itemprop="articleBody">
<div class="notebox cms-note"><p><b>Hộp</b></p></div>
<p>{P1}</p>{ADS}
<h2>Tiểu mục</h2>
<p><strong>Dòng đậm</strong></p>
<p>Có <a class="cms-relate" href="/x-post1.vnp">liên kết</a> bên trong.<br>Và một dòng mới.</p>
<div class="article-relate" data-source="related-news"><article class="story"><h2 class="story__heading">
<a class="cms-link" href="/lien-quan-post99.vnp">Bài liên quan</a></h2><div><p>Tóm tắt</p></div></article></div>
<div class="layout-image-2"><figure><img src="/1.jpg"></figure><figure><img src="/2.jpg"></figure>
<figcaption>Hai ảnh.</figcaption></div>
<blockquote class="qcenter"><p>Trích dẫn.</p></blockquote>
<ul><li>Một</li><li>Hai</li></ul>
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
<div class="poll-box"><p>Bình chọn</p></div>
<iframe data-video-src="https://v.vn/embed"></iframe>
<video><source src="/v.m3u8"></video>
<p>{P2}</p>
<div class="article__author"><p class="name">Nguyễn A</p><p class="name">Trần B</p></div>
<div class="article__source"><div class="source"><span class="name">(TTXVN/Vietnam+)</span></div></div></div>
<div class="related-news"><ul><li><a href="/lien-quan-post98.vnp">Bài khác</a></li></ul></div>
<div class="wrap-comment"><p>Bình luận</p></div></body></html>"""

TEXT_OF_G4 = [
    ("note", "Hộp"),
    ("paragraph", P1),
    ("heading", "Tiểu mục"),
    ("heading", "Dòng đậm"),
    ("paragraph", "Có liên kết bên trong."),
    ("paragraph", "Và một dòng mới."),
    ("quote", "Trích dẫn."),
    ("list_item", "Một"),
    ("list_item", "Hai"),
    ("table", "A | B\n1 | 2"),
    ("paragraph", P2),
]


def _extract(html: str, url: str = URL) -> Article:
    article = extract(html.encode(), url)
    assert article
    return article


def _texts(article: Article) -> list[tuple[str, str]]:
    return [(block.type, block.text) for block in article.body if isinstance(block, TextBlock)]


def test_g4_every_field() -> None:
    article = _extract(G4)
    assert _texts(article) == TEXT_OF_G4
    assert article.id == "vna:vi:12345"
    assert (article.headline, article.description) == ("Tiêu đề", "Sapo.")
    assert (article.authors, article.source) == (["Nguyễn A", "Trần B"], "TTXVN/Vietnam+")
    assert article.dateline == Dateline(agency="TTXVN", place="Hà Nội")
    assert article.date_published == "2026-07-20T06:31:56+07:00"
    assert article.flags == ["modified_before_published"]
    assert (article.sections, article.keywords) == (["Thể thao", "Tin tức"], ["a", "b"])
    assert article.images == [
        Image(url="https://www.vietnamplus.vn/a.jpg", caption="Đầu. (Ảnh: FIFA)", credit="FIFA"),
        Image(url="https://www.vietnamplus.vn/1.jpg", caption="Hai ảnh."),
        Image(url="https://www.vietnamplus.vn/2.jpg", caption="Hai ảnh."),
    ]
    assert article.videos == [
        Video(url="https://v.vn/embed"),
        Video(url="https://www.vietnamplus.vn/v.m3u8"),
    ]
    media = [(block.type, block.index) for block in article.body if isinstance(block, MediaBlock)]
    assert media == [("image", 0), ("image", 1), ("image", 2), ("embed", 0), ("video", 1)]
    assert article.related == [
        Related(url="https://www.vietnamplus.vn/lien-quan-post99.vnp", headline="Bài liên quan"),
        Related(url="https://www.vietnamplus.vn/lien-quan-post98.vnp", headline="Bài khác"),
    ]
    assert article.extractor.page == "VnaPage/g4"


G3B = f"""<body><h1 class="article__header cms-title">Tiêu đề</h1><div class="article__sapo cms-desc">Sapo.</div>
<time class="time" datetime="2021-10-22T08:35:00+0700" data-time="1">22/10/2021</time>
<div class="article__body cms-body"><table class="picture"><tr><td class="pic"><img src="/p.jpg" alt="x ảnh 1"></td>
</tr><tr><td class="caption">Chú thích.</td></tr></table><p>{P1}</p><div id="adsWeb_1">ad</div><p>{P2}</p></div>
<p class="author"><a class="cms-author">Nguyễn A</a></p></body>"""
G3 = f"""<body><h1 class="details__headline cms-title">Tiêu đề</h1><div class="details__summary cms-desc">Sapo.</div>
<div class="source"><time datetime="2021-10-22 08:35">22/10/2021 08:35</time></div>
<div class="content article-body cms-body AdAsia"><div class="ExternalClassD4FD9D4E94174110AEAB3E1D8765742B">
<div class="article-photo"><div class="article-photo"><img class="cms-photo" alt="x hinh anh 1" src="/p.jpg">
<span>Chú thích.</span></div></div><br/>{P1}<br/><br/>
{P2}</div><div class="cms-author"><strong> Nguyễn A (TTXVN)</strong></div></div></body>"""
G2 = f"""<body><header class="article-header"><h1>Tiêu đề</h1><p class="meta"><span class="author cms-author">NGUYỄN A
(TTXVN/VIETNAM+)</span> <time datetime="2017-12-04T07:23:20+07:00">04/12/2017</time></p></header>
<div class="article-body cms-body AdAsia"><div class="article-photo"><a href="/p.jpg"><img src="/p.jpg"></a>Chú thích.
</div><div id="sas_intextContainer_7"><video src="https://ads.com/x.mp4"></video></div>{P1}<br><br>{P2}</div></body>"""


@pytest.mark.parametrize(
    ("html", "page", "authors", "source", "published", "flags"),
    [
        (G3B, "VnaPage/g3b", ["Nguyễn A"], None, "2021-10-22T08:35:00+07:00", []),
        (G3, "VnaPage/g3", ["Nguyễn A"], "TTXVN", "2021-10-22T08:35:00+07:00", ["naive_datetime"]),
        (G2, "VnaPage/g2", ["NGUYỄN A"], "TTXVN/VIETNAM+", "2017-12-04T07:23:20+07:00", []),
    ],
    ids=["g3b", "g3", "g2"],
)
def test_older_generations(
    html: str, page: str, authors: list[str], source: str | None, published: str, flags: list[str]
) -> None:
    article = _extract(html)
    assert _texts(article) == [("paragraph", P1), ("paragraph", P2)]
    assert article.images == [Image(url="https://www.vietnamplus.vn/p.jpg", caption="Chú thích.")]
    assert article.videos == []
    assert article.headline == "Tiêu đề"
    assert article.extractor.page == page
    assert (article.authors, article.source) == (authors, source)
    assert article.date_published == published
    assert article.flags == flags


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.vietnamplus.vn/a-b-post1.vnp", "vna:vi:1"),
        ("https://www.vietnamplus.vn/a-b-post1.amp", "vna:vi:1"),
        ("https://zh.vietnamplus.vn/%E8%B6%8A/478059.vnp", "vna:zh:478059"),
        ("https://cn.nhandan.vn/article-post2.html", "nhandan:cn:2"),
        ("https://www.vietnam.vn/no/mot-bai", "vietnamvn:no:mot-bai"),
        ("https://vcdn.vietnam.vn/mot-bai", "vietnamvn:vi:mot-bai"),
        ("https://www.vietnam.vn/du-lich-hue-don-khach", "vietnamvn:vi:du-lich-hue-don-khach"),
        ("https://m.vietnamplus.vn/a-b-post1.vnp?utm_source=x", "vna:vi:1"),
        ("https://zh.vietnamplus.vn/print-478059.html", "vna:zh:478059"),
        ("https://zh.vietnamplus.vn/Utilities/Print.aspx?contentid=478059", "vna:zh:478059"),
        ("https://nhandan.vn/print.html?id=2", "nhandan:vi:2"),
        ("https://baotintuc.vn/the-gioi/a-20260716171712046.htm", "baotintuc:vi:20260716171712046"),
    ],
)
def test_ids_come_from_addresses(url: str, key: str) -> None:
    page = G4.replace("</head>", f'<link rel="canonical" href="{url}"></head>')
    assert _extract(page, url).id == key


@pytest.mark.parametrize(
    "url",
    [
        "https://www.vietnamplus.vn/",
        "https://www.vietnamplus.vn/politics/",
        "https://nhandan.vn/tin-moi.html",
        "https://www.vietnam.vn/no/category/arv",
        "https://www.vietnam.vn/chinh-tri",
        "https://www.vietnam.vn/the-gioi/",
        "https://www.vietnam.vn/en/politics",
        "https://www.vietnam.vn/no/khoa-hoc-cong-nghe",
        "https://www.vietnam.vn/ko/van-hoa-va-du-lich",
        "https://vcdn.vietnam.vn/he-thong-chinh-tri",
        "https://baotintuc.vn/the-gioi-130ct0.htm",
    ],
)
def test_a_publishers_other_pages_are_no_articles(url: str) -> None:
    assert extract(G4.encode(), url) is None


def test_the_cms_is_known_on_hosts_that_are_not() -> None:
    article = _extract(G4, "https://example.vn/a/b-post7.html")
    assert article.id == "example.vn:vi:/a/b-post7.html"
    assert article.publisher == "example.vn"
    assert _texts(article) == TEXT_OF_G4


def test_a_page_without_its_body_class_falls_back_and_says_so() -> None:
    paragraphs = "".join(f"<p>{P1} Số {n}.</p>" for n in range(6))
    head = f'<head><link rel="canonical" href="{URL}"></head>'
    html = f"{head}<body><h1 class='article__title'>Tiêu đề</h1><article>{paragraphs}</article></body>"
    article = _extract(html)
    assert "fallback_extractor" in article.flags
    assert article.extractor.page == "VnaPage/unknown"
    assert article.text.count(P1) == 6


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n ",
        b"\0\0\0",
        b"<html></html>",
        b"\xff\xfe\x00",
        b"<" * 10_000,
        b"<div>" * 5_000,
        b"<p>" + b"\x80\x81" * 100,
        b'<?xml version="1.0" encoding="utf-16"?><html><body><p>x',
        b"<script>document.cookie = 'D1N=abc'; location.reload()</script>",
    ],
)
@pytest.mark.parametrize("url", [URL, "https://example.com/x"])
def test_garbage_is_no_article_and_no_crash(body: bytes, url: str) -> None:
    assert extract(body, url) is None


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1258"])
def test_charsets(charset: str) -> None:
    html = f"<html><head><meta charset='{charset}'></head><body><h1 class='article__title'>Tiêu</h1>"
    html += f"<div class='cms-body'><p>Đây là một {'đoạn ' * 20}</p></div></body>"
    encoded = html.encode(charset, "ignore")
    article = extract(encoded, URL, content_type=f"text/html; charset={charset}")
    assert article
    assert article.headline.startswith("Ti")
    assert article.text.startswith("Đây l")
