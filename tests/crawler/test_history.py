"""`scrapy history` and `scrapy coverage`, after crawls of a site that changes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from crawler.console.word_diff import word_diff
from crawler.extensions.monitors import complaints
from tests.crawler.test_politeness import PAGE, Site, _answer
from tests.crawls import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    with site.server:
        yield site


def _scrapy(*arguments: object, status: int = 0) -> str:
    command = [sys.executable, "-m", "crawler", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)
    assert ended.returncode == status, ended
    return ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Three men died today.", "Four men died today.", "[-Three-]{+Four+} men died today."),
        ("one two", "one two three", "one two {+three+}"),
        ("one two three", "one three", "one [-two-] three"),
        ("出口50亿美元。", "出口60亿美元。", "出口[-50-]{+60+}亿美元。"),
        ("今天五人死亡", "今天六人死亡", "今天[-五-]{+六+}人死亡"),
        ("", "new", "{+new+}"),
        ("same", "same", "same"),
        (
            "a b c d e f g h i j k l m n o p q r s t old",
            "a b c d e f g h i j k l m n o p q r s t new",
            "… m n o p q r s t [-old-]{+new+}",
        ),
    ],
)
def test_a_diff_by_words_and_by_characters_where_there_are_none(old: str, new: str, expected: str) -> None:
    assert word_diff(old, new) == expected


def test_a_diff_of_long_texts_loses_no_change() -> None:
    old = [f"w{number}" for number in range(3000)]
    new = ["changed" if number % 500 == 7 else word for number, word in enumerate(old)]
    told = word_diff(" ".join(old), " ".join(new))
    assert told.count("{+changed+}") == 6
    assert len(told) < 1500


def test_a_text_that_repeats_itself_does_not_take_for_ever() -> None:
    told = word_diff("begin " + "the same " * 20_000 + "end", "began " + "same the " * 20_000 + "end")
    assert told.startswith("[-begin")
    assert told.endswith("end")


def test_history_tells_revisions_removals_and_returns(site: Site) -> None:
    hour = 3600
    site.crawl(edition="zh")
    changed = PAGE.replace(b"and then some more", b"but not much more")
    site.special = lambda _host, path: _answer(changed) if "-post1." in path else None
    site.crawl(edition="zh", later=1.1 * hour)
    site.special = lambda _host, path: _answer(b"", b"410 Gone") if "-post1." in path else None
    assert "1, restored 0" in site.crawl(edition="zh", later=7 * hour).out
    site.special = lambda _host, _path: None
    back = site.crawl(edition="zh", later=25 * hour)
    assert "0, restored 1" in back.out
    folder = site.folder / "c"
    told = _scrapy("history", "vna:zh:1", "--collection", folder)
    lines = told.splitlines()
    assert lines[0].startswith("vna:zh:1, ")
    assert [line.split("  ")[1].strip() for line in lines if " UTC  " in line] == [
        "revision 1", "revision 2", "removed", "returned", "revision 3",
    ]  # fmt: skip
    shown = "text: … enough to be a paragraph of an article, [-and then some-]{+but not much+} more of it."
    assert shown in told
    for item in back.items:
        if item["id"] == "vna:zh:1":
            assert f"{item['capture']['file']}:{item['capture']['offset']}" in told
    url = "https://zh.vietnamplus.vn/other-slug-post1.vnp"
    assert _scrapy("history", url, "--collection", folder) == told
    assert "not found in" in _scrapy("history", "vna:zh:99", "--collection", folder, status=2)


def test_coverage_tells_what_was_announced_and_what_became_of_it(site: Site) -> None:
    def failing(_host: str, path: str) -> object:
        answers = {"/a-post1.vnp": b"500 Oops", "/a-post2.vnp": b"404 Not Found"}
        return _answer(b"", answers[path]) if path in answers else None

    site.special = failing  # type: ignore[assignment]
    site.crawl(edition="zh")
    (line,) = _scrapy("coverage", site.folder / "c", "--json").splitlines()
    figures = json.loads(line)
    assert (figures["publisher"], figures["edition"]) == ("vna", "zh")
    assert (figures["announced"], figures["captured"], figures["missed"]) == (3, 1, 0)
    assert figures["failed"] == {"404": 1, "500": 1}
    assert 0 <= figures["median_seconds"] <= figures["worst_seconds"] < 60
    site.special = lambda _host, _path: None
    site.crawl(edition="zh", later=900)
    (line,) = _scrapy("coverage", site.folder / "c", "--json").splitlines()
    assert (json.loads(line)["captured"], json.loads(line)["failed"]) == (3, {})
    assert json.loads(line)["worst_seconds"] > 890
    table = _scrapy("coverage", site.folder / "c")
    assert "announced  captured" in table
    assert "15m" in table
    nothing = _scrapy("coverage", site.folder / "c", "--since", "2100-01-01")
    assert nothing.endswith("/c/vna: nothing was announced\n")
    assert "not a day" in _scrapy("coverage", site.folder / "c", "--since", "yesterday", status=2)


def test_what_is_much_worse_than_before_is_told() -> None:
    before = [{"fields/vna/articles": 50, "fields/vna/authors": 45, "visits/asked": 60, "visits/had": 60}] * 4
    now = {"fields/vna/articles": 40, "fields/vna/authors": 4, "visits/asked": 50, "visits/had": 20}
    told = list(complaints(now, before, {"fields/vna/authors": "x.warc.gz:77"}))
    assert told == [
        "pages that could be fetched: 40% of 50, 100% before",
        "vna: articles with authors: 10% of 40, 90% before; for example x.warc.gz:77",
    ]
    assert list(complaints(before[0], before, {})) == []
    # Too little to tell.
    assert list(complaints({"fields/vna/articles": 9, "fields/vna/authors": 0}, before, {})) == []
    assert list(complaints(now, before[:1], {})) == []


def test_a_failed_monitor_sets_the_exit_status(tmp_path: Path) -> None:
    site = Site(tmp_path, count=120)
    with site.server:
        assert site.crawl(edition="zh").status == 0
        bare = PAGE.replace(b"article__title cms-title", b"").replace(b"A title", b"")
        site.special = lambda host, path: (
            _answer(bare) if "-post" in path and host.startswith("en.") else None
        )
        ended = site.crawl(edition="en", later=60)
    assert ended.status == 3
    assert "vna: articles with headline: 0% of 120, 100% before; for example vna-" in ended.err
