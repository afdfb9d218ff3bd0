"""A week of a publisher on loopback, in which everything happens that is no edit, and some that are.

Nights of maintenance, soft 404s, an edit that halves an article, a text that stands for twenty minutes, redirects,
a CDN that answers 304 to a changed page, and a weekend on which the host is out of order.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.support.publisher import START
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from pathlib import Path

HOST = "zh.vietnamplus.vn"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY, SATURDAY, MONDAY = (START + n * DAY for n in (1, 2, 3, 5, 7))
_WORDS = (
    "Hà Nội minister visit economy growth trade river bridge school harvest export city people party"
    " road market ferry council doctor teacher station forest island factory"
).split()


@dataclass
class Story:
    """An article: its texts and when each begins to stand, and what answers instead of it, and when."""

    number: int
    published: datetime
    #: (when, how many paragraphs, which wording)
    texts: list[tuple[datetime, int, int]]
    #: (from, until, what): "error", "gone", "redirect".
    instead: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    #: The CDN calls it unchanged whatever happened.
    stale: bool = False

    @property
    def id(self) -> str:
        return f"vna:zh:{self.number}"

    @property
    def path(self) -> str:
        return f"/title-post{self.number}.vnp"

    def text(self, now: datetime) -> str:
        _, paragraphs, wording = [each for each in self.texts if each[0] <= now][-1]
        words = random.Random(f"{self.id} {wording}")
        return "\n\n".join(
            " ".join(words.choices(_WORDS, k=30)).capitalize() + "." for _ in range(paragraphs)
        )

    def lastmod(self, now: datetime) -> str:
        """Return what the sitemap says; a CDN that serves the old page tells no newer date."""
        edited = [when for when in self.edits() if when <= now and not self.stale]
        return (edited[-1] if edited else self.published).isoformat()

    def edits(self) -> list[datetime]:
        return [when for when, *_ in self.texts[1:]]

    def answer(self, now: datetime) -> str | None:
        return next((what for begin, end, what in self.instead if begin <= now < end), None)


def stories() -> dict[str, Story]:
    """Return the stories of the week by what becomes of them."""
    forever = START + 99 * DAY

    def story(number: int, *later: tuple[datetime, int, int], **given: object) -> Story:
        published = START + number * 3 * HOUR
        return Story(3_000_000 + number, published, [(published, 6, 0), *later], **given)  # type: ignore[arg-type]

    named = {
        "plain": story(0),
        "corrected": story(1, (TUESDAY + 9 * HOUR, 6, 1)),
        "taken down": story(2, instead=[(TUESDAY + 10 * HOUR, forever, "gone")]),
        "soft 404": story(3, instead=[(TUESDAY + 10 * HOUR, forever, "error")]),
        "soft 404 for hours": story(4, instead=[(TUESDAY + 10 * HOUR, TUESDAY + 15 * HOUR, "error")]),
        "halved": story(5, (WEDNESDAY + 9 * HOUR, 2, 0)),
        "reverted": story(
            6, (WEDNESDAY + 12 * HOUR, 1, 7), (WEDNESDAY + 12 * HOUR + timedelta(minutes=20), 6, 0)
        ),
        "redirected": story(7, instead=[(THURSDAY + 6 * HOUR, forever, "redirect")]),
        "changed behind 304": story(8, (WEDNESDAY + 20 * HOUR, 6, 3), stale=True),
    }
    return named | {f"new {number}": story(number) for number in range(9, 56)}


class Week:
    """The publisher; `now` is told by the crawls through the file `offset`."""

    def __init__(self, folder: Path) -> None:
        self.offset = folder / "offset"
        self.offset.write_text("0")
        self.stories = stories()
        self._by_path = {story.path: story for story in self.stories.values()}
        #: What was served for each story: the moment and the text.
        self.served: dict[str, list[tuple[datetime, str]]] = {}
        self.server = WireServer(lambda *_: Answer(b""), tls=tls_context(folder), reply=self.reply)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.offset.read_text() or 0))

    def reply(self, _host: str, path: str, request: bytes) -> Answer:
        now = self.now()
        status, headers, body = self._answer(path, request, now)
        headers = {"Date": format_datetime(now, usegmt=True), "Content-Length": str(len(body)), **headers}
        if status == 304:
            del headers["Content-Length"]
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return Answer(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)

    def _answer(self, path: str, request: bytes, now: datetime) -> tuple[int, dict[str, str], bytes]:
        if path == "/robots.txt":
            return 200, {}, b"User-agent: *\nAllow: /\n"
        html = {"Content-Type": "text/html; charset=utf-8"}
        if SATURDAY <= now < MONDAY:
            # Everything is called missing, with the one status or the other.
            return 404 if now.hour % 2 else 200, html, _ERROR
        if path.endswith("/google-news.xml"):
            return 200, {"Content-Type": "text/xml"}, self._sitemap(now)
        if path.endswith((".xml", ".rss")):
            return 200, {"Content-Type": "text/xml"}, b"<urlset></urlset>"
        story = self._by_path.get(path)
        if story is None or story.published > now:
            return (200, html, _FRONT) if path == "/" else (404, html, _ERROR)
        if now.hour < 3:
            return 200, html, _LONG_MAINTENANCE if now.day % 2 else _SHORT_MAINTENANCE
        return self._story(story, request, now, html)

    def _story(
        self, story: Story, request: bytes, now: datetime, html: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        instead = story.answer(now)
        if instead == "gone":
            return 410, html, _ERROR
        if instead == "error":
            return 200, html, _ERROR
        if instead == "redirect":
            return 302, {"Location": self.stories["plain"].path}, b""
        if story.stale:
            html = {**html, "ETag": '"as ever"'}
            if b"If-None-Match" in request:
                return 304, html, b""
        self.served.setdefault(story.id, []).append((now, story.text(now)))
        return 200, html, _page(story, now)

    def _sitemap(self, now: datetime) -> bytes:
        urls = (
            f"<url><loc>https://{HOST}{story.path}</loc><lastmod>{story.lastmod(now)}</lastmod></url>"
            for story in self.stories.values()
            if story.published <= now
        )
        return f"<urlset>{''.join(urls)}</urlset>".encode()


def _page(story: Story, now: datetime) -> bytes:
    paragraphs = "".join(f"<p>{text}</p>" for text in story.text(now).split("\n\n"))
    moment, url = story.published.isoformat(), f"https://{HOST}{story.path}"
    return (
        f'<html lang="zh"><head><title>Title {story.number}</title><link rel="canonical" href="{url}"></head><body>'
        f'<h1 class="article__title cms-title">Title {story.number} of the day</h1>'
        f'<time class="time" datetime="{moment}">{moment}</time>'
        f'<div class="article__sapo cms-desc"><p>What story {story.number} is about.</p></div>'
        f'<div class="article__body zce-content-body cms-body" itemprop="articleBody">{paragraphs}</div>'
        f'<div class="article-footer"><div class="related-news">Seen {now}</div></div></body></html>'
    ).encode()


def _shell(title: str, body: str) -> bytes:
    menu = "".join(
        f'<li><a href="/{name}/">{name.title()}</a></li>' for name in ("politics", "world", "sports")
    )
    return (
        f'<html lang="zh"><head><title>{title}</title></head><body><ul class="menu">{menu}</ul>{body}'
        "<footer>VietnamPlus, editor in chief: Lan</footer></body></html>"
    ).encode()


_ERROR = _shell(
    "404 - 页面不存在", "<h1>页面不存在</h1><p>抱歉，您访问的页面不存在或已被删除。请返回首页继续浏览。</p>"
)
_SHORT_MAINTENANCE = _shell("系统维护", "<h1>系统维护中</h1><p>网站正在维护，请稍后再访问。</p>")
_LONG_MAINTENANCE = _shell(
    "系统维护",
    "<h1>系统维护中</h1>"
    + "<p>为了给读者提供更好的服务，本网站今晚零时至三时进行系统维护，期间无法访问，敬请谅解，感谢您的支持。</p>"
    * 4,
)
_FRONT = _shell(
    "VietnamPlus",
    "".join(
        f'<div class="card"><h3><a href="/a-post{n}.vnp">A headline of today, number {n}</a></h3></div>'
        for n in range(30)
    ),
)
