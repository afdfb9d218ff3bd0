"""Offline crawls: the same bytes every time, no socket, clear words when the archive is not right."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import ArchiveIndex, find_sources
from crawler.errors import ReplayError
from crawler.testing import replay
from tests.crawls import ROOT, SEEDS, crawl, records

# Refuses every socket but the pair by which an event loop wakes itself.
NO_SOCKETS = """
import sys

def audit(event, arguments):
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}:
        raise RuntimeError(f"{event}{arguments}")
    if event == "socket.__new__" and arguments[1] != 1:
        raise RuntimeError(f"{event}{arguments}")

sys.addaudithook(audit)
"""


def test_replays_give_the_same_bytes_at_any_concurrency(tmp_path: Path) -> None:
    runs = [
        crawl("vna", tmp_path / name, {"REPLAY": SEEDS, **settings})
        for name, settings in {
            "once": {},
            "twice": {},
            "one": {"CONCURRENT_REQUESTS": 1},
            "many": {"CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 32},
        }.items()
    ]
    first = runs[0].files()
    assert {Path(name).suffix for name in first} == {".gz", ".cdxj", ".jsonl"}
    assert len(runs[0].items) == 4
    for run in runs:
        assert run.status == 0, run.err
        assert run.files() == first


def test_a_replay_into_the_same_collection_changes_nothing(tmp_path: Path) -> None:
    first = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    files = first.files()
    second = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    assert second.files() == files
    assert second.out == first.out
    part = crawl("vna", tmp_path, {"REPLAY": SEEDS}, edition="vi")
    assert part.status == 0, part.err
    assert files.items() <= part.files().items()


@pytest.mark.parametrize(
    ("spider", "articles"), [("vna", 4), ("vietnamvn", 1), ("nhandan", 0), ("baotintuc", 0)]
)
def test_every_spider_replays_the_seeds(tmp_path: Path, spider: str, articles: int) -> None:
    ended = crawl(spider, tmp_path, {"REPLAY": SEEDS})
    assert ended.status == 0, ended.err
    assert ended.err == ""
    assert len(ended.items) == articles
    assert ended.out.splitlines()[0] == spider
    rows = dict(line.split(maxsplit=1) for line in ended.out.splitlines()[1:])
    assert rows["articles"] == str(articles)
    assert rows["failures"] == "0"


def test_a_replay_opens_no_socket(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKETS)
    path = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    refused = subprocess.run(
        [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"],
        capture_output=True, check=False, env={**os.environ, **path}, text=True,
    )  # fmt: skip
    assert "RuntimeError: socket." in refused.stderr
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": SEEDS}, environment=path)
    assert ended.status == 0, ended.err
    assert len(ended.items) == 4


def test_what_the_archive_lacks_is_refused_and_counted(tmp_path: Path) -> None:
    urls = "https://zh.vietnamplus.vn/article-post268001.vnp,https://zh.vietnamplus.vn/article-post1.vnp"
    ended = crawl("vna", tmp_path, {"REPLAY": SEEDS}, urls=urls)
    assert [item["id"] for item in ended.items] == ["vna:zh:268001"]
    assert "1 requests, to zh.vietnamplus.vn" in ended.out


def test_exchanges_are_copied_as_they_were(tmp_path: Path) -> None:
    ended = crawl("vietnamvn", tmp_path, {"REPLAY": SEEDS})
    originals = {e.url: e.read() for e in ArchiveIndex(find_sources([SEEDS / "seeds.warc.gz"]))}
    copies = {e.url: e.read() for e in ArchiveIndex(find_sources(ended.warcs))}
    assert len(copies) == 7
    assert copies == {url: originals[url] for url in copies}


def test_without_archiving_items_point_into_the_replayed_archive(tmp_path: Path) -> None:
    ended = crawl("vietnamvn", tmp_path, {"REPLAY": SEEDS, "ARCHIVE_ENABLED": False})
    assert ended.warcs == []
    (item,) = ended.items
    capture = item["capture"]
    assert capture["file"] == "seeds.warc.gz"
    (record,) = (r for r in records(SEEDS / "seeds.warc.gz") if r.offset == capture["offset"])
    assert record.get("WARC-Record-ID") == capture["record_id"]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def _overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[20_000:20_100] = bytes(100)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (Path.unlink, "no such file or folder"),
        (lambda path: path.write_bytes(b""), "holds no HTTP exchange"),
        (lambda path: path.write_bytes(b"<html>" * 100), "no WARC record begins with"),
        (_cut, "the file ends inside it"),
        (_overwritten, "record at offset"),
    ],
)
def test_a_broken_archive_stops_the_crawl_with_one_line(tmp_path: Path, spoil: object, words: str) -> None:
    archive = tmp_path / "broken.warc.gz"
    shutil.copy(SEEDS / "seeds.warc.gz", archive)
    spoil(archive)  # type: ignore[operator]
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": archive})
    assert ended.status == 1
    (line,) = ended.err.splitlines()
    assert line.startswith("vna: error: ")
    assert str(archive) in line
    assert words in line
    assert not list((tmp_path / "crawl").rglob("*.*"))


def test_a_folder_without_archives_is_refused(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path / "crawl", {"REPLAY": tmp_path})
    assert ended.status == 1
    assert ended.err == f"vna: error: {tmp_path}: holds no .warc, .warc.gz or .wacz file\n"


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
    assert "no spider 'vnexpress'; there are: baotintuc, nhandan, vietnamvn, vna" in ended.err


def test_replay_for_other_peoples_tests() -> None:
    articles = replay("vna", "seeds", edition="zh")
    assert {article.edition for article in articles} == {"zh"}
    assert len(articles) == 4
    with pytest.raises(ReplayError, match="edition=xx: not known"):
        replay("vna", "seeds", edition="xx")
    with pytest.raises(ReplayError, match="no such file"):
        replay("vna", "nowhere")
