"""One ADDONS line in another project's settings: recording, replay, and nothing else changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archive import ArchiveIndex, find_sources
from tests.support.crawls import FAST, ROOT, crawl, records, run
from tests.support.site import Site
from tests.support.wire_server import Answer, WireServer

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


SPIDER = """
import scrapy

class Quotes(scrapy.Spider):
    name = "quotes"

    def __init__(self, root, **kwargs):
        super().__init__(**kwargs)
        self.root = root

    async def start(self):
        yield scrapy.Request(self.root + "/page", headers=getattr(self, "secrets", {}))

    def parse(self, response):
        yield {"title": response.css("h1::text").get(), "offset": response.meta["capture"].offset}
"""


ADDON = '\nADDONS = {"crawler.addon.ArchiveAddon": 300}\n'


BODY = b"<h1>A title</h1>"


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


@pytest.fixture
def project(tmp_path: Path) -> Path:
    _scrapy(tmp_path, "startproject", "other", str(tmp_path))
    (tmp_path / "other" / "spiders" / "quotes.py").write_text(SPIDER)
    with (tmp_path / "other" / "settings.py").open("a") as settings:
        settings.write(ADDON)
    return tmp_path


def _scrapy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, module="scrapy", cwd=folder)


def test_recording_and_replay(project: Path) -> None:
    with WireServer(lambda _host, _path, _nth: Answer(PAGE)) as server:
        live = _scrapy(project, "crawl", "quotes", "-a", f"root={server.root}", "-O", "live.json")
        log = list(server.log)
        arguments = ["-a", f"root={server.root}", "-s", "REPLAY=collections/quotes"]
        offline = _scrapy(
            project, "crawl", "quotes", *arguments, "-s", "ARCHIVE_DIR=again", "-O", "offline.json"
        )
        assert server.log == log
    assert live.returncode == offline.returncode == 0
    (warc,) = (project / "collections" / "quotes" / "archive").iterdir()
    # robots.txt and the page have one body, which is written once.
    responses = [record for record in records(warc) if record.type in {"response", "revisit"}]
    assert [record.type for record in responses] == ["response", "revisit"]
    exchanges = sorted(ArchiveIndex(find_sources([warc])), key=lambda each: each.order)
    assert [exchange.read().received for exchange in exchanges] == [each.sent for each in log]
    page = next(record for record in responses if record.get("WARC-Target-URI").endswith("/page"))
    for path in (warc, *(project / "again" / "quotes" / "archive").iterdir()):
        # The item stands beside the response that it came from.
        (item,) = (record for record in records(path) if record.type == "metadata")
        assert json.loads(item.block) == {"title": "A title", "offset": page.offset}
        (beside,) = (
            each for each in records(path) if each.get("WARC-Record-ID") == item.get("WARC-Refers-To")
        )
        assert beside.target_uri == page.target_uri
    expected = f'[\n{{"title": "A title", "offset": {page.offset}}}\n]'
    assert (project / "live.json").read_text() == expected
    assert (project / "offline.json").read_text() == expected
    (copy,) = (project / "again" / "quotes" / "archive").iterdir()
    assert {r.block for r in records(copy) if r.type in {"response", "revisit"}} == {
        r.block for r in responses
    }


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (
            'DOWNLOAD_HANDLERS = {"https": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"}',
            "DOWNLOAD_HANDLERS['https'] is scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
        ),
        ("TWISTED_REACTOR_ENABLED = False", "TWISTED_REACTOR_ENABLED=False: recording needs"),
    ],
)
def test_a_crawl_that_cannot_be_recorded_does_not_start(project: Path, setting: str, words: str) -> None:
    with (project / "other" / "settings.py").open("a") as settings:
        settings.write(setting)
    with WireServer(lambda _host, _path, _nth: Answer(PAGE)) as server:
        ended = _scrapy(project, "crawl", "quotes", "-a", f"root={server.root}")
        assert server.log == []
    assert ended.returncode == 1
    assert words in ended.stderr


def test_a_loop_that_loses_connections_is_warned_of(project: Path) -> None:
    with (project / "other" / "settings.py").open("a") as settings:
        settings.write('ASYNCIO_EVENT_LOOP = "uvloop.Loop"\n')
    with WireServer(lambda _host, _path, _nth: Answer(PAGE)) as server:
        ended = _scrapy(project, "crawl", "quotes", "-a", f"root={server.root}")
    assert "WARNING: ASYNCIO_EVENT_LOOP=uvloop.Loop: uvloop does not report" in ended.stderr


def test_a_full_disk_ends_the_crawl_and_says_so(project: Path) -> None:
    with WireServer(lambda _host, _path, _nth: Answer(PAGE)) as server:
        ended = run(
            *("crawl", "quotes", "-a", f"root={server.root}", "-L", "WARNING"),
            module="scrapy",
            cwd=project,
            environment={"PYTHONDONTWRITEBYTECODE": "1"},
            largest_file=1200,
        )
    assert ended.returncode == 1
    assert "File too large" in ended.stderr or "disk I/O error" in ended.stderr


SECRETS = """
    secrets = {"Authorization": "Basic s3cret-1", "Cookie": "session=s3cret-2"}
    custom_settings = {"COOKIES_ENABLED": False}
"""


@pytest.mark.parametrize(
    ("options", "hidden", "kept"),
    [
        ([], [b"s3cret-1"], [b"s3cret-2", b"s3cret-3"]),
        (
            ["ARCHIVE_REDACTED_HEADERS=Authorization,Cookie,Set-Cookie"],
            [b"s3cret-1", b"s3cret-2", b"s3cret-3"],
            [],
        ),
        (["ARCHIVE_REDACTED_HEADERS="], [], [b"s3cret-1", b"s3cret-2", b"s3cret-3"]),
    ],
    ids=["default", "all", "none"],
)
def test_secrets_are_sent_and_not_written(
    project: Path, options: list[str], hidden: list[bytes], kept: list[bytes]
) -> None:
    spider = project / "other" / "spiders" / "quotes.py"
    spider.write_text(SPIDER.replace('    name = "quotes"\n', f'    name = "quotes"\n{SECRETS}'))
    answer = PAGE.replace(b"Content-Type", b"Set-Cookie: session=s3cret-3\r\nContent-Type")
    settings = [part for option in [*options, "ARCHIVE_DIGEST=sha256"] for part in ("-s", option)]
    with WireServer(lambda _host, _path, _nth: Answer(answer)) as server:
        ended = _scrapy(project, "crawl", "quotes", "-a", f"root={server.root}", *settings)
        sent = next(each.received for each in server.log if b"/page" in each.received)
    assert ended.returncode == 0, ended.stderr
    assert b"s3cret-1" in sent
    (warc,) = (project / "collections" / "quotes" / "archive").iterdir()
    written = records(warc)
    everything = b"".join(record.block for record in written)
    assert [secret in everything for secret in (*hidden, *kept)] == [False] * len(hidden) + [True] * len(kept)
    named = {name for record in written for name in record.get("WARC-Redacted-Headers").split(", ") if name}
    assert len(named) == len(hidden)
    assert all(record.get("WARC-Block-Digest").startswith("sha256:") for record in written)
    assert b"block-digest: sha256" in written[0].block
    verified = _scrapy(project, "verify", "collections/quotes")
    assert verified.stdout.endswith("no faults\n"), verified
    for wrong in ("ARCHIVE_DIGEST=md5", "ARCHIVE_REDACTED_HEADERS=no header"):
        assert wrong.split("=")[0] in _scrapy(project, "crawl", "quotes", "-a", "root=", "-s", wrong).stderr


def test_an_item_that_is_no_json_is_left_to_its_project(project: Path) -> None:
    spider = project / "other" / "spiders" / "quotes.py"
    spider.write_text(SPIDER.replace('yield {"title": ', 'yield {"odd": object(), "title": '))
    with WireServer(lambda _host, _path, _nth: Answer(PAGE)) as server:
        ended = _scrapy(project, "crawl", "quotes", "-a", f"root={server.root}")
    assert ended.returncode == 0
    assert "cannot be archived: not JSON" in ended.stderr
    assert "'item_scraped_count': 1" in ended.stderr


STOPPER = """
import scrapy
from scrapy import signals
from scrapy.exceptions import StopDownload

class Stopper(scrapy.Spider):
    name = "stopper"

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        spider = super().from_crawler(crawler, *args, **kwargs)
        if kwargs.get("cut"):
            crawler.signals.connect(spider.stop, signal=signals.bytes_received)
        return spider

    def stop(self, data, request, spider):
        if request.url.endswith("/large"):
            raise StopDownload(fail=False)

    async def start(self):
        yield scrapy.Request(self.root + "/large", errback=lambda failure: None)
        yield scrapy.Request(self.root + "/small", errback=lambda failure: None)

    def parse(self, response):
        pass
"""


LARGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000


UNKNOWN_LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"x" * 3_000_000


@pytest.mark.parametrize(
    ("options", "answer", "reason"),
    [
        (["-a", "cut=1"], LARGE, "unspecified"),
        (["-s", "DOWNLOAD_MAXSIZE=100000"], LARGE, "length"),
        (["-s", "DOWNLOAD_MAXSIZE=100000"], UNKNOWN_LENGTH, "length"),
    ],
    ids=["StopDownload", "announced", "unannounced"],
)
def test_what_was_cut_short_is_kept_as_far_as_it_came(
    project: Path, options: list[str], answer: bytes, reason: str
) -> None:
    (project / "other" / "spiders" / "stopper.py").write_text(STOPPER)

    def answers(_host: str, path: str, _nth: int) -> Answer:
        return Answer(answer, "close") if path == "/large" else Answer(PAGE)

    with WireServer(answers) as server:
        ended = _scrapy(
            project, "crawl", "stopper", "-a", f"root={server.root}", "-s", "RETRY_TIMES=0", *options
        )
    assert ended.returncode == 0, ended.stderr
    (warc,) = (project / "collections" / "stopper" / "archive").iterdir()
    written = [record for record in records(warc) if record.target_uri.endswith("/large")]
    (response,) = (record for record in written if record.type == "response")
    assert answer.startswith(response.block)
    assert len(response.block) < len(answer)
    assert response.get("WARC-Truncated") == reason
    assert [record.type for record in written] == ["response", "request"]
    assert any(record.target_uri.endswith("/small") for record in records(warc))
    assert _scrapy(project, "verify", "collections/stopper").stdout.endswith("no faults\n")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, count=1)
    with site.server:
        yield site


PLAIN = """
import scrapy

class Plain(scrapy.Spider):
    name = "plain"

    async def start(self):
        yield scrapy.Request(self.root + "/listing")

    def parse(self, response):
        yield response.follow("/article-post1.vnp", self.parse_page)

    def parse_page(self, response):
        yield {"offset": response.meta["capture"].offset}
"""


def test_a_spider_of_scrapys_works_beside_ours(site: Site, tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(PLAIN)
    environment = {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    settings = {**FAST, "SPIDER_MODULES": "plain", "LOG_LEVEL": "DEBUG", "ROBOTSTXT_OBEY": False}
    ended = crawl("plain", tmp_path, settings, environment=environment, root=site.server.root)
    assert ended.status == 0, ended.err
    assert len(site.server.log) == 2
    assert "'item_scraped_count': 1" in ended.err
