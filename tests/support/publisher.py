"""A publisher that is not there: a month of news on a loopback server, with a clock of its own.

Two editions of VietnamPlus with all that goes wrong in a month: corrections, reversions, removals, returns, moved
addresses, outages of sitemaps and feeds, spells of 403, failing and slow answers, a clock that is off.
"""

from __future__ import annotations

import hashlib
import random
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 6, 1, tzinfo=UTC)
EDITIONS = {"zh": "zh.vietnamplus.vn", "en": "en.vietnamplus.vn"}
_WORDS = (
    "Hà Nội minister visit economy growth trade river bridge school harvest export city people party".split()
)
_NEWS = timedelta(days=2)  # what a news sitemap goes back


@dataclass
class Story:
    """An article and what becomes of it."""

    number: int
    edition: str
    published: datetime
    #: When its text changed, and to which version; the first is version 0.
    versions: list[tuple[datetime, int]]
    #: The address changes then.
    moved: datetime | None = None
    removed: datetime | None = None
    returned: datetime | None = None
    #: Its surroundings are other ones each time it is served.
    restless: bool = False
    #: So many of the first answers for it fail.
    fails: int = 0

    @property
    def host(self) -> str:
        return EDITIONS[self.edition]

    @property
    def id(self) -> str:
        return f"vna:{self.edition}:{self.number}"

    def version(self, now: datetime) -> int:
        return [version for moment, version in self.versions if moment <= now][-1]

    def lastmod(self, now: datetime) -> datetime:
        return max(moment for moment, _ in self.versions if moment <= now)

    def is_gone(self, now: datetime) -> bool:
        return (
            self.removed is not None
            and self.removed <= now
            and not (self.returned is not None and self.returned <= now)
        )

    def path(self, now: datetime) -> str:
        slug = "new-title" if self.moved and self.moved <= now else "title"
        return f"/{slug}-post{self.number}.vnp"

    def text(self, version: int) -> list[str]:
        words = random.Random(f"{self.id} {version // 100}")
        paragraphs = [" ".join(words.choices(_WORDS, k=40)).capitalize() + "." for _ in range(4)]
        # A correction is a word or two.
        paragraphs[1] += f" {version} dead in all." if version else ""
        return paragraphs


@dataclass
class Served:
    """What was answered for a story's page."""

    story: Story
    moment: datetime
    status: int
    version: int | None
    run: int


@dataclass
class Publisher:
    """The month of *days* with so many stories *a_day*; `asked` logs each answer for a story."""

    folder: Path
    days: int = 30
    a_day: int = 20
    asked: list[Served] = field(default_factory=list)
    #: Which run is on, for the log.
    run: int = 0
    #: Called with each request's host and path before it is answered.
    watcher: object = None

    def __post_init__(self) -> None:
        self.offset = self.folder / "offset"
        self.offset.write_text("0")
        chance = random.Random(20260601)
        self.stories = {}
        for number in range(self.days * self.a_day):
            story = self._story(number, chance)
            self.stories[story.host, story.number] = story
        self._lock = threading.Lock()
        self.requests: list[tuple[datetime, float, str, str, int]] = []
        # Stretches of the month: what does not work in them.
        day = timedelta(days=1)
        self.outages = {
            "sitemap": (START + 5 * day, START + 5.6 * day),
            "feed": (START + 9 * day, START + 11 * day),
            "refusal": (START + 14 * day, START + 14.4 * day),
            "robots": (START + 18 * day, START + 18.3 * day),
            "error": (START + 21 * day, START + 21.2 * day),
        }
        #: The server's own clock goes wrong by this in the last third of the month.
        self.skew = timedelta(minutes=-50)
        self.server = WireServer(lambda *_: Answer(b""), tls=tls_context(self.folder), reply=self.reply)

    def _story(self, number: int, chance: random.Random) -> Story:
        published = START + timedelta(days=number // self.a_day, seconds=chance.randrange(86_000))
        versions, version = [(published, 0)], 0
        kind = chance.random()
        if kind < 0.2:
            for nth in range(chance.randint(1, 3)):
                version = nth + 1
                versions.append((versions[-1][0] + timedelta(minutes=chance.randint(5, 900)), version))
        if kind < 0.05:
            # Back to what it said at first.
            versions.append((versions[-1][0] + timedelta(hours=chance.randint(3, 40)), 0))
        story = Story(2_000_000 + number, chance.choice(sorted(EDITIONS)), published, versions)
        if 0.2 <= kind < 0.25:
            story.removed = published + timedelta(hours=chance.randint(8, 60))
            if kind < 0.23:
                story.returned = story.removed + timedelta(hours=chance.randint(30, 90))
        if 0.25 <= kind < 0.3:
            story.moved = published + timedelta(hours=chance.randint(2, 30))
        story.restless = 0.3 <= kind < 0.6
        story.fails = chance.randint(1, 3) if 0.6 <= kind < 0.65 else 0
        return story

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.offset.read_text() or 0))

    def is_out(self, what: str, now: datetime) -> bool:
        begin, end = self.outages[what]
        return begin <= now < end

    def reply(self, host: str, path: str, request: bytes) -> Answer:
        now = self.now()
        if callable(self.watcher):
            self.watcher(host, path)
        status, headers, body = self._answer(host, path, request, now)
        with self._lock:
            self.requests.append((now, datetime.now(UTC).timestamp(), host, path, status))
        theirs = now + (self.skew if now > START + timedelta(days=self.days * 2 / 3) else timedelta())
        headers = {"Date": format_datetime(theirs, usegmt=True), "Content-Length": str(len(body)), **headers}
        if status == 304:
            del headers["Content-Length"]
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return Answer(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)

    def _answer(
        self, host: str, path: str, request: bytes, now: datetime
    ) -> tuple[int, dict[str, str], bytes]:
        if path == "/robots.txt":
            rules = b"User-agent: *\nDisallow: /api/\n"
            return (503, {}, b"") if self.is_out("robots", now) else (200, {}, rules)
        if self.is_out("refusal", now):
            return 403, {}, b"go away"
        if self.is_out("error", now):
            return 500, {}, b"oops"
        if "-post" in path:
            return self._page(
                self.stories.get((host, int(path.partition("-post")[2][:-4]))), path, request, now
            )
        if "sitemap" in path and self.is_out("sitemap", now):
            return 503, {}, b""
        if path.startswith("/rss") and self.is_out("feed", now):
            return 200, {"Content-Type": "text/html"}, b"<p>This feed is being mended</p>"
        if path == "/":
            return 200, {"Content-Type": "text/html"}, b"<p>Welcome</p>"
        if host not in EDITIONS.values():
            return 404, {}, b""
        return self._announcing(host, path, request, now)

    def _announcing(
        self, host: str, path: str, request: bytes, now: datetime
    ) -> tuple[int, dict[str, str], bytes]:
        known = [s for s in self.stories.values() if s.host == host and s.published <= now]
        skew = self.skew if now > START + timedelta(days=self.days * 2 / 3) else timedelta()
        if path == "/sitemap.xml":
            months = sorted({(s.published.year, s.published.month) for s in known})
            entries = []
            for year, month in months:
                latest = max(
                    s.lastmod(now) for s in known if (s.published.year, s.published.month) == (year, month)
                )
                entries.append(
                    f"<sitemap><loc>https://{host}/sitemaps/news-{year}-{month}.xml</loc>"
                    f"<lastmod>{(latest + skew).isoformat()}</lastmod></sitemap>"
                )
            return _xml(f"<sitemapindex>{''.join(entries)}</sitemapindex>", request)
        if path.startswith("/sitemaps/news-"):
            year, month = map(int, path[len("/sitemaps/news-") : -4].split("-"))
            chosen = [s for s in known if (s.published.year, s.published.month) == (year, month)]
        elif path == "/sitemaps/google-news.xml":
            chosen = [s for s in known if s.published > now - _NEWS]
        elif path == "/rss/home.rss":
            items = sorted(known, key=lambda s: s.published)[-30:]
            text = "".join(
                f"<item><link>https://{host}{s.path(now)}</link>"
                f"<pubDate>{format_datetime(s.published + skew)}</pubDate></item>"
                for s in items
            )
            return _xml(f"<rss><channel>{text}</channel></rss>", request)
        else:
            return 404, {}, b""
        text = "".join(
            f"<url><loc>https://{host}{s.path(now)}</loc>"
            f"<lastmod>{(s.lastmod(now) + skew).isoformat()}</lastmod></url>"
            for s in chosen
        )
        return _xml(f"<urlset>{text}</urlset>", request)

    def _page(
        self, story: Story | None, path: str, request: bytes, now: datetime
    ) -> tuple[int, dict[str, str], bytes]:
        if story is None or story.published > now:
            return 404, {}, b""
        status, headers, body, version = self._story_page(story, path, request, now)
        with self._lock:
            self.asked.append(Served(story, now, status, version, self.run))
        return status, headers, body

    def _story_page(
        self, story: Story, path: str, request: bytes, now: datetime
    ) -> tuple[int, dict[str, str], bytes, int | None]:
        if story.is_gone(now):
            return 410, {}, b"gone", None
        if story.fails:
            story.fails -= 1
            return 500, {}, b"", None
        if path != story.path(now):
            return 301, {"Location": f"https://{story.host}{story.path(now)}"}, b"", None
        version = story.version(now)
        around = str(now.timestamp()) if story.restless else "the same as ever"
        body = _html(story, version, around).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if f"If-None-Match: {tag}".encode() in request:
            return 304, {"ETag": tag}, b"", version
        return 200, {"Content-Type": "text/html; charset=utf-8", "ETag": tag}, body, version


def _xml(text: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    if f"If-None-Match: {tag}".encode() in request:
        return 304, {"ETag": tag}, b""
    return 200, {"Content-Type": "text/xml", "ETag": tag}, text.encode()


def _html(story: Story, version: int, around: str) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in story.text(version))
    moment = story.published.isoformat()
    return (
        f'<html lang="{story.edition}"><head><title>Title {story.number}</title></head><body>'
        f'<h1 class="article__title cms-title">Title {story.number} of the day</h1>'
        f'<time class="time" datetime="{moment}">{moment}</time>'
        f'<div class="article__sapo cms-desc"><p>What story {story.number} is about.</p></div>'
        f'<div class="article__body zce-content-body cms-body" itemprop="articleBody">{paragraphs}</div>'
        f'<div class="article-footer"><div class="related-news">Seen {around}</div></div></body></html>'
    )
