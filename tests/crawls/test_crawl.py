"""`scrapy crawl` refuses what is wrong in a line, before its first request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.crawls import SEEDS, crawl

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_without_archives_is_refused(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": tmp_path})
    assert ended.status == 1
    assert ended.err == f"vna: error: {tmp_path}: holds no .warc, .warc.gz, .warc.zst, .wet or .wacz file\n"


def test_an_unwritable_archive_dir_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = crawl("vna", tmp_path / "file", {"REPLAY": SEEDS})
    assert ended.status == 1
    (line,) = ended.err.splitlines()
    assert line.startswith("vna: error: ")
    assert str(tmp_path / "file") in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"edition": "xx"}, "edition=xx: not known; allowed: en, es, fr, ru, vi, zh"),
        ({"since": "yesterday"}, "since=yesterday: not a date; allowed: 2025-12-01,"),
        ({"until": "2025-13-01"}, "until=2025-13-01: not a date"),
        ({"since": "2025-12-02", "until": "2025-12-01"}, "since=2025-12-02 is not before"),
        ({"sections": "gossip"}, "sections=gossip: not known; allowed: "),
        ({"urls": "nowhere.txt"}, "urls=nowhere.txt: "),
        ({"urls": "http://a.vn/,ftp://a.vn/x"}, "urls=ftp://a.vn/x: not an http(s) URL"),
        ({"until": "9999-12-31"}, "until=9999-12-31: not a date"),
        ({"urls": "http://["}, "urls=http://[: not an http(s) URL"),
        ({"urls": ""}, "urls: "),
        ({"urls": "/dev/null"}, "urls: names no URL; leave it out to crawl all that is announced"),
        ({"name": "x"}, "unknown argument 'name'"),
        ({"editions": "zh"}, "unknown argument 'editions'; allowed: edition, since, until, sections, urls"),
    ],
)
def test_a_wrong_argument_stops_the_crawl(tmp_path: Path, arguments: dict[str, str], words: str) -> None:
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": SEEDS}, **arguments)
    assert ended.status == 1
    (line,) = ended.err.splitlines()
    assert line.startswith(f"vna: error: {words}")
    assert not (tmp_path / "crawl").exists()


def test_an_unknown_spider_is_named_with_those_there_are(tmp_path: Path) -> None:
    ended = crawl("vnexpress", tmp_path, {"REPLAY": SEEDS})
    assert ended.status == 2
    assert "no spider 'vnexpress'; there are: baotintuc, lecourrier, nhandan, " in ended.err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"REPLAY": ","}, "REPLAY=,: names no archive"),
        ({"REPLAY": SEEDS, "ARCHIVE_DIR": ""}, "ARCHIVE_DIR is empty"),
        ({"REPLAY": SEEDS, "ARCHIVE_MAX_BYTES": "1GB"}, "ARCHIVE_MAX_BYTES=1GB: not a whole number"),
        ({"REPLAY": SEEDS, "ARCHIVE_MAX_BYTES": "-5"}, "ARCHIVE_MAX_BYTES=-5: allowed: 1 to"),
        ({"REPLAY": SEEDS, "ARCHIVE_MAX_AGE": "9" * 17}, f"ARCHIVE_MAX_AGE={'9' * 17}: allowed: 1 to"),
        ({"REPLAY": SEEDS, "ARCHIVE_ENABLED": "maybe"}, "ARCHIVE_ENABLED=maybe: allowed: True, False"),
        ({"ARCHIVE_ENABLED": "maybe"}, "ARCHIVE_ENABLED=maybe: allowed: True, False"),
        ({"REPLAY": SEEDS, "EXTRACTION_WITNESS": "maybe"}, "EXTRACTION_WITNESS=maybe: allowed: True, False"),
        ({"PRIVATE_ADDRESSES_ALLOWED": "maybe"}, "PRIVATE_ADDRESSES_ALLOWED=maybe: allowed: True, False"),
    ],
)
def test_a_wrong_setting_stops_the_crawl(tmp_path: Path, settings: dict[str, object], words: str) -> None:
    ended = crawl("vna", tmp_path / "crawl", settings)
    assert ended.status == 1
    (line,) = ended.err.splitlines()
    assert words in line
