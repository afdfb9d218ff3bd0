"""What stands at an article's address with status 200 and is not the article makes neither an article nor a revision.

Three publishers on loopback: one on the vendor's CMS, one with a template of its own, one without a rule of its
own. Each answer comes once in place of the first capture and once in place of a later one, also with the asked
address as its canonical one.
"""

from __future__ import annotations

import json
import os
import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from crawler.state import State
from tests.support.crawls import ROOT, items
from tests.support.fork_server import start
from tests.support.pages import STORIES, page
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.long


class Publisher(NamedTuple):
    """A publisher, the template of its pages, and the address of its article number n."""

    name: str
    template: str
    url: str


PUBLISHERS = [
    Publisher("vna", "g4", "https://www.vietnamplus.vn/cau-moi-post2026071617171{:04}.vnp"),
    Publisher("baotintuc", "baotintuc", "https://baotintuc.vn/thoi-su/cau-moi-2026071617171{:04}.htm"),
    Publisher("vietnamvn", "vietnamvn", "https://www.vietnam.vn/khanh-thanh-cau-moi-so-{}-qua-song"),
]
_WORDS = "cầu sông Hồng khánh thành người dân phương tiện giao thông xây dựng thành phố kinh tế".split()
_ASKED = "<link rel=canonical href='{url}'><meta property='og:url' content='{url}'>"


def _shell(title: str, body: str, head: str = "") -> bytes:
    menu = "".join(f"<li><a href='/{n}/'>Chuyên mục {n}</a></li>" for n in range(8))
    return (
        f"<html lang=vi><head><title>{title}</title>{head}</head><body><ul>{menu}</ul>{body}"
        "<footer>Cơ quan chủ quản. Giấy phép số 1 ngày 11/9/2008. Tổng biên tập: Lan.</footer></body></html>"
    ).encode()


def _in_two(html: bytes, mark: bytes, more: int = 0) -> bytes:
    return html[: html.index(mark) + more]


#: Each answer, from the address, the true page, and what to put into the head.
ANSWERS: dict[str, Callable[[bytes, str], bytes]] = {
    "short maintenance": lambda _html, head: _shell(
        "Bảo trì", "<h1>Hệ thống đang bảo trì</h1><p>Vui lòng quay lại sau.</p>", head
    ),
    "long maintenance": lambda _html, head: _shell(
        "Thông báo bảo trì hệ thống",
        "<h1>Thông báo bảo trì hệ thống</h1>"
        + "<p>Để nâng cao chất lượng phục vụ bạn đọc, hệ thống máy chủ đang được bảo trì từ 0 giờ đến 4 giờ"
        " sáng nay. Trong thời gian này, trang thông tin có thể tạm thời không truy cập được.</p>" * 3,
        head,
    ),
    "soft 404": lambda _html, head: _shell(
        "404", "<h1>Không tìm thấy trang</h1><p>Bài viết không tồn tại hoặc đã bị gỡ bỏ.</p>", head
    ),
    "front page": lambda _html, head: _shell(
        "Trang chủ",
        "".join(
            f"<article class=story><h2><a href='/bai-viet-so-{n}-trong-ngay-post{n}.vnp'>Bài viết số {n} về kinh tế"
            f" trong ngày</a></h2><p>Tóm tắt của bài viết số {n}, dài hơn một dòng để đọc thêm.</p></article>"
            for n in range(20)
        ),
        head,
    ),
    "login wall": lambda _html, head: _shell(
        "Đăng nhập",
        "<h1>Đăng nhập</h1><form><input name=u><input type=password name=p><button>Đăng nhập</button></form>"
        "<p>Bạn cần đăng nhập để đọc tiếp bài viết này.</p>",
        head,
    ),
    "cut before the body": lambda html, _head: _in_two(html, b"</h1>", 5),
    "cut in the body": lambda html, _head: _in_two(html, b"MARK", 4),
    "Content-Length too small": lambda html, _head: html,
}
SCENARIOS = [
    (answer, when, echoed)
    for answer in ANSWERS
    for when in ("first", "later")
    for echoed in ((False, True) if "cut" not in answer and "Content" not in answer else (False,))
]


class Site:
    """The publisher: article n has the n-th scenario, the rest are well. `run` is the number of the crawl."""

    def __init__(self, folder: Path, publisher: Publisher) -> None:
        self.folder, self.publisher = folder, publisher
        self.offset = folder / "offset"
        self.offset.write_text("0")
        self.urls = [publisher.url.format(number) for number in range(len(SCENARIOS) + 3)]
        self.server = WireServer(lambda *_: Answer(b""), tls=tls_context(folder), reply=self._reply)

    @property
    def hour(self) -> float:
        """Hours since the first crawl."""
        now = datetime.now(UTC) + timedelta(seconds=float(self.offset.read_text()))
        return (now - self.begun) / timedelta(hours=1)

    def html(self, number: int) -> bytes:
        words = random.Random(number)
        text = (
            " ".join(words.choices(_WORDS, k=120)).capitalize()
            + ". MARK "
            + " ".join(words.choices(_WORDS, k=30))
        )
        paragraph = STORIES["vi"].paragraphs[1]
        made = page(self.publisher.template, "article", STORIES["vi"], self.urls[number]).html
        assert paragraph in made
        return made.replace(paragraph, f"{paragraph} {text}.").encode()

    def _reply(self, host: str, path: str, _request: bytes) -> Answer:
        url = f"https://{host}{path}"
        if path == "/robots.txt":
            return _answer(b"User-agent: *\nAllow: /\n")
        if url in self.urls:
            return self._article(self.urls.index(url), url)
        if "sitemap" in path:
            urls = "".join(f"<url><loc>{each}</loc></url>" for each in self.urls)
            return _answer(f"<urlset>{urls}</urlset>".encode(), b"text/xml")
        return _answer(b"", status=b"404 Not Found")

    def _article(self, number: int, url: str) -> Answer:
        html = self.html(number)
        if number >= len(SCENARIOS):
            return _answer(html)
        name, when, echoed = SCENARIOS[number]
        is_wrong = self.hour < 1 if when == "first" else 1 < self.hour < 3
        if not is_wrong:
            return _answer(html)
        body = ANSWERS[name](html, _ASKED.format(url=url) if echoed else "")
        if name == "Content-Length too small":
            return _answer(html, length=html.index(b"MARK"))
        return _answer(body)

    def crawl(self) -> None:
        """Crawl at once, after 1.5, 2.5 and 5 hours."""
        self.begun = datetime.now(UTC)
        with self.server as server:
            proxy = f"http://127.0.0.1:{server.port}"
            environment = {
                **os.environ, "http_proxy": proxy, "https_proxy": proxy, "PYTHONPATH": str(ROOT),
                "BANLUU_TEST_SETTINGS": json.dumps({"STATE_REVISITS": [3600, 9000, 16000]}),
            }  # fmt: skip
            moments = [str(hours * 3600) for hours in (0, 1.5, 2.6, 5)]
            arguments = (self.publisher.name, "vi", self.folder / "c", self.offset, *moments)
            with start("tests.support.timed_crawls", *arguments, environment=environment) as process:
                ended, errors = process.stdout.read(), process.stderr.read()
                process.wait()
        assert ended.count(" finished\n") == len(moments), errors


def _answer(
    body: bytes,
    kind: bytes = b"text/html; charset=utf-8",
    status: bytes = b"200 OK",
    length: int | None = None,
) -> Answer:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    return Answer(head % (status, kind, len(body) if length is None else length) + body)


@pytest.mark.parametrize("publisher", PUBLISHERS, ids=lambda publisher: publisher.name)
def test_no_answer_but_the_article_makes_an_article_or_a_revision(
    tmp_path: Path, publisher: Publisher
) -> None:
    site = Site(tmp_path, publisher)
    site.crawl()
    collection = tmp_path / "c" / publisher.name
    lines: dict[str, list[str]] = {url: [] for url in site.urls}
    for item in items(collection):
        assert item["text"].count("MARK") == 1
        lines[item["url"]].append(f"{item['revision']['number']} {item['text'][:30]}")
    wrong = {
        f"{SCENARIOS[number]}": lines[url]
        for number, url in enumerate(site.urls[: len(SCENARIOS)])
        if len(lines[url]) != 1
    }
    assert wrong == {}
    assert [len(lines[url]) for url in site.urls[len(SCENARIOS) :]] == [1, 1, 1]
    with closing(State(collection / "state.sqlite")) as state:
        # Each wrong answer is known as what it was, and the article was asked for again and had.
        rows = state.database.rows("SELECT DISTINCT kind FROM visit WHERE outcome LIKE 'failed%'")
        assert {"error", "listing", "wall", "cut"} <= {kind for (kind,) in rows}
        assert state.database.value("SELECT count(*) FROM article WHERE reason IS NOT NULL") == 0
        assert state.database.value("SELECT count(*) FROM event WHERE what = 'removed'") == 0
