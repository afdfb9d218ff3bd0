"""What a server's own log says of our manners: how often, how many at once, and when not at all."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from crawler.domains import site_of
from crawler.downloader.politeness import retry_after
from tests.support.crawls import FAST, Crawl, crawl
from tests.support.publisher import EDITIONS
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGE = (
    b'<html><body><h1 class="article__title cms-title">A title</h1><div class="article__body cms-body">'
    b"<p>Some text that is long enough to be a paragraph of an article, and then some more of it.</p></div>"
)
CHALLENGE = b"<html><body><script>document.cookie='D1N=1234567890abcdef';window.location.reload()</script></body></html>"


def _answer(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> Answer:
    head = b"HTTP/1.1 %b\r\nContent-Type: text/html\r\n%bContent-Length: %d\r\n\r\n"
    return Answer(head % (status, more, len(body)) + body)


def test_a_robots_txt_that_cannot_be_had_is_told_in_a_line(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path, FAST, urls="http://127.0.0.1:1/a-post1.vnp")
    told = "http://127.0.0.1:1/robots.txt cannot be fetched (DownloadConnectionRefusedError): nothing of its host is"
    assert told in ended.err
    assert "Traceback" not in ended.err


class Site:
    """Two editions with some articles each; `special` answers before anything else does."""

    def __init__(self, folder: Path, count: int = 3) -> None:
        self.folder = folder
        self.special: Callable[[str, str], Answer | None] = lambda _host, _path: None
        self.robots = _answer(b"User-agent: *\nDisallow: /api/\n")
        #: When each request came, and for what.
        self.log: list[tuple[float, str, str]] = []
        self.most = 0
        self.slow = 0.0
        self._count = count
        self._active = 0
        self._lock = threading.Lock()
        self.server = WireServer(lambda *_: Answer(b""), tls=tls_context(folder), reply=self._reply)

    def _reply(self, host: str, path: str, _request: bytes) -> Answer:
        with self._lock:
            self.log.append((time.monotonic(), host, path))
            self._active += 1
            self.most = max(self.most, self._active)
        if self.slow:
            threading.Event().wait(self.slow)
        answer = self.special(host, path) or self._usual(host, path)
        with self._lock:
            self._active -= 1
        return answer

    def _usual(self, host: str, path: str) -> Answer:
        if path == "/robots.txt":
            return self.robots
        if path == "/sitemaps/google-news.xml":
            now = datetime.now(UTC).isoformat()
            urls = "".join(
                f"<url><loc>https://{host}/a-post{number}.vnp</loc><lastmod>{now}</lastmod></url>"
                for number in range(self._count)
            )
            return _answer(f"<urlset>{urls}</urlset>".encode())
        if "-post" in path:
            return _answer(PAGE)
        return _answer(b"<urlset></urlset>" if path != "/" else b"<p>Welcome</p>")

    def crawl(self, settings: dict[str, Any] | None = None, **given: Any) -> Crawl:
        proxy = f"http://127.0.0.1:{self.server.port}"
        environment = {"http_proxy": proxy, "https_proxy": proxy}
        given.setdefault("edition", "zh,en")
        return crawl(
            "vna",
            self.folder / "c",
            {**FAST, "RETRY_TIMES": 1, **(settings or {})},
            environment=environment,
            **given,
        )

    def asked(self, part: str = "") -> list[str]:
        return [path for _, _, path in self.log if part in path]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    with site.server:
        yield site


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"120", 120),
        (b"0", 0),
        (format_datetime(datetime(2026, 1, 1, 12, 5, tzinfo=UTC), usegmt=True).encode(), 300),
        (format_datetime(datetime(2026, 1, 1, 11, 0, tzinfo=UTC), usegmt=True).encode(), 0),
        (b"99999999999999999999", 86_400),
        (b"-5", None),
        (b"soon", None),
        (b"\xff\x00", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(value: bytes | None, expected: int | None) -> None:
    found = retry_after(value, datetime(2026, 1, 1, 12, 0, tzinfo=UTC))
    assert found == (None if expected is None else timedelta(seconds=expected))


def test_editions_are_one_site() -> None:
    assert {site_of(f"https://{host}/x") for host in EDITIONS.values()} == {"vietnamplus.vn"}
    assert site_of("https://www.example.co.uk/") == "example.co.uk"
    assert site_of("http://127.0.0.1:8000/") == "127.0.0.1"


def test_crawl_delay_is_kept(site: Site) -> None:
    site.robots = _answer(b"User-agent: *\nCrawl-delay: 0.7\n")
    site.crawl({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": True}, edition="zh")
    times = [moment for moment, _, path in site.log if path != "/robots.txt"]
    assert len(times) >= 6
    # Between the sockets of two processes a request may be a moment late, and the next one on time.
    assert min(b - a for a, b in pairwise(times)) > 0.65


def test_no_more_at_once_than_allowed_over_all_editions(site: Site) -> None:
    site.slow = 0.15
    ended = site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 2})
    assert len(ended.items) == 6
    assert site.most == 2


def test_a_short_retry_after_is_waited_for(site: Site) -> None:
    answered: list[float] = []

    def busy_once(_host: str, path: str) -> Answer | None:
        if "-post" in path and not answered:
            answered.append(time.monotonic())
            return _answer(b"", b"429 Too Many Requests", b"Retry-After: 2\r\n")
        return None

    site.special = busy_once
    ended = site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    assert len(ended.items) == 6
    following = [moment for moment, _, _ in site.log if moment > answered[0]]
    assert min(following) - answered[0] > 1.9


def test_a_long_retry_after_outlasts_the_crawl(site: Site) -> None:
    site.special = lambda _host, path: (
        _answer(b"", b"503 Busy", b"Retry-After: 3600\r\n") if "-post" in path else None
    )
    first = site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    assert first.items == []
    assert "left alone until" in first.err
    assert len(site.asked("-post")) == 1
    site.special = lambda _host, _path: None
    before = len(site.log)
    assert site.crawl(later=1800).items == []
    assert len(site.log) == before
    assert len(site.crawl(later=3700).items) == 6


def test_a_site_that_refuses_is_left_alone_and_asked_again(site: Site) -> None:
    site.special = lambda _host, path: _answer(b"", b"403 Forbidden") if path != "/robots.txt" else None
    site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    refused = len([path for _, _, path in site.log if path != "/robots.txt"])
    assert refused == 3
    site.crawl(later=60)
    assert len([path for _, _, path in site.log if path != "/robots.txt"]) == 3
    # One more refusal, and it rests longer than before.
    site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1}, later=400)
    assert len([path for _, _, path in site.log if path != "/robots.txt"]) == 4
    site.crawl(later=800)
    assert len([path for _, _, path in site.log if path != "/robots.txt"]) == 4
    site.special = lambda _host, _path: None
    assert len(site.crawl(later=1200).items) == 6


def test_a_challenge_is_no_article_and_no_removal(site: Site) -> None:
    site.special = lambda _host, path: _answer(CHALLENGE) if "-post1." in path else None
    first = site.crawl(edition="zh")
    assert sorted(item["id"] for item in first.items) == ["vna:zh:0", "vna:zh:2"]
    site.special = lambda _host, _path: None
    again = site.crawl(edition="zh", later=900)
    assert sorted(item["id"] for item in again.items) == ["vna:zh:0", "vna:zh:1", "vna:zh:2"]


def test_challenges_alone_are_refusals(site: Site) -> None:
    site.special = lambda _host, path: _answer(CHALLENGE) if "-post" in path else None
    site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    assert 3 <= len(site.asked("-post")) < 6
    count = len(site.log)
    site.crawl(later=60)
    assert len(site.log) == count


@pytest.mark.parametrize("failing", ["503", "reset"])
def test_a_robots_txt_that_cannot_be_had_forbids_all_until_it_can(site: Site, failing: str) -> None:
    site.robots = _answer(b"", b"503 Busy") if failing == "503" else Answer(b"", "reset")
    first = site.crawl(edition="zh")
    assert first.items == []
    assert set(site.asked()) == {"/robots.txt"}
    assert "nothing of its host is fetched" in first.err
    site.robots = _answer(b"User-agent: *\nDisallow: /a-post1.vnp\n")
    assert len(site.crawl(edition="zh", later=900).items) == 2
    # It is good for a day, and its last copy for a month.
    count = len(site.asked("/robots.txt"))
    site.crawl(edition="zh", later=1800)
    assert len(site.asked("/robots.txt")) == count
    site.robots = _answer(b"", b"503 Busy") if failing == "503" else Answer(b"", "reset")
    last = site.crawl(edition="zh", later=2 * 86_400)
    assert "using its last copy" in last.err
    assert "/a-post1.vnp" not in site.asked()


def test_without_a_robots_txt_all_is_allowed(site: Site) -> None:
    site.robots = _answer(b"", b"404 Not Found")
    assert len(site.crawl(edition="zh").items) == 3


def test_certificates_are_verified_but_for_the_hosts_named(site: Site) -> None:
    strict = {"DOWNLOAD_VERIFY_CERTIFICATES": True}
    refused = site.crawl(strict, edition="zh")
    assert refused.items == []
    assert site.log == []
    named = site.crawl({**strict, "DOWNLOAD_UNVERIFIED_HOSTS": "vietnamplus.vn"}, edition="zh", later=900)
    assert len(named.items) == 3
    assert {urlsplit(item["url"]).hostname for item in named.items} == {"zh.vietnamplus.vn"}
