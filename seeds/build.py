"""Build the seed pages and `seeds.warc.gz` from the five documents, the same bytes every time.

    python seeds/build.py [FOLDER]     # writes into FOLDER, by default into seeds/

Each document gets the markup that its publisher used. Its labelled lines become headline, lead, captions,
paragraphs and cards; ads, tags and links surround them, as on a real page.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import sys
import tempfile
import tomllib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count, groupby
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from archive import Collection, Exchange, WarcWriter  # noqa: E402
from archive.writer import WriterOptions  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CONFIG: dict[str, Any] = tomllib.loads((HERE / "seeds.toml").read_text("utf-8"))
G3_CAPTION = re.compile(r"(?P<alt>.* ảnh \d+)(?P<caption>.*)")
AD = """<div class="sda_middle"><div id="sdaWeb_SdaArticleMiddle{n}" class="rennab fyi" data-platform="1">
<script>ads.push('middle-{n}');</script></div></div>"""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

Line = tuple[str, str]  # role and text


@dataclass(frozen=True)
class Document:
    """One seed document with its labels and its entry in seeds.toml."""

    name: str
    lines: list[Line]
    info: dict[str, Any]
    labels: dict[str, Any]

    @property
    def url(self) -> str:
        return f"https://{self.info['host']}{self.info['path']}"

    def first(self, role: str) -> str:
        return next(text for r, text in self.lines if r == role)


def documents() -> list[Document]:
    """Return the documents in the order of their names, each with its labelled lines and their roles."""
    found = []
    for path in sorted(HERE.glob("*.txt")):
        texts = path.read_text("utf-8").split("\n")
        labels = json.loads(path.with_suffix(".roles.json").read_text("utf-8"))
        lines = [(role, texts[int(number) - 1].strip()) for number, role in labels["roles"].items()]
        found.append(Document(path.stem, lines, CONFIG["documents"][path.stem], labels))
    return found


# Pages.


def page(document: Document) -> str:
    """Return the HTML page of *document*."""
    build = vietnamvn_page if document.labels["template"] == "vietnamvn" else onecms_page
    return build(document)


def _common(document: Document, author: str) -> dict[str, str]:
    info = document.info
    values = {
        "headline": document.first("headline"),
        "lead": document.first("lead"),
        "url": document.url,
        "sections": info["section"],
        "keywords": ",".join(info["keywords"]),
        "published": info["published"].isoformat(),
        "modified": info["modified"].isoformat(),
        "id": str(info["id"]),
        "language": document.labels["language"],
    }
    json_ld = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": document.url},
        "headline": values["headline"],
        "description": values["lead"],
        "datePublished": values["published"],
        "dateModified": values["modified"],
        "author": {"@type": "Person" if not author else "Organization", "name": author},
        "publisher": {"@type": "Organization", "name": CONFIG["hosts"][info["host"]]["title"]},
    }
    escaped = {name: html.escape(value) for name, value in values.items()}
    return {**escaped, "json_ld": json.dumps(json_ld, ensure_ascii=False, indent=1).replace("<", "\\u003c")}


def onecms_page(document: Document) -> str:
    """Return the page in the OneCMS template of 2025, with the body markup of the document's own time."""
    lines = document.lines
    end = next(n for n, (role, _) in enumerate(lines) if role == "sidebar_heading")
    inner = [line for line in lines[:end] if line[0] not in {"headline", "lead", "source"}]
    number = count(1)
    if document.labels["template"] == "onecms-g4":
        figures = [n for n, line in enumerate(inner[:2]) if line[0] in {"caption", "image_alt"}]
        avatar = _figure(inner[: len(figures)], document, "article__avatar")
        body = _g4_body(inner[len(figures) :], document, number)
    else:
        avatar, body = "", _g3_body(inner, document, number)
    info = document.info
    tags = "\n".join(
        f'<a href="https://{info["host"]}/tag/tag{n}.vnp" title="{t}">#{t}</a>'
        for n, t in enumerate(info["keywords"])
    )
    return _template("onecms-g4").substitute(
        _common(document, ""),
        amp=document.url.removesuffix(".vnp") + ".amp",
        epoch=str(int(info["published"].timestamp())),
        visible_date=f"{info['published']:%d/%m/%Y %H:%M}",
        avatar=avatar,
        body=body,
        source=html.escape(document.first("source")),
        tags=tags,
        more=_more(lines[end:], document),
    )


def _g4_body(lines: list[Line], document: Document, number: Iterator[int]) -> str:
    out = []
    for kind, group in groupby(lines, key=lambda line: _group(line[0])):
        members = list(group)
        if kind == "figure":
            out.append(_figure(members, document, ""))
        elif kind == "card":
            card = "\n".join(_cards(members, document, "h2"))
            out.append(f'<div class="article-relate outset-left" data-source="related-news">\n{card}\n</div>')
        else:
            out += [f"<p>{html.escape(text)}</p>" for _, text in members]
            out.append(AD.format(n=next(number)))
    return "\n".join(out)


def _g3_body(lines: list[Line], document: Document, number: Iterator[int]) -> str:
    out = []
    for role, text in lines:
        escaped = html.escape(text)
        if role == "caption":
            out.append(_g3_photo(text, document))
        elif role == "heading":
            out.append(f"<strong>{escaped}</strong><br/>\n<br/>")
        else:
            out.append(f"{escaped}<br/>\n<br/>")
        if len(out) % 5 == 0:
            out.append(AD.format(n=next(number)))
    wrapper = uuid.uuid5(uuid.NAMESPACE_URL, document.url).hex.upper()
    return f'<div class="ExternalClass{wrapper}">\n' + "\n".join(out) + "\n</div>"


def _g3_photo(text: str, document: Document) -> str:
    match = G3_CAPTION.fullmatch(text)
    if match is None:
        raise ValueError(f"{document.name}: no G3 caption: {text!r}")
    alt, caption = html.escape(match["alt"]), html.escape(match["caption"])
    src = f"https://cdnimgzh.vietnamplus.vn/t1000/uploaded/{_picture(text)}"
    doubled = f"https://cdnimgzh.vietnamplus.vn{src}"
    return (
        f'<div class="article-photo"><div class="article-photo"><img alt="{alt}" title="{alt}" src="{src}"'
        f' class="cms-photo" data-photo-original-src="{doubled}" cms-photo-caption="{caption}"/>'
        f"<span>{caption}</span></div></div>\n<br/>"
    )


def _group(role: str) -> str:
    if role in {"caption", "image_alt"}:
        return "figure"
    return "card" if role.startswith("related_") else "text"


def _figure(lines: list[Line], document: Document, css_class: str) -> str:
    """Return a lazily loaded figure from a caption and an alt text, in either order."""
    texts = dict(lines)
    alt, caption = html.escape(texts.get("image_alt", "")), html.escape(texts["caption"])
    src = f"https://media.{document.info['host']}/images/{_picture(alt + caption)}.avif"
    return (
        f'<figure class="{css_class}"><img class="cms-photo lazyload" src="{PIXEL}" data-src="{src}"'
        f' alt="{alt}" cms-photo-caption="{caption}"/>\n<figcaption>{caption}</figcaption></figure>'
    )


def _picture(text: str) -> str:
    return f"{uuid.uuid5(uuid.NAMESPACE_URL, text).hex}.jpg"


def _cards(lines: list[Line], document: Document, heading: str) -> Iterator[str]:
    """Yield a card for each headline, with the caption before and the teaser after it."""
    caption = ""
    cards: list[dict[str, str]] = []
    for role, text in lines:
        if role == "related_caption":
            caption = text
        elif role == "related_headline":
            cards.append({"headline": text, "caption": caption, "teaser": ""})
            caption = ""
        elif role == "related_teaser":
            cards[-1]["teaser"] = text
    for card in cards:
        url = _related_url(document, card["headline"])
        headline, alt = html.escape(card["headline"]), html.escape(card["caption"])
        teaser = html.escape(card["teaser"])
        yield (
            f'<article class="story"><figure class="story__thumb"><a class="cms-link" href="{url}"'
            f' title="{headline}"><img class="lazyload" src="{PIXEL}" data-src="https://media.vietnamplus.vn/'
            f'images/{_picture(url)}" alt="{alt}"></a></figure>\n<{heading} class="story__heading">'
            f'<a class="cms-link" href="{url}" title="{headline}">{headline}</a></{heading}>\n'
            f'<div class="story__summary"><p>{teaser}</p></div></article>'
        )


def _related_url(document: Document, headline: str) -> str:
    number = 300_000 + uuid.uuid5(uuid.NAMESPACE_URL, headline).int % 100_000
    host = document.info["host"]
    if host == "www.vietnam.vn":
        return f"https://{host}/{document.labels['edition']}/bai-viet-{number}"
    return f"https://{host}/article-post{number}.vnp"


def _more(lines: list[Line], document: Document) -> str:
    heading = html.escape(lines[0][1])
    cards = "\n".join(_cards(lines[1:], document, "h2"))
    return f'<h3 class="box-heading"><span class="title">{heading}</span></h3>\n{cards}'


def vietnamvn_page(document: Document) -> str:
    """Return the page in markup of our own: this site's markup is not published."""
    byline = re.fullmatch(r"(.+)\1(\d\d/\d\d/\d{4})", document.first("byline_date"))
    if byline is None:
        raise ValueError(f"{document.name}: no byline")
    lines = document.lines
    start = next(n for n, (role, _) in enumerate(lines) if role == "byline_date") + 1
    end = next(n for n, (role, _) in enumerate(lines) if role == "comments")
    comments = [text for role, text in lines if role == "comments"]
    return _template("vietnamvn").substitute(
        _common(document, byline[1]),
        vi_url=document.url.replace(f"/{document.labels['edition']}/", "/"),
        site_name=html.escape(document.first("site_name")),
        author=html.escape(byline[1]),
        day=byline[2],
        body="\n".join(_vietnamvn_body(lines[start:end], document)),
        comments="\n".join(f"<p>{html.escape(text)}</p>" for text in comments),
        more=_vietnamvn_more([line for line in lines[end:] if line[0] != "comments"], document),
    )


def _vietnamvn_body(lines: list[Line], document: Document) -> Iterator[str]:
    for kind, group in groupby(lines, key=lambda line: _group(line[0])):
        members = list(group)
        if kind == "figure":
            yield _figure(members, document, "")
            continue
        for role, text in members:
            if role == "source_link":
                word, url = text.split(": ", 1)
                yield f'<p>{word}: <a href="{html.escape(url)}">{html.escape(url)}</a></p>'
            else:
                yield f"<p>{html.escape(text)}</p>"


def _vietnamvn_more(lines: list[Line], document: Document) -> str:
    out = []
    for role, text in lines:
        escaped = html.escape(text)
        if role == "sidebar_heading":
            out.append(f"<h3>{escaped}</h3>")
        elif role == "category":
            path = f"/{document.labels['edition']}/category/{quote(text.lower().replace(' ', '-'))}"
            out.append(f'<p><a href="{path}">{escaped}</a></p>')
        else:
            out.append(f'<p><a href="{_related_url(document, text)}">{escaped}</a></p>')
    return "\n".join(out)


def _template(name: str) -> Template:
    return Template((HERE / "templates" / f"{name}.html").read_text("utf-8"))


# The sitemaps, feeds and listings that announce the pages.


def announcements(host: str, own: list[Document]) -> Iterator[tuple[str, str, str]]:
    """Yield path, content type and text of robots.txt, sitemaps, feed and listing of *host*."""
    info = CONFIG["hosts"][host]
    clock: datetime = CONFIG["archive_clock"]
    root = f"https://{host}"
    robots = "".join(f"Disallow: {path}\n" for path in info["disallow"])
    yield "/robots.txt", "text/plain", f"User-agent: *\n{robots}\nSitemap: {root}{info['sitemap']}\n"
    periods: dict[str, list[Document]] = {}
    for document in own:
        day = document.info["published"].astimezone(ZONE)
        path = info["period"].format(year=day.year, month=day.month, day=day.day)
        periods.setdefault(path, []).append(document)
    index = "".join(
        f"<sitemap><loc>{root}{path}</loc><lastmod>{_lastmod(docs)}</lastmod></sitemap>\n"
        for path, docs in sorted(periods.items())
    )
    yield info["sitemap"], "text/xml", _xml("sitemapindex", index)
    for path, docs in sorted(periods.items()):
        entries = "".join(
            f"<url><loc>{d.url}</loc><lastmod>{d.info['modified'].isoformat()}</lastmod></url>\n"
            for d in docs
        )
        yield path, "text/xml", _xml("urlset", entries)
    # Google's news sitemaps list the last two days; all our pages are older.
    yield info["news_sitemap"], "text/xml", _xml("urlset", "")
    yield info["feed"], "application/rss+xml", _feed(root, info["title"], own, clock)
    cards = "\n".join(card for d in own for card in _listing_cards(d))
    text = _template("listing").substitute(title=info["title"], language=info["language"], cards=cards)
    yield info["listing"], "text/html; charset=utf-8", text


def _lastmod(own: list[Document]) -> str:
    return str(max(d.info["modified"] for d in own).isoformat())


def _xml(root: str, entries: str) -> str:
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">\n{entries}</{root}>\n'


def _feed(root: str, title: str, own: list[Document], clock: datetime) -> str:
    items = "".join(
        f"<item><title>{html.escape(d.first('headline'))}</title><link>{d.url}</link>"
        f"<pubDate>{format_datetime(d.info['published'])}</pubDate></item>\n"
        for d in own
    )
    head = (
        f"<title>{html.escape(title)}</title><link>{root}/</link><pubDate>{format_datetime(clock)}</pubDate>"
    )
    xml = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{xml}\n<rss version="2.0"><channel>{head}\n{items}</channel></rss>\n'


def _listing_cards(document: Document) -> Iterator[str]:
    headline = html.escape(document.first("headline"))
    yield f'<article class="story"><h2><a href="{document.info["path"]}">{headline}</a></h2></article>'


# The archive.


def exchange(host: str, path: str, content_type: str, text: str, moment: datetime) -> Exchange:
    """Return the exchange of a GET request for *path* that was answered with *text* at *moment*."""
    body = text.encode()
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: banluu-seeds\r\n"
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\r\n"
    )
    head = (
        f"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: {format_datetime(moment, usegmt=True)}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    )
    return Exchange(
        url=f"https://{host}{path}",
        method="GET",
        started=moment,
        sent=request.encode(),
        received=head.encode() + body,
        protocols=("http/1.1", "tls/1.3"),
        cipher="TLS_AES_256_GCM_SHA384",
    )


def exchanges() -> list[Exchange]:
    """Return all exchanges of the seeds, the earliest first."""
    everything = documents()
    found = [
        exchange(d.info["host"], d.info["path"], "text/html; charset=utf-8", page(d), d.info["captured"])
        for d in everything
    ]
    moment: datetime = CONFIG["archive_clock"]
    for host in CONFIG["hosts"]:
        own = [d for d in everything if d.info["host"] == host]
        for path, content_type, text in announcements(host, own):
            found.append(exchange(host, path, content_type, text, moment))
            moment += timedelta(seconds=1)
    return sorted(found, key=lambda each: each.started)


def build(folder: Path) -> None:
    """Write pages/ and seeds.warc.gz into *folder*."""
    pages = folder / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    for document in documents():
        (pages / f"{document.name}.html").write_text(page(document), encoding="utf-8")
    numbers = count(1)
    with tempfile.TemporaryDirectory() as temporary:
        collection = Collection(Path(temporary) / "seeds")
        collection.acquire("build")
        writer = WarcWriter(
            collection,
            "seeds",
            {"software": "banluu seeds/build.py", "format": "WARC File Format 1.1"},
            options=WriterOptions(max_bytes=1 << 30, max_age=timedelta(days=1)),
            clock=lambda: CONFIG["archive_clock"].astimezone(UTC),
            new_id=lambda kind: (
                f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'seeds {next(numbers)} {kind}')}>"
            ),
        )
        for each in exchanges():
            writer.write(each)
        writer.close()
        shutil.copyfile(collection.archive / writer.files[0], folder / "seeds.warc.gz")
        collection.release()


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
