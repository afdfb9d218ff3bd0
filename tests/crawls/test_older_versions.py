"""What older versions left stays readable: lines, archives, state, and what commands say of them."""

from __future__ import annotations

import json
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from archive import ArchiveIndex, find_sources
from crawler import __version__
from crawler.items import Article
from crawler.state import State
from tests.support.crawls import FAST, crawl, items, printed, run
from tests.support.older import VERSIONS, copied, proxies, site_of
from tests.support.wire_server import Answer

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = ["vna:en:330001", "vna:en:330001", "vna:en:330002", "vna:zh:330001", "vna:zh:330002"]


@pytest.fixture(params=VERSIONS)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return copied(request.param, tmp_path / "collections")


def test_its_lines_are_articles(older: Path) -> None:
    for path in sorted(older.glob("*/items/*.jsonl")):
        for line in path.read_bytes().splitlines():
            article, values = Article.from_json(line), json.loads(line)
            written = json.loads(article.to_json())
            assert {name: written[name] for name in values} == values
    assert sorted(item["id"] for item in items(older / "vna")) == ARTICLES
    revised = [item for item in items(older / "vna") if item["revision"]["number"] > 1]
    assert [item["date_modified"] for item in revised] == ["2026-07-16T19:30:00+07:00"]
    assert all(item["keywords"] and item["images"] and item["date_modified"] for item in items(older / "vna"))
    assert any(item["related"] for item in items(older / "vna"))


def test_its_state_is_opened_and_commands_read_it(older: Path) -> None:
    with closing(State(older / "vna" / "state.sqlite")):
        pass
    root = older / "vna"
    assert printed("verify", older).endswith("no faults\n")
    history = run("history", "vna:en:330001", "--collection", root)
    assert history.returncode == 0, history.stderr
    assert "[-2.5-]{+2.7+}" in history.stdout
    coverage = run("coverage", root)
    assert coverage.returncode == 0, coverage.stderr
    assert all(f"vna:{edition}" in coverage.stdout for edition in ("en", "zh"))


def test_mending_leaves_it_as_it_is(older: Path) -> None:
    files = {
        path: path.read_bytes() for path in older.rglob("*") if path.is_file() and path.suffix != ".sqlite"
    }
    assert run("mend", older).returncode == 0
    left = {
        path: path.read_bytes() for path in older.rglob("*") if path.suffix != ".sqlite" and path.is_file()
    }
    assert {path: left.get(path) for path in files} == files
    assert not list(older.rglob("*.damaged"))


def test_what_it_left_open_is_closed(older: Path) -> None:
    root = older / "vna"
    (path, *_) = sorted((root / "items").iterdir())
    lines = path.read_bytes()
    path.rename(path.with_name(f"{path.name}.open"))
    out = printed("mend", root)
    assert f"{path}: closed, 4 articles" in out
    assert path.read_bytes() == lines
    assert not list(older.rglob("*.damaged"))


def test_extract_gives_the_articles_and_versions_of_its_crawls(older: Path) -> None:
    ended = run("extract", older / "vna")
    assert (ended.returncode, ended.stderr) == (0, "")
    extracted = [json.loads(line) for line in ended.stdout.splitlines()]
    crawled = items(older / "vna")

    def versions(articles: list[dict[str, object]]) -> list[tuple[object, object]]:
        return sorted((item["id"], item["revision"]["number"]) for item in articles)  # type: ignore[index]

    assert versions(extracted) == versions(crawled)


def test_its_site_can_be_served_again(older: Path, tmp_path: Path) -> None:
    archived = ArchiveIndex(find_sources([older / "vna" / "archive"]))
    url = "https://en.vietnamplus.vn/new-bridge-post330001.vnp"
    with site_of(older / "vna", tmp_path) as server:
        address = url.replace("https://", "http://")
        request = urllib.request.Request(address)  # noqa: S310  at our own server
        request.set_proxy(proxies(server)["http_proxy"].removeprefix("http://"), "http")
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            body = answer.read()
    exchanges = archived.find("GET", url)
    assert len(exchanges) == 2
    assert exchanges[-1].read().received.endswith(body)
    assert b"2.7 trillion" in body


def test_the_next_crawl_makes_no_revision_that_the_publisher_did_not_make(
    older: Path, tmp_path: Path
) -> None:
    before = items(older / "vna")
    with site_of(older / "vna", tmp_path) as server:
        ended = [
            crawl("vna", older, FAST, environment=proxies(server), edition="zh,en", later=days * 86_400)
            for days in (2, 3, 8)
        ]
    assert [each.status for each in ended] == [0, 0, 0], ended[0].err
    assert "unchanged      4" in ended[0].out
    assert items(older / "vna") == before
    with closing(State(older / "vna" / "state.sqlite")) as state:
        # Everything is compared by today's rules from now on, and stays on the schedule.
        rules = state.database.rows("SELECT DISTINCT rules FROM article WHERE revision > 0")
        assert [name for (name,) in rules] == [__version__]
        assert state.database.value("SELECT count(*) FROM article WHERE due IS NULL") == 0


def test_an_edit_after_the_upgrade_is_one(older: Path, tmp_path: Path) -> None:
    server = site_of(older / "vna", tmp_path)
    plays = server.answer

    def answer(host: str, path: str, nth: int) -> Answer:
        played = plays(host, path, nth)
        return Answer(played.data.replace(b"2.7 trillion", b"2.9 trillion"))

    server.answer = answer
    with server:
        crawl("vna", older, FAST, environment=proxies(server), edition="en", later=2 * 86_400)
    (edited,) = (item for item in items(older / "vna") if item["revision"]["number"] == 3)
    assert "2.9 trillion" in edited["text"]
    assert edited["revision"]["changed"] == ["body", "text"]
    assert edited["flags"] == []
