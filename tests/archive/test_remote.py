"""WARC files where they are: files, globs, folders and packages at URLs."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from archive import NotAnArchiveError, read_records
from archive.remote import find_remote, is_remote, open_remote
from tests.support.crawls import SEEDS, records

if TYPE_CHECKING:
    from pathlib import Path

SEED = SEEDS / "seeds.warc.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.warc.gz", "a.warc.gz"):
        (tmp_path / name).write_bytes(SEED.read_bytes())
    (tmp_path / "readme.txt").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "c.wacz", "w") as package:
        package.write(SEED, "archive/inside.warc.gz")
        package.writestr("pages/pages.jsonl", "")
    return tmp_path


@pytest.mark.parametrize(
    ("location", "expected"),
    [("s3://b/x", True), ("HTTPS://a.vn/", True), ("/srv/x", False), ("c:x", False), ("a/b.warc", False)],
)
def test_a_url_is_no_path(location: str, *, expected: bool) -> None:
    assert is_remote(location) == expected


def test_a_folder_a_glob_and_a_package_hold_what_they_hold(folder: Path) -> None:
    root = f"file://{folder}"
    assert [source.name for source in find_remote(root)] == ["a.warc.gz", "b.warc.gz", "inside.warc.gz"]
    assert [source.name for source in find_remote(f"{root}/[b]*.gz")] == ["b.warc.gz"]
    (inside,) = find_remote(f"{root}/c.wacz")
    assert str(inside) == f"{root}/c.wacz:archive/inside.warc.gz"
    for source in find_remote(root):
        with source.open() as stream:
            assert list(read_records(stream, "x")) == records(SEED)


def test_a_stream_seeks_and_its_size_is_known(folder: Path) -> None:
    (source,) = find_remote(f"file://{folder}/a.warc.gz")
    assert source.size == SEED.stat().st_size
    with open_remote(source.url) as stream:
        stream.seek(100)
        assert stream.tell() == 100
        assert stream.read(50) == SEED.read_bytes()[100:150]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("readme.txt", "not a .warc"),
        ("none/", "not a .warc"),
        ("*.nothing", "holds no .warc"),
    ],
)
def test_what_is_no_archive_is_named(folder: Path, name: str, words: str) -> None:
    with pytest.raises(NotAnArchiveError, match=words):
        find_remote(f"file://{folder}/{name}")
    with pytest.raises(NotAnArchiveError, match="nonsense"):
        find_remote("nonsense://x/a.warc.gz")


def test_what_is_not_there_is_an_os_error_with_its_url(folder: Path) -> None:
    (source,) = find_remote(f"file://{folder}/missing.warc.gz")
    with pytest.raises(FileNotFoundError, match=r"missing\.warc\.gz"):
        source.open()
