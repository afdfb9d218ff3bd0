"""Pages made from a table: template generation × kind × script, with all that the editors' widgets can hold.

A story is a list of elements; each template knows how it prints one. What must come out follows from the story
alone, so that page and expectation cannot err together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler import Article
from crawler.items import Dateline, Extractor, Image, Kind, MediaBlock, Related, TextBlock, Video
from crawler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ID = "20260716171712046"
AD = "<script>ads.push('<p>Buy this now, it is very cheap</p>');</script>"


@dataclass(frozen=True)
class Story:
    """What an article says, in one language."""

    language: str
    headline: str
    lead: str
    paragraphs: tuple[str, str, str, str]
    heading: str
    bold: str
    note: str
    quote: str
    items: tuple[str, str]
    cells: tuple[tuple[str, str], tuple[str, str]]
    caption: str
    caption_credit: str
    gallery: str
    card: str
    poll: str
    authors: tuple[str, str]
    agency: str
    dateline: Dateline


STORIES = {
    "vi": Story(
        language="vi",
        headline="Khánh thành cầu mới bắc qua sông Hồng",
        lead="Cây cầu dài hơn ba km được thông xe sáng 12/7, sớm hơn kế hoạch hai tháng.",
        paragraphs=(
            "Hà Nội (TTXVN) - Sáng 12/7, Bộ Giao thông Vận tải tổ chức lễ khánh thành cầu mới bắc qua sông Hồng.",
            "Công trình có tổng mức đầu tư hơn 2.500 tỷ đồng; hàng nghìn người dân đã đến xem từ rất sớm.",
            "Chị Lan, một người bán hàng, nói: “Từ nay con tôi đi học chỉ mất mười phút.”",
            "Giai đoạn hai dự kiến khởi công vào quý 1 năm sau./.",
        ),
        heading="Rút ngắn hai tháng thi công",
        bold="Người dân hai bờ phấn khởi",
        note="Cầu có sáu làn xe, tốc độ thiết kế 80 km/giờ.",
        quote="Đây là niềm mong đợi của nhiều thế hệ.",
        items=("Chiều dài: 3,2 km", "Bề rộng: 29 m"),
        cells=(("Năm", "Lượt xe"), ("2026", "21.000")),
        caption="Quang cảnh lễ khánh thành. (Ảnh: Minh Anh/TTXVN)",
        caption_credit="Minh Anh/TTXVN",
        gallery="Người dân đi bộ trên cầu trong ngày đầu thông xe.",
        card="Hà Nội sắp có thêm hai tuyến đường sắt đô thị",
        poll="Bạn có hài lòng với công trình này không?",
        authors=("Lê Minh Anh", "Trần Văn Bình"),
        agency="TTXVN/Vietnam+",
        dateline=Dateline(agency="TTXVN", place="Hà Nội"),
    ),
    "zh": Story(
        language="zh",
        headline="红河新桥正式通车",
        lead="7月12日上午,全长三公里多的红河新桥正式通车,比原计划提前两个月。",
        paragraphs=(
            "越通社河内——7月12日上午,越南交通运输部在河内举行红河新桥通车仪式。",
            "该项目总投资额超过2.5万亿越盾 ,数千名群众一早就前来观看。",
            "商贩兰女士说:“从今以后,我的孩子上学只需要十分钟。”",
            "二期工程预计将于明年第一季度动工。（完）",
        ),
        heading="工期缩短两个月",
        bold="两岸居民欢欣鼓舞",
        note="大桥设六车道,设计时速80公里。",
        quote="这是几代人的期盼。",
        items=("全长:3.2公里", "宽度:29米"),
        cells=(("年份", "车流量"), ("2026", "21000")),
        caption="通车仪式现场。图自越通社",
        caption_credit="越通社",
        gallery="通车首日,市民在桥上步行。",
        card="河内将再添两条城市轨道交通线路",
        poll="您对这项工程满意吗?",
        authors=("黎明英", "陈文平"),
        agency="越通社",
        dateline=Dateline(agency="越通社", place="河内"),
    ),
    "en": Story(
        language="en",
        headline="New bridge opens across the Red River",
        lead="The bridge, more than three kilometres long, opened on July 12, two months ahead of plan.",
        paragraphs=(
            "Hanoi (VNA) – The Ministry of Transport inaugurated a new bridge across the Red River on July 12.",
            "The project cost over 2.5 trillion VND; thousands of people had come early in the morning to see it.",
            "Lan, a street vendor, said: “From now on my child gets to school in ten minutes.”",
            "Work on the second phase is to start in the first quarter of next year./.",
        ),
        heading="Two months ahead of plan",
        bold="Joy on both banks",
        note="The bridge has six lanes and a design speed of 80 km/h.",
        quote="Generations have waited for this day.",
        items=("Length: 3.2 km", "Width: 29 m"),
        cells=(("Year", "Vehicles"), ("2026", "21,000")),
        caption="The opening ceremony. (Photo: Minh Anh/VNA)",
        caption_credit="Minh Anh/VNA",
        gallery="People walk on the bridge on its first day.",
        card="Hanoi to get two more urban railway lines",
        poll="Are you happy with this project?",
        authors=("Le Minh Anh", "Tran Van Binh"),
        agency="VNA",
        dateline=Dateline(agency="VNA", place="Hanoi"),
    ),
}
# The elements of each kind of article; a number is that paragraph.
KINDS: dict[Kind, tuple[str | int, ...]] = {
    "article": (
        "image",
        0,
        "ad",
        1,
        "heading",
        "card",
        "note",
        "quote",
        "list",
        2,
        "table",
        "poll",
        "bold",
        3,
    ),
    "photo": (0, "image", "gallery", "ad", "gallery", 3),
    "video": ("video", 0, "ad", 1, 3),
    "infographic": ("bare image", 0, 3),
    "longform": (0, "heading", "gallery", "quote", 1, "video", "bold", 2, "note", "image", "card", 3),
    "live": (0, "time", 1, "ad", "time", 2, "embed", "poll", 3),
}
TIMES = ("09:30", "10:15")

# How each template prints an element. ${n} counts its pictures and cards.
_COMMON = {
    "ad": f'<div class="sda_middle"><div id="adsWeb_AdsMiddle" class="rennab">{AD}</div></div>',
    "heading": "<h2>${text}</h2>",
    "bold": "<p><strong>${text}</strong></p>",
    "time": "<p><b>${text}</b></p>",
    "paragraph": "<p>${text}</p>",
    "note": '<div class="notebox"><p>${text}</p></div>',
    "quote": '<blockquote class="qcenter"><p>${text}</p></blockquote>',
    "list": "<ul><li>${first}</li><li>${second}</li></ul>",
    "table": "<table><tr><th>${a}</th><th>${b}</th></tr><tr><td>${c}</td><td>${d}</td></tr></table>",
    "video": '<div class="player"><video controls><source src="/media/v${n}.mp4" type="video/mp4"></video></div>',
    "embed": '<iframe src="https://maps.example/embed" width="100%"></iframe>',
    "poll": '<div class="poll-box"><div class="box-heading"><span class="heading">Vote</span></div>'
    '<div class="box-content"><h5 class="desc">${text}</h5><label><input type="radio"><span>1</span></label></div></div>',
    "card": '<div class="related-news"><article class="story"><figure class="story__thumb"><a href="${url}">'
    '<img src="/thumb.jpg" alt=""></a></figure><p class="story__cate">News</p><h5 class="story__heading">'
    '<a href="${url}">${text}</a></h5></article></div>',
}
_G2 = _COMMON | {
    "ad": '<div id="sas_intextContainer_7105067"><div id="sas_player_7105067"><video src="https://ads.example/x.mp4">'
    "</video></div></div>",
    "paragraph": "${text}<br><br>",
    "heading": "<strong>${text}</strong><br><br>",
    "bold": "<b>${text}</b><br><br>",
    "time": "<b>${text}</b><br><br>",
    "image": '<div class="article-photo"><a href="${url}" data-index="0"><img src="${url}" alt=""></a>${caption}</div>',
    "bare image": '<div class="article-photo"><a href="${url}"><img src="${url}" alt=""></a></div>',
    "gallery": '<div class="article-photo"><img src="${url}"><img src="${url2}">${caption}</div>',
    "card": '<div class="article-relate"><ul><li><a href="${url}">${text}</a></li></ul></div>',
}
_PHOTO = (
    '<img class="cms-photo" alt="${headline} hinh anh ${n}" title="${headline} hình ảnh ${n}" src="${url}"'
    ' data-photo-original-src="https://img.examplehttps://img.example/o.jpg" cms-photo-caption="${caption}"/>'
)
_G3 = _COMMON | {
    "heading": "<p><strong>${text}</strong></p>",
    "image": f'<div class="article-photo"><div class="article-photo">{_PHOTO}<span>${{caption}}</span></div></div>',
    "bare image": f'<div class="article-photo">{_PHOTO}</div>',
    "gallery": f'<div class="article-photo">{_PHOTO}<img class="cms-photo" src="${{url2}}"/><span>${{caption}}</span></div>',
    "card": '<div class="article-relate" data-source="related-news"><article class="story"><h2 class="story__heading">'
    '<a class="cms-link" href="${url}">${text}</a></h2></article></div>',
}
_G3_ZH = _G3 | {name: _G2[name] for name in ("paragraph", "heading", "bold", "time")}
_G3B = _COMMON | {
    "ad": f'<div id="adsWeb_AdsArticleMiddle1" class="banner fyi" data-platform="1">{AD}</div>',
    "paragraph": '<div class="cms-text">${text}</div>',
    "image": '<table class="picture"><tbody><tr><td class="pic"><a class="photo" href="${url}"><img src="${url}"'
    ' alt="${headline} ảnh ${n}"></a></td></tr><tr><td class="caption"><p>${caption}</p></td></tr></tbody></table>',
    "bare image": '<table class="picture"><tr><td class="pic"><img src="${url}" alt="${headline} ảnh ${n}"></td></tr></table>',
    "gallery": '<table class="picture"><tr><td class="pic"><img src="${url}"></td><td class="pic"><img src="${url2}"></td></tr>'
    '<tr><td class="caption" colspan="2">${caption}</td></tr></table>',
    "video": '<table class="video"><tbody><tr><td><video controls><source src="/media/v${n}.mp4"></video></td></tr>'
    '<tr><td class="caption"><p><br></p></td></tr></tbody></table>',
}
_G4 = _COMMON | {
    "ad": f'<div class="sda_middle"><div id="sdaWeb_SdaArticleMiddle" class="rennab fyi" data-platform="1">{AD}</div></div>',
    "note": '<div class="notebox align-center cms-note"><p>${text}</p></div>',
    "image": '<figure><img class="cms-photo" src="data:image/gif;base64,R0lGODlh" data-src="${url}" alt="${caption}"'
    ' cms-photo-caption="${caption}"><figcaption>${caption}</figcaption></figure>',
    "bare image": '<figure><img class="cms-photo" data-src="${url}" alt="picture-${n}.jpg"></figure>',
    "gallery": '<div class="layout-image-2"><figure><img class="cms-photo" data-src="${url}"></figure><figure>'
    '<img class="cms-photo" data-src="${url2}"></figure><figcaption>${caption}</figcaption></div>',
    "card": '<div class="article-relate outset-left" data-source="related-news"><article class="story">'
    '<figure class="story__thumb"><a class="cms-link" href="${url}"><img src="/t.jpg" alt="${text}"></a></figure>'
    '<h2 class="story__heading"><a class="cms-link" href="${url}" title="${text}">${text}<i class="ic-photo"></i></a></h2>'
    "<div><p>Teaser</p></div></article></div>",
    "embed": '<iframe src="https://maps.example/embed" data-video-src="https://maps.example/embed" scrolling="0"></iframe>',
}
_BAOTINTUC = _COMMON | {
    "ad": f'<div class="gliaplayer-container" data-slot="baotintuc_desktop"></div>{AD}',
    "image": '<div style="text-align:center"><figure class="image"><img alt="Chú thích ảnh" src="${url}" width="665">'
    "<figcaption>${caption}</figcaption></figure></div>",
    "bare image": '<figure class="image"><img alt="Chú thích ảnh" src="${url}"></figure>',
    "gallery": '<figure class="image"><img alt="Chú thích ảnh" src="${url}"><img alt="Chú thích ảnh" src="${url2}">'
    "<figcaption>${caption}</figcaption></figure>",
    "card": '<ul class="list-concern"><li class="item"><h4><a href="${url}" title="${text}">${text}<i class="icon_2"></i>'
    "</a></h4></li></ul>",
    "poll": "",
}
_VIETNAMVN = _COMMON | {
    "ad": f"<div>{AD}</div>",
    "image": "<figure><img src='${url}'><figcaption>${caption}</figcaption></figure>",
    "bare image": "<figure><img src='${url}'></figure>",
    "gallery": "<figure><img src='${url}'><img src='${url2}'><figcaption>${caption}</figcaption></figure>",
    "card": "",
    "poll": "",
}

_AROUND = (
    '<div class="article__tag"><a href="/tag/a-tag1.vnp">#tag</a></div><div class="wrap-comment" id="comment1"><p>'
    'Comment</p></div></div><div class="sidebar-right"><ul class="most-viewed"><li><a href="/p/">Most viewed</a></li></ul>'
    '</div><div class="timeline content-list" data-source="recommendation-254"><p>Recommended article of today</p></div>'
    "</div><footer><p>© 2026 All rights reserved, do not reproduce without the consent of the agency.</p></footer></body></html>"
)
_HEAD = (
    '<!DOCTYPE html><html lang="${language}"><head><title>${headline} | The site</title><meta charset="utf-8">'
    '<meta http-equiv="refresh" content="1800"/><link rel="canonical" href="${page_url}"/>'
    '<meta property="og:title" content="${headline}"/><meta property="og:url" content="${page_url}"/>'
    '<meta name="keywords" content="${keywords}"/>'
)
_SHELLS = {
    "g2": _HEAD + '<meta name="description" content="${lead}"/></head><body class="${mark}"><div class="container">'
    '<header class="article-header"><h1>${headline}</h1><p class="meta"><span class="author cms-author">${author} (${agency})'
    '</span> <time datetime="2026-07-16T17:17:12+07:00">16/07/2026 17:17 GMT+7</time><a class="print" href="/print">Print</a>'
    '</p></header><div class="article-body cms-body AdAsia">${body}</div>' + _AROUND,
    "g3": _HEAD + '</head><body id="ctl00_body" class="${mark}"><div><h1 class="details__headline cms-title">${headline}</h1>'
    '<div class="source"><time datetime="2026-07-16 17:17">16/07/2026 17:17</time></div><div class="details__summary cms-desc">'
    '${lead}</div><div class="content article-body cms-body AdAsia"><div class="ExternalClassD4FD9D4E94174110AEAB3E1D8765742B">'
    '${body}</div><div class="cms-author"><strong> ${agency}</strong></div></div>' + _AROUND,
    "g3b": _HEAD + '</head><body class="${mark}"><div><div><h1 class="article__header cms-title">${headline}</h1>'
    '<div class="article__meta"><time class="time" datetime="2026-07-16T17:17:12+0700" data-time="1">16/07/2026 17:17</time>'
    '<meta class="cms-date" content="2026-07-16T17:17:12+0700"></div><div class="article__sapo cms-desc">${lead}</div>'
    '<div class="article__body cms-body">${body}</div><p class="author"><a class="cms-author" href="/a">${author}</a></p>'
    + _AROUND,
    "g4": _HEAD + '<meta property="article:published_time" content="2026-07-16T17:17:12+07:00"/>'
    '<meta property="article:modified_time" content="2026-07-16T18:00:00+07:00"/>'
    '<meta property="article:section" content="${sections}"/><meta property="article:tag" content="${keywords}"/>'
    '<script type="application/ld+json">{"@context": "http://schema.org", "@type": "NewsArticle", "headline": "${headline}",'
    ' "datePublished": "2026-07-16T17:17:12+07:00", "author": {"@type": "Person", "name": ""}}</script></head>'
    '<body class="${mark}"><div class="site-body"><div class="article"><div class="article__header">'
    '<h1 class="article__title cms-title "> ${headline} </h1><div class="article__sapo cms-desc"><p>${lead}</p></div>'
    '<div id="sdaWeb_SdaArticleAfterSapo" class="rennab" data-platform="1"></div></div><div class="article__meta">'
    '<time class="time" datetime="2026-07-16T17:17:12+07:00" data-time="1784197032">Thứ Năm, ngày 16/07/2026 - 17:17</time>'
    '<meta class="cms-date" itemprop="datePublished" content="2026-07-16T17:17:12+07:00"></div>'
    '<div class="article__body zce-content-body cms-body" itemprop="articleBody">${body}<div class="article__author">'
    '<p class="name">${author}</p><p class="name">${author2}</p></div><div class="article__source"><div class="source">'
    '<span class="name">(${agency})</span></div></div></div><div class="article-footer"></div>' + _AROUND,
    "baotintuc": _HEAD + '<meta property="article:section" content="${sections}"/><meta property="article:tag" content="${k1}"/>'
    '<meta property="article:tag" content="${k2}"/><script type="application/ld+json">{"@type": "NewsArticle",'
    ' "author": {"@type": "Person", "name": "${author}${agency}"}}</script></head><body><form id="form1">'
    '<div class="detail-left"><h1 class="detail-title"> ${headline} </h1><div class="action-link"><div class="date">'
    '<span class="txt"> Thứ Năm, 16/07/2026 17:17</span>&nbsp;|&nbsp;</div></div><div class="content"><h2 class="sapo">${lead}'
    '</h2><div class="content_wrapper"><div class="share share-sticky"><a href="/x">Share</a></div><div class="boxdetail">'
    '<div class="contents"><div id="divfirst">${body}</div><div id="divend"></div></div><div class="author"><strong>${author}'
    "</strong><i> (${agency})</i></div></div></div></div></div></form></body></html>",
    "vietnamvn": _HEAD + '<meta property="og:description" content="${lead}"/><script type="application/ld+json">{"@type":'
    ' "NewsArticle", "headline": "${headline}", "description": "${lead}", "datePublished": "2026-07-16T10:17:12.123Z",'
    ' "author": {"@type": "Organization", "name": "Báo Nhân dân"}}</script></head><body><main><h1>${headline}</h1>'
    "<div><span>Báo Nhân dân</span><span>16/07/2026</span></div><div><p>${lead}</p>${body}<p>Nguồn: "
    "https://nhandan.vn/bai-goc-post1.html</p></div><section><h3>Bình luận (0)</h3></section></main></body></html>",
}  # fmt: skip
# A body of old, as it is stored, is printed in today's shell.
_SHELLS["g3 in g4"] = _SHELLS["g4"]
_ELEMENTS = {
    "g2": _G2, "g3": _G3, "g3b": _G3B, "g4": _G4, "g3 in g4": _G3, "baotintuc": _BAOTINTUC, "vietnamvn": _VIETNAMVN
}  # fmt: skip


class Page(NamedTuple):
    """A page, and the article that it holds."""

    url: str
    html: str
    article: Article
    template: str

    def __str__(self) -> str:
        return f"{self.article.extractor.page}-{self.article.kind}-{self.article.edition}"


class _Site(NamedTuple):
    """What depends on the site and its template."""

    publisher: str
    page: str
    urls: Mapping[str, str]
    #: Where its cards lead.
    card: str


_CARD = "/another-article-post99{number}."
_VNA = {
    "vi": f"https://www.vietnamplus.vn/khanh-thanh-cau-post{ID}.vnp",
    "zh": f"https://zh.vietnamplus.vn/article-post{ID}.vnp",
    "en": f"https://en.vietnamplus.vn/new-bridge-post{ID}.vnp",
}
_NHANDAN = {
    "vi": f"https://nhandan.vn/khanh-thanh-cau-post{ID}.html",
    "zh": f"https://cn.nhandan.vn/article-post{ID}.html",
    "en": f"https://en.nhandan.vn/new-bridge-post{ID}.html",
}
SITES = {
    "g2": _Site("vna", "VnaPage/g2", _VNA, _CARD + "vnp"),
    "g3": _Site("vna", "VnaPage/g3", _VNA, _CARD + "vnp"),
    "g3b": _Site("nhandan", "NhandanPage/g3b", _NHANDAN, _CARD + "html"),
    "g4": _Site("vna", "VnaPage/g4", _VNA, _CARD + "vnp"),
    "g3 in g4": _Site("vna", "VnaPage/g4", _VNA, _CARD + "vnp"),
    "baotintuc": _Site(
        "baotintuc",
        "BaotintucPage/page",
        {"vi": f"https://baotintuc.vn/thoi-su/cau-moi-{ID}.htm"},
        "/a-202607161717120{number:02}.htm",
    ),
    "vietnamvn": _Site(
        "vietnamvn",
        "VietnamvnPage/page",
        {
            "vi": "https://www.vietnam.vn/cau-moi",
            "zh": "https://www.vietnam.vn/zh/cau-moi",
            "en": "https://www.vietnam.vn/en/cau-moi",
        },
        "/another-article",
    ),
}
_EDITIONS = {"nhandan": {"zh": "cn"}}
#: Only today's template and the vendor's mock-ups say what kind of article a page holds.
_SAYS_KIND = {"g3b", "g4", "g3 in g4"}


def pages() -> Iterator[Page]:
    """Yield every page of the table."""
    for template, site in SITES.items():
        for script in site.urls:
            for kind in KINDS:
                yield page(template, kind, STORIES[script])


def page(template: str, kind: Kind, story: Story, url: str | None = None) -> Page:
    """Return the page of *template* that tells *story* as an article of *kind*, at *url* by default its site's."""
    site = SITES[template]
    url = url or site.urls[story.language]
    article = _expected(template, kind, story, url)
    markup = _G3_ZH if _ELEMENTS[template] is _G3 and story.language == "zh" else _ELEMENTS[template]
    body = "\n".join(_print(markup, element, url) for element in elements(kind, story, site.card))
    values = {
        "language": story.language,
        "headline": story.headline,
        "lead": story.lead,
        "page_url": url,
        "keywords": "cầu, sông Hồng",
        "k1": "cầu",
        "k2": "sông Hồng",
        "sections": "Xã hội,Giao thông",
        "mark": f"{kind}-page" if template in _SAYS_KIND else "",
        "author": story.authors[0],
        "author2": story.authors[1],
        "agency": story.agency,
        "body": body,
    }
    return Page(url, Template(_SHELLS[template]).substitute(values), article, template)


class Element(NamedTuple):
    """One element of a story, and what a template needs to print it."""

    name: str
    values: dict[str, Any]


def elements(kind: Kind, story: Story, card: str = "") -> Iterator[Element]:
    """Yield the elements of an article of *kind*, numbered where they are pictures, films or cards."""
    times = iter(TIMES)
    fixed: dict[str, dict[str, Any]] = {
        "heading": {"text": story.heading},
        "bold": {"text": story.bold},
        "note": {"text": story.note},
        "quote": {"text": story.quote},
        "list": {"first": story.items[0], "second": story.items[1]},
        "table": dict(zip("abcd", (*story.cells[0], *story.cells[1]), strict=True)),
        "poll": {"text": story.poll},
        "ad": {},
        "embed": {},
    }
    for number, name in enumerate(KINDS[kind], 1):
        pictures = {
            "url": f"/i/{number}.jpg",
            "url2": f"/i/{number}b.jpg",
            "n": number,
            "headline": story.headline,
        }
        if isinstance(name, int):
            yield Element("paragraph", {"text": story.paragraphs[name]})
        elif name == "time":
            yield Element("time", {"text": next(times)})
        elif name in {"image", "gallery", "bare image"}:
            captions = {"image": story.caption, "gallery": story.gallery, "bare image": ""}
            yield Element(name, {**pictures, "caption": captions[name]})
        elif name == "card":
            yield Element(name, {"text": story.card, "url": card.format(number=number)})
        else:
            yield Element(name, fixed.get(name, {"n": number}))


def _print(markup: Mapping[str, str], element: Element, url: str) -> str:
    values = dict(element.values)
    if element.name == "card":
        values["url"] = _absolute(url, values["url"])
    return Template(markup[element.name]).substitute(values)


def _absolute(page_url: str, path: str) -> str:
    return "/".join(page_url.split("/")[:3]) + path


def _expected(template: str, kind: Kind, story: Story, url: str) -> Article:
    site = SITES[template]
    body: list[TextBlock | MediaBlock] = []
    images: list[Image] = []
    videos: list[Video] = []
    related: list[Related] = []
    shown = _ELEMENTS[template]
    for name, values in elements(kind, story, site.card):
        if name in {"paragraph", "note", "quote"}:
            body.append(TextBlock(type=name, text=values["text"]))  # type: ignore[arg-type]
        elif name in {"heading", "bold", "time"}:
            body.append(TextBlock(type="heading", text=values["text"]))
        elif name == "list":
            body += [TextBlock(type="list_item", text=text) for text in story.items]
        elif name == "table":
            body.append(TextBlock(type="table", text="\n".join(" | ".join(row) for row in story.cells)))
        elif name in {"image", "gallery", "bare image"}:
            for path in [values["url"], values["url2"]][: 2 if name == "gallery" else 1]:
                body.append(MediaBlock(type="image", index=len(images)))
                credit = story.caption_credit if name == "image" else None
                images.append(
                    Image(url=_absolute(url, path), caption=values["caption"] or None, credit=credit)
                )
        elif name in {"video", "embed"}:
            body.append(MediaBlock(type=name, index=len(videos)))  # type: ignore[arg-type]
            source = f"/media/v{values['n']}.mp4" if name == "video" else ""
            videos.append(Video(url=_absolute(url, source) if source else "https://maps.example/embed"))
        elif name == "card" and shown["card"]:
            related.append(Related(url=_absolute(url, values["url"]), headline=values["text"]))
    text = "\n\n".join(block.text for block in body if isinstance(block, TextBlock))
    edition = _EDITIONS.get(site.publisher, {}).get(story.language, story.language)
    article = Article(
        id=f"{site.publisher}:{edition}:{'cau-moi' if template == 'vietnamvn' else ID}",
        url=url,
        canonical_url=url,
        publisher=site.publisher,
        edition=edition,
        language=story.language,
        kind=kind if template in _SAYS_KIND else "article",
        headline=story.headline,
        description=story.lead,
        body=body,
        text=text,
        dateline=story.dateline,
        keywords=["cầu", "sông Hồng"],
        images=images,
        videos=videos,
        related=related,
        flags=["short_body"] if len(text) < 120 else [],
        extractor=Extractor(name="banluu", version=__version__, page=site.page),
    )
    return replace(article, **_fields(template, story, article.flags))


def _fields(template: str, story: Story, flags: list[str]) -> dict[str, Any]:
    """Return what each template says of author, source and dates in its own way."""
    author, second = story.authors
    exact = "2026-07-16T17:17:12+07:00"
    naive = {"date_published": "2026-07-16T17:17:00+07:00", "flags": ["naive_datetime", *flags]}
    return {
        "g2": {"authors": [author], "source": story.agency, "date_published": exact},
        "g3": {"source": story.agency, **naive},
        "g3b": {"authors": [author], "date_published": exact},
        "g4": {
            "authors": [author, second],
            "source": story.agency,
            "date_published": exact,
            "date_modified": "2026-07-16T18:00:00+07:00",
            "sections": ["Xã hội", "Giao thông"],
        },
        "baotintuc": {
            "authors": [author],
            "source": story.agency,
            "sections": ["Xã hội", "Giao thông"],
            **naive,
        },
        "vietnamvn": {
            "source": "Báo Nhân dân",
            "date_published": "2026-07-16T10:17:12.123000+00:00",
            "based_on": "https://nhandan.vn/bai-goc-post1.html",
        },
    }["g4" if template == "g3 in g4" else template]
