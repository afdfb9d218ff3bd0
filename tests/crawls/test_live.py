"""A live crawl of the publishers' hosts, which a proxy on loopback plays from the seeds' exchanges."""

from __future__ import annotations

import dataclasses
import os
import signal
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from archive import ArchiveIndex, find_sources
from crawler.items import Article
from crawler.testing import replay
from tests.support.crawls import FAST, SEEDS, Crawl, begin, crawl, records, run
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = {"since": "2020-01-01"}
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def seed_answers() -> dict[tuple[str, str], bytes]:
    answers = {}
    for exchange in ArchiveIndex(find_sources([SEEDS / "seeds.warc.gz"])):
        parts = urlsplit(exchange.url)
        answers[parts.hostname or "", parts.path] = exchange.read().received
    return answers


class Press:
    """Every host of the seeds behind one proxy; `changed` replaces answers by path."""

    def __init__(self, answers: dict[tuple[str, str], bytes], folder: Path) -> None:
        self.changed: dict[str, bytes] = {}
        self._answers = answers
        self.server = WireServer(self._answer, tls=tls_context(folder))

    def _answer(self, host: str, path: str, _nth: int) -> Answer:
        return Answer(self.changed.get(path) or self._answers.get((host, path), NOT_FOUND))

    @property
    def environment(self) -> dict[str, str]:
        proxy = f"http://127.0.0.1:{self.server.port}"
        return {"http_proxy": proxy, "https_proxy": proxy}

    @property
    def asked(self) -> list[str]:
        return [served.url for served in self.server.log]

    def crawl(
        self, spider: str, folder: Path, *, later: float = 0, patience: float = 2, **arguments: str
    ) -> Crawl:
        settings = {**FAST, "DOWNLOAD_TIMEOUT": patience}
        ended = crawl(spider, folder, settings, environment=self.environment, later=later, **arguments)
        assert ended.status == 0, ended.err
        return ended


@pytest.fixture
def press(seed_answers: dict[tuple[str, str], bytes], tmp_path: Path) -> Any:
    press = Press(seed_answers, tmp_path)
    with press.server:
        yield press


def _page(body: bytes, content_type: bytes = b"text/html") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    return head % (content_type, len(body)) + body


def _without_capture(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "capture"}


def test_live_crawl_gives_the_articles_of_the_replay(press: Press, tmp_path: Path) -> None:
    ended = press.crawl("vna", tmp_path / "live", edition="zh", **EVERYTHING)
    replayed = [dataclasses.asdict(article) for article in replay("vna", SEEDS, settings=FAST, edition="zh")]
    live = sorted(map(_without_capture, ended.items), key=lambda item: item["id"])
    assert live == sorted(map(_without_capture, replayed), key=lambda item: item["id"])
    assert len(live) == 4


def test_a_live_crawl_replays_to_the_same_articles(press: Press, tmp_path: Path) -> None:
    live = press.crawl("vietnamvn", tmp_path / "live", edition="no", **EVERYTHING)
    again = crawl("vietnamvn", tmp_path / "again", {**FAST, "REPLAY": live.root}, edition="no")
    assert again.status == 0, again.err
    assert [_without_capture(item) for item in again.items] == [_without_capture(i) for i in live.items]
    blocks = {record.block for path in live.warcs for record in records(path) if record.type == "response"}
    copied = {record.block for path in again.warcs for record in records(path) if record.type == "response"}
    assert copied
    assert copied <= blocks


def test_items_point_at_their_own_records(press: Press, tmp_path: Path) -> None:
    ended = press.crawl("vna", tmp_path, edition="zh", **EVERYTHING)
    found = {(path.name, record.offset): record for path in ended.warcs for record in records(path)}
    metadata = {
        record.get("WARC-Refers-To"): record.block for record in found.values() if record.type == "metadata"
    }
    for item in ended.items:
        capture = item["capture"]
        record = found[capture["file"], capture["offset"]]
        assert record.type == "response"
        assert record.length == capture["length"]
        assert record.get("WARC-Record-ID") == capture["record_id"]
        assert record.get("WARC-Date") == capture["date"]
        assert record.get("WARC-Payload-Digest") == capture["payload_digest"]
        assert record.get("WARC-Target-URI") == item["url"]
        assert Article.from_json(metadata[capture["record_id"]]).id == item["id"]


def test_robots_txt_is_obeyed_and_we_say_who_we_are(press: Press, tmp_path: Path) -> None:
    press.changed["/robots.txt"] = _page(b"User-agent: banluu\nDisallow: /article-post\n", b"text/plain")
    ended = press.crawl("vna", tmp_path, edition="zh", **EVERYTHING)
    assert ended.items == []
    assert any(url.endswith("/sitemap.xml") for url in press.asked)
    assert not any("/article-post" in url for url in press.asked)
    assert all(b"User-Agent: banluu/" in s.received and b"(+http" in s.received for s in press.server.log)


def test_only_what_lies_in_the_window_is_fetched(press: Press, tmp_path: Path) -> None:
    ended = press.crawl("vna", tmp_path, edition="zh", since="2023-05-01", until="2023-05-31")
    assert [item["id"] for item in ended.items] == ["vna:zh:196432"]
    assert "https://zh.vietnamplus.vn/sitemaps/news-2023-5.xml" in press.asked
    assert "https://zh.vietnamplus.vn/sitemaps/news-2020-5.xml" not in press.asked


def test_sections_are_found_through_their_listings(press: Press, tmp_path: Path) -> None:
    page = b'<a href="/article-post268001.vnp">1</a><a href="https://evil.example/a-post9.vnp">2</a>'
    press.changed["/politics/"] = _page(page)
    ended = press.crawl("vna", tmp_path, edition="zh", sections="politics")
    assert [item["id"] for item in ended.items] == ["vna:zh:268001"]
    assert not any("evil" in url or "sitemap" in url for url in press.asked)


def test_a_second_crawl_stores_only_what_has_changed(press: Press, tmp_path: Path) -> None:
    arguments = {"edition": "zh", "since": "2025-12-01"}
    first = press.crawl("vna", tmp_path, **arguments)
    assert [(i["id"], i["revision"]) for i in first.items] == [
        ("vna:zh:268001", {"number": 1, "changed": []})
    ]
    second = press.crawl("vna", tmp_path, **arguments)
    assert len(second.items) == 1
    # It was not announced anew, and it is not due yet.
    assert press.asked.count("https://zh.vietnamplus.vn/article-post268001.vnp") == 1
    old = press._answers["zh.vietnamplus.vn", "/article-post268001.vnp"]
    new = old.replace("50亿美元".encode(), "60亿美元".encode())
    assert new != old
    press.changed["/article-post268001.vnp"] = new
    third = press.crawl("vna", tmp_path, later=3700, **arguments)
    assert [i["revision"] for i in third.items] == [
        {"number": 1, "changed": []},
        {"number": 2, "changed": ["body", "text"]},
    ]


# A handshake that the kill cuts leaves CPython's own socket object unclosed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("after", [1, 4, 9, 11])
def test_kill_9_loses_nothing_and_doubles_nothing(press: Press, tmp_path: Path, after: int) -> None:
    folder = tmp_path / "crawl"
    arguments = {"edition": "zh", **EVERYTHING}
    answered = 0

    def answer_some(host: str, path: str, nth: int) -> Answer:
        nonlocal answered
        answered += 1
        if answered > after:
            os.kill(process.pid, signal.SIGKILL)
        return press._answer(host, path, nth)

    press.server.answer = answer_some
    with begin("vna", folder, FAST, environment=press.environment, **arguments) as process:
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
    assert list(folder.rglob("*.open"))
    press.server.answer = press._answer
    ended = press.crawl("vna", folder, **arguments)
    assert sorted(item["id"] for item in ended.items) == [
        "vna:zh:114265", "vna:zh:175890", "vna:zh:196432", "vna:zh:268001",
    ]  # fmt: skip
    found = {(p.name, r.offset, r.get("WARC-Record-ID")) for p in ended.warcs for r in records(p)}
    for item in ended.items:
        capture = item["capture"]
        assert (capture["file"], capture["offset"], capture["record_id"]) in found
    assert not list(folder.rglob("*.open"))
    index = (ended.root / "indexes" / "index.cdxj").read_text().splitlines()
    responses = [r for p in ended.warcs for r in records(p) if r.type == "response"]
    assert len(index) == len(responses)


def test_a_collection_in_use_is_left_alone(press: Press, tmp_path: Path) -> None:
    second: list[Crawl] = []

    def answer(host: str, path: str, nth: int) -> Answer:
        if not second:
            second.append(crawl("vna", tmp_path, FAST, environment=press.environment, edition="zh"))
        return press._answer(host, path, nth)

    press.server.answer = answer
    # Another crawl starts and ends while an answer is waited for.
    first = press.crawl("vna", tmp_path, patience=60, edition="zh", **EVERYTHING)
    assert len(first.items) == 4
    assert second[0].status == 75
    assert "skipped: " in second[0].err
    assert len(second[0].err.splitlines()) == 1


NOW = datetime.now(UTC)
YOUNG = "https://zh.vietnamplus.vn/tin-post900.vnp"
YOUNG_PAGE = b"<h1 class='article__title'>Title</h1><div class='cms-body'><p>%b</p></div>" % (
    b"Some words. " * 9
)


def _announce(press: Press, *, lastmod: datetime, url: str = YOUNG) -> None:
    entry = f"<urlset><url><loc>{url}</loc><lastmod>{lastmod.isoformat()}</lastmod></url></urlset>"
    press.changed["/sitemaps/google-news.xml"] = _page(entry.encode(), b"text/xml")
    press.changed["/tin-post900.vnp"] = _page(YOUNG_PAGE)
    press.changed["/"] = _page(b"<p>no links</p>")


def _ids(ended: Crawl) -> list[str]:
    return [item["id"] for item in ended.items]


@pytest.mark.parametrize("before", ["urls", "other edition", "all fail", "sections"])
def test_a_crawl_that_did_not_look_does_not_move_the_window(
    press: Press, tmp_path: Path, before: str
) -> None:
    _announce(press, lastmod=NOW - timedelta(hours=2))
    arguments: dict[str, str] = {
        "urls": {"urls": "https://zh.vietnamplus.vn/article-post268001.vnp"},
        "other edition": {"edition": "vi"},
        "all fail": {"edition": "zh"},
        "sections": {"edition": "zh", "sections": "politics"},
    }[before]
    if before == "all fail":
        answer = press.server.answer
        press.server.answer = lambda _host, _path, _nth: Answer(
            b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
        )
        press.crawl("vna", tmp_path, **arguments)
        press.server.answer = answer
    else:
        press.crawl("vna", tmp_path, **arguments)
    assert "vna:zh:900" in _ids(press.crawl("vna", tmp_path, edition="zh"))


def test_a_whole_look_moves_the_window(press: Press, tmp_path: Path) -> None:
    for path in ("/sitemap.xml", "/sitemaps/google-news.xml", "/rss/home.rss", "/"):
        press.changed[path] = _page(b"<urlset></urlset>", b"text/xml")
    press.crawl("vna", tmp_path, edition="zh")
    _announce(press, lastmod=NOW - timedelta(hours=26))
    assert _ids(press.crawl("vna", tmp_path, edition="zh")) == []
    _announce(press, lastmod=NOW + timedelta(hours=1))
    assert _ids(press.crawl("vna", tmp_path, edition="zh")) == ["vna:zh:900"]


def test_what_was_announced_late_or_failed_is_fetched_by_the_next_crawl_once(
    press: Press, tmp_path: Path
) -> None:
    for path in ("/sitemap.xml", "/rss/home.rss"):
        press.changed[path] = _page(b"<urlset></urlset>", b"text/xml")
    _announce(press, lastmod=NOW - timedelta(hours=2))
    press.changed["/tin-post900.vnp"] = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
    assert _ids(press.crawl("vna", tmp_path, edition="zh")) == []
    _announce(press, lastmod=NOW - timedelta(hours=2))
    assert _ids(press.crawl("vna", tmp_path, later=900, edition="zh")) == ["vna:zh:900"]
    before = press.asked.count(YOUNG)
    press.crawl("vna", tmp_path, later=1800, edition="zh")
    assert press.asked.count(YOUNG) == before > 0


def test_amp_twins_and_other_editions(press: Press, tmp_path: Path) -> None:
    _announce(press, lastmod=NOW, url=YOUNG.replace(".vnp", ".amp?utm_source=x"))
    assert _ids(press.crawl("vna", tmp_path / "amp", edition="zh")) == ["vna:zh:900"]
    assert YOUNG in press.asked
    _announce(press, lastmod=NOW, url="https://en.vietnamplus.vn/tin-post900.vnp")
    assert _ids(press.crawl("vna", tmp_path / "zh", edition="zh")) == []


def test_local_files_and_other_hosts_are_not_followed(press: Press, tmp_path: Path) -> None:
    local = tmp_path / "local.xml"
    local.write_text(f"<urlset><url><loc>{YOUNG}</loc></url></urlset>")
    press.changed["/tin-post900.vnp"] = _page(YOUNG_PAGE)
    index = f"<sitemapindex><sitemap><loc>file://zh.vietnamplus.vn{local}</loc></sitemap></sitemapindex>"
    press.changed["/sitemap.xml"] = _page(index.encode(), b"text/xml")
    ended = press.crawl("vna", tmp_path / "crawl", edition="zh", since="2026-01-01")
    assert ended.items == []
    assert YOUNG not in press.asked


def test_hostile_dates_cost_nothing_but_themselves(press: Press, tmp_path: Path) -> None:
    entries = "".join(
        f"<url><loc>{url}</loc><lastmod>{date}</lastmod></url>"
        for url, date in [
            ("https://zh.vietnamplus.vn/a-post1.vnp", "9999-12-31T23:59:59.999999Z"),
            ("https://zh.vietnamplus.vn/a-post2.vnp", "Mon, 01 Jan 2024 00:00:00 +99999999999999"),
            (YOUNG, NOW.isoformat()),
        ]
    )
    _announce(press, lastmod=NOW)
    press.changed["/sitemaps/google-news.xml"] = _page(f"<urlset>{entries}</urlset>".encode(), b"text/xml")
    assert "vna:zh:900" in _ids(press.crawl("vna", tmp_path, edition="zh"))


@pytest.mark.parametrize("resolved", ["127.0.0.1", "localhost"])
def test_private_addresses_are_refused(tmp_path: Path, resolved: str) -> None:
    with WireServer(lambda _host, _path, _nth: Answer(_page(YOUNG_PAGE))) as server:
        urls = f"http://{resolved}:{server.port}/x-post1.html"
        ended = crawl("vna", tmp_path, {**FAST, "PRIVATE_ADDRESSES_ALLOWED": False}, urls=urls)
        assert server.log == []
    assert ended.status == 0
    assert "1 private address" in ended.out


def test_an_answer_without_end_of_head_is_cut(tmp_path: Path) -> None:
    endless = b"HTTP/1.1 200 OK\r\n" + b"X-Again: and again\r\n" * 200_000
    with WireServer(lambda _host, _path, _nth: Answer(endless)) as server:
        ended = crawl("vna", tmp_path, {**FAST, "RETRY_ENABLED": False}, urls=f"{server.root}/x-post1.html")
    responses = [r for p in ended.warcs for r in records(p) if r.type == "response"]
    assert {r.get("WARC-Truncated") for r in responses} == {"length"}
    assert all(1_000_000 < len(r.block) < 3_000_000 for r in responses)


def test_garbage_over_tls_from_a_peer_that_never_closes_does_not_hold_the_crawl(tmp_path: Path) -> None:
    garbage = b"<<<no HTTP>>>\r\nat all\r\n\r\n" * 9
    server = WireServer(lambda _host, _path, _nth: Answer(garbage, "hang"), tls=tls_context(tmp_path))
    with server:
        ended = crawl("vna", tmp_path / "crawl", {**FAST, "RETRY_ENABLED": False}, urls=f"{server.root}/x")
    assert ended.status == 0
    blocks = {r.block for p in ended.warcs for r in records(p) if r.type == "response"}
    assert blocks == {garbage}


def test_what_cannot_be_recorded_is_not_asked_for(tmp_path: Path) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 400000\r\n\r\n"
    slow = {**FAST, "DOWNLOAD_DELAY": 0.2, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    with WireServer(lambda *_: Answer(page + os.urandom(400_000))) as server:
        urls = ",".join(f"{server.root}/x-post{number}.vnp" for number in range(15))
        ended = crawl("vna", tmp_path, slow, by=partial(run, largest_file=600_000), urls=urls)
    assert ended.status == 1
    assert "Recording failed" in ended.err
    assert len(server.log) < 5


def test_a_full_disk_stops_the_crawl_at_once_and_what_is_there_is_whole(press: Press, tmp_path: Path) -> None:
    folder = tmp_path / "crawl"
    arguments = {"edition": "zh", **EVERYTHING}
    one_at_a_time = {**FAST, "CONCURRENT_REQUESTS": 1}
    ended = crawl(
        "vna",
        folder,
        one_at_a_time,
        environment=press.environment,
        by=partial(run, largest_file=30_000),
        **arguments,
    )
    assert ended.status == 1
    assert ended.err.splitlines()[-1].startswith("vna: error: ")
    assert "Traceback" not in ended.err
    again = press.crawl("vna", folder, **arguments)
    assert len(set(_ids(again))) == len(_ids(again)) == 4
    for path in (again.root / "items").iterdir():
        assert b"\0" not in path.read_bytes()
    assert not list(folder.rglob("*.open"))
