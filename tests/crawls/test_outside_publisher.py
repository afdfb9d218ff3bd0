"""A publisher in a package of its own is read by every command as by its own crawl."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.crawls import FAST, ROOT, items, run
from tests.support.site import answer
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTINGS = """
from crawler.settings import *
BOT_NAME = "tribune"
SPIDER_MODULES = ["tribune.spiders"]
NEWSPIDER_MODULE = "tribune.spiders"
"""
# As a project has it whose settings were written for the paths before 0.2.0.
OLD_PATHS = """
SCHEDULER = "crawler.frontier.Frontier"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.politeness.PolitenessMiddleware": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.decoding.DecodingMiddleware": 590,
}
EXTENSIONS = {"crawler.extensions.Progress": 500, "crawler.monitors.Monitors": 10}
"""
PUBLISHER = r"""
import re
from zoneinfo import ZoneInfo
from crawler.extraction import ArticlePage
from crawler.spider import NewsSpider

class TribunePage(ArticlePage):
    publisher = "tribune"
    editions = {"en": "tribune.example"}
    article_path = re.compile(r"^/story/(?P<id>\d+)-")
    zone = ZoneInfo("Europe/Oslo")
    headline_css = "h2.hed"
    body_css = "section.copy"
    noise_css = ".promo"
    date_css = "time.pub"

class TribuneSpider(NewsSpider):
    name = "tribune"
    page = TribunePage
    sitemaps = ["/sitemap.xml"]
"""
WORDS = "Some words of story number {0} go here, and then some more of them, and it goes on. " * 3
PAGE = (
    "<html lang=en><h1>The Tribune</h1><h2 class=hed>Headline {0}</h2>"
    "<time class=pub datetime='2026-01-02 10:00'>today</time>"
    f"<section class=copy><p>{WORDS}</p><div class=promo><p>Buy the paper, it is cheap.</p></div></section>"
)
URL = "https://tribune.example/story/{}-a-slug"


def _reply(_host: str, path: str, _request: bytes) -> Answer:
    if path == "/sitemap.xml":
        now = datetime.now(UTC).isoformat()
        entries = (f"<url><loc>{URL.format(n)}</loc><lastmod>{now}</lastmod></url>" for n in range(3))
        return answer(f"<urlset>{''.join(entries)}</urlset>".encode())
    if path.startswith("/story/"):
        return answer(PAGE.format(path[7]).encode())
    return answer(b"User-agent: *\n")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    spiders = tmp_path / "src" / "tribune" / "spiders"
    spiders.mkdir(parents=True)
    (spiders / "__init__.py").write_text("")
    (spiders / "tribune.py").write_text(PUBLISHER)
    (spiders.parent / "__init__.py").write_text("")
    (spiders.parent / "settings.py").write_text(SETTINGS)
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = tribune.settings\n")
    server = WireServer(lambda *_: Answer(b""), tls=tls_context(tmp_path), reply=_reply)
    with server:
        proxy = f"http://127.0.0.1:{server.port}"
        path = os.pathsep.join([str(tmp_path / "src"), str(ROOT)])
        yield tmp_path, {"http_proxy": proxy, "https_proxy": proxy, "PYTHONPATH": path}


def _crawl(folder: Path, environment: dict[str, str], **more: Any) -> Any:
    settings = {**FAST, **more}
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return run("crawl", "tribune", *given, cwd=folder, environment=environment)


def _plain(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return articles by id, without what only a crawl knows."""
    kept = ({k: v for k, v in item.items() if k not in {"capture", "copy_of"}} for item in found)
    return sorted(kept, key=lambda item: str(item["id"]))


def test_extract_freeze_frozen_and_replay_agree_with_the_crawl(project: tuple[Path, dict[str, str]]) -> None:
    folder, environment = project
    live = _crawl(folder, environment)
    assert (live.returncode, live.stderr) == (0, "")
    crawled = items(folder / "collections" / "tribune")
    assert [item["id"] for item in _plain(crawled)] == [f"tribune:en:{n}" for n in range(3)]
    assert {item["extractor"]["page"] for item in crawled} == {"TribunePage/page"}
    assert "Buy the paper" not in json.dumps(crawled)

    for processes in ("1", "2"):
        extracted = run(
            *("extract", "collections/tribune/archive", "--processes", processes),
            cwd=folder,
            environment=environment,
        )
        assert _plain(list(map(json.loads, extracted.stdout.splitlines()))) == _plain(crawled)

    frozen = run("freeze", "tribune", URL.format(1), cwd=folder, environment=environment)
    assert frozen.returncode == 0, frozen.stderr
    replayed = run(
        "crawl", "tribune", "-s", "REPLAY=collections/tribune", "-s", "ARCHIVE_DIR=again",
        "-s", "EXTRACTION_WITNESS=0",
        cwd=folder, environment=environment,
    )  # fmt: skip
    assert replayed.returncode == 0, replayed.stderr
    assert _plain(items(folder / "again" / "tribune")) == _plain(crawled)
    for command in (["verify", "collections"], ["history", URL.format(2)], ["coverage"]):
        ended = run(*command, cwd=folder, environment=environment)
        assert ended.returncode == 0, ended.stderr

    (folder / "its_tests.py").write_text(
        "from crawler.testing import frozen, replay\n"
        "(page,) = frozen('tests/pages')\n"
        "assert page.actual == page.expected\n"
        "assert page.actual['id'] == 'tribune:en:1'\n"
        "assert [each.id for each in replay('tribune', 'collections/tribune')] != []\n"
    )
    tests = run(module="its_tests", cwd=folder, environment=environment)
    assert tests.returncode == 0, tests.stderr


def test_settings_with_the_old_paths_of_components_still_crawl(
    project: tuple[Path, dict[str, str]],
) -> None:
    folder, environment = project
    (folder / "src" / "tribune" / "settings.py").write_text(SETTINGS + OLD_PATHS)
    ended = _crawl(folder, environment)
    assert ended.returncode == 0, ended.stderr
    assert len(items(folder / "collections" / "tribune")) == 3
    assert "crawler.frontier.Frontier is now crawler.scheduling.scheduler.FrontierScheduler" in ended.stderr
    assert ended.stderr.count("ScrapyDeprecationWarning") == 6


def test_outside_its_project_the_publisher_is_unknown(project: tuple[Path, dict[str, str]]) -> None:
    folder, environment = project
    page = folder / "page.html"
    page.write_text(PAGE.format(7))
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (folder / "scrapy.cfg").rename(folder / "src" / "scrapy.cfg")
    ended = run("extract", str(page), "--url", URL.format(7), cwd=elsewhere, environment=environment)
    assert json.loads(ended.stdout)["publisher"] == "tribune.example"
