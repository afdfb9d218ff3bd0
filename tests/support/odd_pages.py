"""Pages that are no articles, and articles that look odd: each sort × language × site.

Sites print much around what they say: menus, today's date, the latest headlines, the licence. Those of known
publishers are in their own template, at an article's address that they repeat in the head.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, NamedTuple

from tests.support.odd_words import EN, VI, WORDINGS, ZH, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator


class OddPage(NamedTuple):
    """A page; *kinds* are what it may be taken for."""

    sort: str
    site: str
    language: str
    url: str
    html: str
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.sort}-{self.site}-{self.language}"


class Content(NamedTuple):
    """What a page says: its headline, the markup below it, and where an unknown site would keep it."""

    title: str
    body: str
    path: str
    kinds: tuple[str, ...] = ("article",)
    #: The headline as the page shows it; `title` if None.
    h1: str | None = None
    picture: str = ""


NO_ARTICLE = ("listing", "error", "wall", "other", "empty", "challenge")
_CITIES = "Huế Đà_Lạt Sa_Pa Cần_Thơ Vinh Hội_An Nha_Trang Pleiku".replace("_", " ").split(" ")


def headlines(words: Wording, count: int, seed: str) -> list[str]:
    """Return *count* headlines, each with a place or number of its own."""
    chance = random.Random(seed)
    return [f"{chance.choice(words.headlines)} ({chance.randint(2, 90)})" for _ in range(count)]


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _cards(words: Wording, count: int, *, lead: bool, seed: str) -> str:
    chance = random.Random(seed)
    return "".join(
        f'<div class="story"><h3><a href="/a-{number}">{headline}</a></h3><time>{number + 1}/11/2026</time>'
        + (f"<p>{chance.choice(words.sentences)}</p>" if lead else "")
        + "</div>"
        for number, headline in enumerate(headlines(words, count, seed))
    )


def no_articles(words: Wording) -> Iterator[tuple[str, Content]]:
    """Yield the name and the content of each sort of page that is no article."""
    for title, text in words.missing:
        yield "soft 404, short", Content(title, _paragraphs(text), "/xyz-123456.html", ("error",))
    title, text = words.long_missing
    yield "soft 404, long", Content(title, _paragraphs(text), "/news/2026/xyz-123456.html", ("error",))
    for title, text in words.closed:
        yield "maintenance, short", Content(title, _paragraphs(text), "/a-b-c-d-123456.html", ("error",))
    title, text = words.long_closed
    yield "maintenance, long", Content(title, _paragraphs(text), "/news/a-b-c-d-e-123456.html", ("error",))
    form = '<form><input type="text" name="u"><input type="password" name="p"><button>OK</button></form>'
    title, text = words.login
    yield "login wall", Content(title, _paragraphs(text) + form, "/a-b-c-d-123457.html", NO_ARTICLE)
    yield "login wall without a form", Content(title, _paragraphs(text), "/a-b-c-123457.html", NO_ARTICLE)
    title, text = words.paywall
    yield "paywall", Content(title, _paragraphs(text), "/a-b-c-d-123458.html", NO_ARTICLE)
    title, text = words.consent
    yield "consent", Content(title, _paragraphs(text), "/a-b-c-d-123459.html", NO_ARTICLE)
    yield "script shell", Content("", f'<div id="app"></div><p>{words.scripts}</p>', "/x-1.html", NO_ARTICLE)
    yield "empty", Content("", '<div id="app"></div>', "/x-2.html", NO_ARTICLE)
    yield "imprint alone", Content("", f"<footer><p>{words.licence}</p></footer>", "/x-3.html", NO_ARTICLE)
    yield from _lists(words)
    yield from _sites(words)


def _lists(words: Wording) -> Iterator[tuple[str, Content]]:
    plain, led = (_cards(words, 24, lead=lead, seed=f"list {lead}") for lead in (False, True))
    yield "front page", Content(words.site, plain, "/", NO_ARTICLE)
    yield "front page with leads", Content(words.site, led, "/", NO_ARTICLE)
    section = words.menu[1]
    yield "section", Content(section, plain, "/economy/", NO_ARTICLE)
    yield "section with leads", Content(section, led, "/economy/", NO_ARTICLE)
    yield "tag", Content(f"{words.tag}: {words.menu[2]}", led, "/tag/society", NO_ARTICLE)
    author = _paragraphs(words.byline) + led
    yield "author", Content(words.byline, author, "/author/minh-anh", NO_ARTICLE)
    yield "search", Content(f"{words.found}: {words.menu[0]}", led, "/search?q=xyz", NO_ARTICLE)


def _sites(words: Wording) -> Iterator[tuple[str, Content]]:
    """Yield pages of other sites than newspapers; no known publisher has them."""
    cart, name, price, contact = words.shop
    goods = "".join(
        f'<div class="product-item"><a href="/product/{n}"><h3>{name} {n}</h3></a><span class="price">{price}</span>'
        f'<button class="add-to-cart">{cart}</button></div>'
        for n in range(12)
    )
    product = (
        f'<meta property="og:type" content="product"><span class="price">{price}</span><p>{name}</p><p>{name}.</p>'
        f'<button class="add-to-cart">{cart}</button><p>{contact}</p>'
    )
    yield (
        "shop",
        Content(words.menu[3], f'<div class="facets filter">{goods}</div>', "/shop/shirts", NO_ARTICLE),
    )
    yield "product", Content(name, product + goods, "/product/123", NO_ARTICLE)
    *labels, post = words.forum
    posts = "".join(
        f'<div class="post reply"><span class="author userinfo">user{n}</span><time>{n + 1}/11/2026</time>'
        f'<div class="post-content message">{post}</div><span>{labels[0]}</span><span>{labels[-1]}</span></div>'
        for n in range(8)
    )
    yield "forum", Content(words.sentences[3], posts, "/forum/thread-123", NO_ARTICLE)
    title, text = words.manual
    code = "<pre><code>pip install x</code></pre>"
    steps = "".join(f"<h2>{title} {n}</h2><p>{text}</p>{code}" for n in range(6))
    yield "documentation", Content(title, f"<nav>{title}</nav>{steps}", "/docs/install", NO_ARTICLE)
    title, text, call = words.company
    offers = "".join(
        f"<div><h3>{title}</h3><p>{text}</p><a href='/contact'>{call}</a></div>" for _ in range(5)
    )
    yield "service", Content(title, offers, "/services", NO_ARTICLE)


def articles(words: Wording) -> Iterator[tuple[str, Content]]:
    """Yield the name and the content of each sort of article."""
    one, two, three, four, five, six = words.sentences
    head = words.headlines
    picture = f'<figure><img src="/i/1.jpg"><figcaption>{words.caption}</figcaption></figure>'
    yield "flash of two sentences", Content(head[0], _paragraphs(f"{one} {two}"), "/flash-of-a-day-1001.html")
    yield "flash of one sentence", Content(head[1], _paragraphs(one), "/news/flash-of-a-day-1002.html")
    for number, headline in enumerate(words.about_errors):
        text = _paragraphs(f"{headline}. {two}", three)
        yield "news about errors", Content(headline, text, f"/news/it-was-down-for-{number}-100{number}.html")
        flash = _paragraphs(f"{headline}. {three}")
        yield "flash about errors", Content(headline, flash, f"/news/it-was-down-{number}-101{number}.html")
    pictures = "".join(
        f'<figure><img src="/i/{n}.jpg"><figcaption>{words.caption} {n}</figcaption></figure>'
        for n in range(9)
    )
    yield "photo story", Content(head[2], _paragraphs(one) + pictures, "/photos/one-day-in-1003.html")
    film = '<video controls><source src="/v.mp4"></video>'
    yield "video", Content(head[3], film, "/video/one-day-in-the-life-1004.html", picture="video")
    rows = "".join(
        f"<tr><td>{name}</td><td>{n * 7 % 5}-{n % 3}</td></tr>" for n, name in enumerate(words.menu)
    )
    table = f"{_paragraphs(one)}<table>{rows}</table>{_paragraphs(two)}"
    yield "sports results", Content(head[3], table, "/sports/results-of-the-day-1005.html")
    times = "".join(f"<p><b>{8 + n}:{n}5</b></p><p>{text}</p>" for n, text in enumerate(words.sentences))
    yield "live ticker", Content(head[4], times, "/live/storm-number-nine-1006.html")
    talk = "".join(
        f"<p><b>– {q}?</b></p><p>{a}</p>" for q, a in zip(words.headlines, words.sentences, strict=True)
    )
    yield "interview", Content(head[5], talk, "/talks/with-a-farmer-of-dalat-1007.html")
    verses = "<br>".join(text[: len(text) // 2] for text in words.sentences * 2)
    yield "poem", Content(head[5], f"<p>{verses}</p>", "/culture/a-poem-for-the-river-1008.html")
    items = "".join(f"<li>{text}</li>" for text in words.sentences)
    listed = f"{_paragraphs(one)}<ol>{items}</ol>"
    yield "list", Content(head[1], listed, "/life/six-things-to-know-1009.html")
    recipe = f"<h2>{words.menu[7]}</h2><ul>{items}</ul><h2>{words.menu[3]}</h2>{_paragraphs(four, five, six)}"
    yield "recipe", Content(head[5], recipe, "/food/noodles-as-in-hanoi-1010.html")
    signs = "".join(
        f"<h3>{name}</h3><p>{text}</p>" for name, text in zip(words.menu, words.sentences * 2, strict=False)
    )
    yield "horoscope", Content(head[1], signs, "/life/horoscope-of-the-day-1011.html")
    names = ("letter", "obituary", "correction", "weather")
    for number, (name, (title, text)) in enumerate(zip(names, words.pieces, strict=True)):
        yield name, Content(title, _paragraphs(text), f"/news/{name}-of-the-day-{2000 + number}.html")
    quoted = f"<blockquote>{one}</blockquote>{_paragraphs(two, three)}{picture}{_paragraphs(four)}"
    yield "quotations and a picture", Content(head[0], quoted, "/opinion/what-they-say-of-it-1012.html")


def _frame(words: Wording, inside: str, seed: str) -> str:
    """Return *inside* with what newspapers print around it."""
    menu = "".join(f'<li><a href="/{n}/">{name}</a></li>' for n, name in enumerate(words.menu))
    latest = "".join(
        f'<li><a href="/x-{n}">{headline}</a><span>{n + 1}/11/2026</span></li>'
        for n, headline in enumerate(headlines(words, 20, seed))
    )
    return (
        f'<header><div class="top-bar"><span class="today">{words.today}</span></div><nav><ul>{menu}</ul></nav>'
        f'</header><main>{inside}</main><aside class="sidebar"><ul>{latest}</ul></aside>'
        f"<footer><p>{words.licence}</p></footer>"
    )


def _head(words: Wording, title: str, url: str, og_type: str, more: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="{words.code}"><head><meta charset="utf-8"><title>{title or words.site}</title>'
        f'<link rel="canonical" href="{url}"><meta property="og:url" content="{url}">'
        f'<meta property="og:type" content="{og_type}">{more}</head>'
    )


def _unknown(words: Wording, content: Content, *, bare: bool, number: int) -> tuple[str, str]:
    """Return address and page of a site without rules that tells nothing about an article."""
    url = f"https://www.redriver{words.code}.example{content.path}"
    h1 = content.title if content.h1 is None else content.h1
    headline = f"<h1>{h1}</h1>" if h1 else ""
    if bare:
        title = content.title or words.site
        return url, f"<html><head><title>{title}</title></head><body>{headline}{content.body}</body></html>"
    head = _head(words, f"{content.title} - {words.site}", url, ("article", "website")[number % 2])
    return url, f"{head}<body>{_frame(words, headline + content.body, content.path)}</body></html>"


#: Of each known site: an article's address, headline and body in its markup.
KNOWN = {
    "vna": (
        "https://{host}.vietnamplus.vn/article-post1234567.vnp",
        '<h1 class="article__title cms-title">{title}</h1>{date}',
        '<div class="article__body zce-content-body cms-body" itemprop="articleBody">{body}</div>',
    ),
    "nhandan": (
        "https://nhandan.vn/article-post123456.html",
        '<h1 class="article__header cms-title">{title}</h1>{date}',
        '<div class="article__body cms-body">{body}</div>',
    ),
    "baotintuc": (
        "https://baotintuc.vn/thoi-su/a-b-20261126081500123.htm",
        '<h1 class="detail-title">{title}</h1>{date}',
        '<div class="boxdetail"><div class="contents">{body}</div></div>',
    ),
    "vietnamvn": ("https://www.vietnam.vn/mot-bai-bao", "<h1>{title}</h1>{date}", "<div>{body}</div>"),
}
_HOSTS = {"vi": "www"}


def _known(
    site: str, words: Wording, content: Content, *, number: int, more: str = "", date: str = ""
) -> tuple[str, str]:
    address, top, below = KNOWN[site]
    url = address.format(host=_HOSTS.get(words.code, words.code if words.code != "ko" else "en"))
    h1 = content.title if content.h1 is None else content.h1
    inside = top.format(title=h1, date=date) + below.format(body=content.body)
    head = _head(words, f"{content.title} | {words.site}", url, ("article", "website")[number % 2], more)
    return url, f"{head}<body>{_frame(words, inside, content.path)}</body></html>"


def pages_without_article() -> Iterator[OddPage]:
    """Yield pages that are no articles."""
    for words in WORDINGS:
        for number, (sort, content) in enumerate(no_articles(words)):
            for bare in (False, True):
                url, html = _unknown(words, content, bare=bare, number=number)
                yield OddPage(sort, "bare" if bare else "unknown", words.code, url, html, content.kinds)
            if sort in {"shop", "product", "forum", "documentation", "service"}:
                continue
            for site in KNOWN:
                url, html = _known(site, words, content, number=number)
                yield OddPage(sort, site, words.code, url, html, content.kinds)
    url, html = _known(
        "vna", VI, next(content for sort, content in articles(VI) if sort == "interview"), number=0
    )
    yield OddPage("cut", "vna", "vi", url, html[: html.index("</p>")], ("cut",))


def one_notice(words: Wording, title: str, text: str) -> Iterator[OddPage]:
    """Yield the pages of all sites that say *title* and *text* and nothing else."""
    content = Content(title, _paragraphs(text), "/news/2026/a-b-c-d-123456.html", NO_ARTICLE)
    for bare in (False, True):
        yield OddPage(
            "notice", "unknown", words.code, *_unknown(words, content, bare=bare, number=0), content.kinds
        )
    for site in KNOWN:
        yield OddPage("notice", site, words.code, *_known(site, words, content, number=0), content.kinds)


def one_flash(words: Wording, title: str, text: str) -> Iterator[OddPage]:
    """Yield the pages of all sites that have *text* as an article."""
    content = Content(title, _paragraphs(text), "/news/2026/a-b-c-d-123456.html")
    for number in (0, 2):
        yield OddPage("flash", "unknown", words.code, *_news(words, content, number), content.kinds)
    for site in KNOWN:
        page = _known(site, words, content, number=0, date=_date(site))
        yield OddPage("flash", site, words.code, *page, content.kinds)


def _date(site: str) -> str:
    if site == "baotintuc":
        return '<div class="action-link"><div class="date"><span class="txt">Thứ Tư, 25/11/2026 17:17</span></div></div>'
    return '<time class="time" datetime="2026-11-25T17:17:12+07:00">25/11/2026 17:17</time>'


def odd_articles() -> Iterator[OddPage]:
    """Yield articles that look odd."""
    for words in WORDINGS:
        for number, (sort, content) in enumerate(articles(words)):
            url, html = _news(words, content, number)
            yield OddPage(sort, "unknown", words.code, url, html, content.kinds)
            for site in KNOWN if words in (VI, ZH, EN) else ("vna", "vietnamvn"):
                date = _date(site)
                url, html = _known(
                    site, words, content, number=0, date=date, more=_published(content) * (number % 2)
                )
                yield OddPage(sort, site, words.code, url, html, content.kinds)


def _published(content: Content) -> str:
    ld = {"@type": "NewsArticle", "headline": content.title, "datePublished": "2026-11-25T17:17:12+07:00"}
    return (
        '<meta property="article:published_time" content="2026-11-25T17:17:12+07:00">'
        f'<script type="application/ld+json">{json.dumps(ld)}</script>'
    )


def _news(words: Wording, content: Content, number: int) -> tuple[str, str]:
    """Return address and page of an article on a site without rules, which tells of it in one way or another."""
    url = f"https://www.redriver{words.code}.example{content.path}"
    date = f'<div class="meta"><span class="byline">{words.byline}</span> <span>25/11/2026 17:17</span></div>'
    above, below = (date, "") if number % 3 == 2 else ("", date)
    film = '<meta property="og:type" content="video.other">' if content.picture == "video" else ""
    more = film + (_published(content) if number % 3 == 2 or film else "")
    inside = f"<article>{above}<h1>{content.title}</h1>{below}{content.body}</article>"
    head = _head(words, f"{content.title} - {words.site}", url, "article", more)
    return url, f"{head}<body>{_frame(words, inside, content.path)}</body></html>"
