"""Several crawling processes, one PostgreSQL: one is killed, and nothing is lost, doubled or impolite."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from crawler.domains import site_of_host
from tests.support.crawls import FAST, crawl, items, run
from tests.support.fork_server import Process, start
from tests.support.postgres import postgres_server
from tests.support.site import PAGE, answer
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

COUNT = 100  # articles of each host
SPIDERS = {
    "vna": ["zh.vietnamplus.vn", "en.vietnamplus.vn"],
    "nhandan": ["nhandan.vn", "cn.nhandan.vn"],
    "sggp": ["www.sggp.org.vn", "en.sggp.org.vn"],
    "tienphong": ["tienphong.vn"],
    "lecourrier": ["lecourrier.vn"],
    "tnck": ["www.tinnhanhchungkhoan.vn"],
}
SUFFIX = {"vna": "vnp", "tienphong": "tpo"}
_LEASE = 3


class Press:
    """All publishers of SPIDERS; `log` says who asked for what, from when to when."""

    def __init__(self, folder: Path) -> None:
        self.log: list[tuple[float, float, str, str, str]] = []
        self._now = datetime.now(UTC).isoformat()
        self._hosts = {host: name for name, hosts in SPIDERS.items() for host in hosts}
        self._lock = threading.Lock()
        #: Called with a worker's name at each of its requests for an article.
        self.watcher: Any = lambda _worker: None
        self.server = WireServer(lambda *_: Answer(b""), tls=tls_context(folder), reply=self._reply)

    def _reply(self, host: str, path: str, request: bytes) -> Answer:
        begin = time.monotonic()
        match = re.search(rb"User-Agent: (\w+)", request)
        worker = match[1].decode() if match else ""
        if "-post" in path:
            self.watcher(worker)
            threading.Event().wait(0.01)
        answer = self._answer(host, path)
        with self._lock:
            self.log.append((begin, time.monotonic(), host, path, worker))
        return answer

    def _answer(self, host: str, path: str) -> Answer:
        name = self._hosts.get(host)
        if path == "/robots.txt":
            return answer(b"User-agent: *\nDisallow: /api/\n")
        if path == "/sitemap.xml" and name:
            now, end = self._now, SUFFIX.get(name, "html")
            urls = "".join(
                f"<url><loc>https://{host}/a-post{n}.{end}</loc><lastmod>{now}</lastmod></url>"
                for n in range(COUNT)
            )
            return answer(f"<urlset>{urls}</urlset>".encode())
        if "-post" in path:
            # As far apart as articles are.
            title = f"{host} {path} {time.monotonic()}".encode()
            return answer(PAGE.replace(b"A title", title))
        return answer(b"<urlset></urlset>")


@pytest.fixture
def url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


def _worker(name: str, folder: Path, url: str, press: Press, *spiders: str) -> Process:
    settings = {
        **FAST, "ARCHIVE_DIR": folder / name, "STATE_URL": url, "STATE_LEASE": _LEASE, "USER_AGENT": name,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2, "STATE_REVISITS": "9999",
    }  # fmt: skip
    options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
    proxy = f"http://127.0.0.1:{press.server.port}"
    environment = {**os.environ, "http_proxy": proxy, "https_proxy": proxy}
    return start(
        "crawler", "work", *(spiders or SPIDERS), "--at-once", "2", *options, environment=environment
    )


def test_three_processes_one_of_them_killed(url: str, tmp_path: Path) -> None:
    press = Press(tmp_path)
    asked: Counter[str] = Counter()
    killed: list[str] = []
    workers: dict[str, Process] = {}

    def watch(name: str) -> None:
        asked[name] += 1
        if not killed and asked[name] == 30:
            killed.append(name)
            os.kill(workers[name].pid, signal.SIGKILL)

    press.watcher = watch
    with press.server:
        for name in ("one", "two", "three"):
            workers[name] = _worker(name, tmp_path, url, press)
        ended = {
            name: (*worker.communicate(timeout=120), worker.returncode) for name, worker in workers.items()
        }
    assert len(killed) == 1
    others = [name for name in workers if name not in killed]
    assert [ended[name][2] for name in others] == [0, 0], ended

    # Nothing is lost.
    found = [item["id"] for name in workers for root in (tmp_path / name).iterdir() for item in items(root)]
    hosts = [host for each in SPIDERS.values() for host in each]
    fetched = Counter((host, path) for _, _, host, path, _ in press.log if "-post" in path)
    announced = len(hosts) * COUNT
    growing = [path for name in killed for path in (tmp_path / name).rglob("*.jsonl.open")]
    had = {
        json.loads(line)["id"]
        for path in growing
        for line in path.read_bytes().splitlines(keepends=True)
        if line.endswith(b"\n")
    }
    twice = sum(fetched.values()) - len(fetched)
    print(f"{announced} announced, {len({*found, *had})} captured, {twice} fetched twice, {killed[0]} killed")
    assert len({*found, *had}) == announced
    assert len(fetched) == announced
    assert twice < announced / 100

    # No site is asked by two at once, nor by a second one before the lease of the first has run out or was given back.
    by_site = defaultdict(list)
    for begin, end, host, _, worker in sorted(press.log):
        by_site[site_of_host(host)].append((begin, end, worker))
    takeovers = 0
    for visits in by_site.values():
        for (_, end, worker), (begin, _, other) in pairwise(visits):
            if other != worker:
                assert begin >= end
                takeovers += worker in killed
                if worker in killed:
                    assert begin - end > _LEASE / 2
    assert takeovers >= 1

    # All of it is one collection to those who look at it.
    settings = [f"STATE_URL={url}", f"ARCHIVE_DIR={tmp_path / others[0]}"]
    options = [part for each in settings for part in ("-s", each)]
    coverage = run("coverage", "--json", *options)
    assert coverage.returncode == 0, coverage
    days = [json.loads(line) for line in coverage.stdout.splitlines()]
    assert sum(day["announced"] for day in days) == sum(day["captured"] for day in days) == announced
    history = run("history", "nhandan:cn:7", *options)
    assert history.returncode == 0, history
    assert "revision 1  nhandan-" in history.stdout
    assert "cn.nhandan.vn /a-post7.html" in history.stdout
    verified = [run("verify", tmp_path / name) for name in others]
    assert [each.returncode for each in verified] == [0, 0], verified


def test_a_crawl_waits_for_one_elsewhere_and_leaves_it_at_that(url: str, tmp_path: Path) -> None:
    press = Press(tmp_path)
    started = threading.Event()
    going_on = threading.Event()

    def watch(_worker: str) -> None:
        started.set()
        going_on.wait(30)

    press.watcher = watch
    settings = {**FAST, "STATE_URL": url, "STATE_LEASE": 2, "USER_AGENT": "one"}
    with press.server:
        proxy = f"http://127.0.0.1:{press.server.port}"
        environment = {"http_proxy": proxy, "https_proxy": proxy}
        first = _worker("one", tmp_path, url, press, "vna")
        assert started.wait(30)
        waiting = threading.Timer(4, going_on.set)
        waiting.start()
        second = crawl("vna", tmp_path / "two", {**settings, "USER_AGENT": "two"}, environment=environment)
        first.communicate(timeout=60)
    assert first.returncode == 0
    assert (second.status, second.items) == (75, [])
    assert "vna: waiting: leased to " in second.err
    assert "skipped: crawled by another process in the meantime" in second.out
    assert {worker for _, _, host, _, worker in press.log if "vietnamplus" in host} == {"one"}


def test_what_is_wrong_with_the_address_is_said_in_a_line(tmp_path: Path) -> None:
    for url, told in (
        ("mysql://a:secret@b", "STATE_URL=mysql://a:***@b: allowed: postgresql://"),
        ("postgresql://a:secret@127.0.0.1:9/x", "127.0.0.1"),
    ):
        ended = crawl("vna", tmp_path, {"STATE_URL": url})
        assert ended.status == 1
        assert told in ended.err
        assert "secret" not in ended.err
        assert "Traceback" not in ended.err
    # With nothing else set, too.
    alone = run("crawl", "vna", "-s", "STATE_URL=mysql://a")
    assert alone.returncode == 1
    assert alone.stderr.startswith("vna: error: STATE_URL=mysql://a: allowed: ")
