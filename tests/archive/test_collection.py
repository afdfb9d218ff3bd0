"""A collection on disk: what a crash leaves is mended, what the disk refuses is said."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive import (
    ArchiveInUseError,
    Collection,
    WarcWriter,
)
from archive.collection import index_lines
from tests.support.exchanges import NOON, exchange, index_of, message, short_exchange, write, writer_of

if TYPE_CHECKING:
    from pathlib import Path


def _abandon(writer: WarcWriter) -> bytes:
    """Leave *writer* as a crash would: its files open, nothing renamed. Return what it had written."""
    assert writer._file
    writer._file._file.close()
    assert writer._collection._pending
    writer._collection._pending[1].close()
    return writer._file.path.read_bytes()


@pytest.mark.parametrize("cut", [1, 50, 200])
def test_a_torn_tail_is_cut_and_reported(collection: Collection, cut: int) -> None:
    writer = writer_of(collection)
    writer.write(short_exchange(1))
    whole = writer._file.size if writer._file else 0
    writer.write(short_exchange(2))
    data = _abandon(writer)
    collection.open_path(writer.files[0]).write_bytes(data[: whole + cut])
    reports: list[str] = []
    collection.mend(reports.append)
    path = collection.archive / writer.files[0]
    assert path.read_bytes() == data[:whole]
    assert [line.split('"url": "')[1].split('"')[0] for line in index_of(collection)] == ["http://a.vn/1"]
    assert f"cut {cut} bytes of an unfinished record at offset {whole}" in reports[0]
    assert not list(collection.root.rglob("*.open"))
    collection.mend(reports.append)
    assert len(reports) == 2


def test_a_crash_between_rename_and_index_is_mended(collection: Collection) -> None:
    writer = writer_of(collection)
    writer.write(short_exchange(1))
    _abandon(writer)
    collection.open_path(writer.files[0]).replace(collection.archive / writer.files[0])
    collection.mend(lambda _line: None)
    assert len(index_of(collection)) == 1
    assert not list(collection.root.rglob("*.open"))


def test_a_crash_while_mending_leaves_no_response_out_of_the_index(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = writer_of(collection)
    writer.write(short_exchange(1))
    _abandon(writer)
    for pending in collection.indexes.iterdir():
        pending.unlink()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(collection, "_merge", crash)
        with pytest.raises(KeyboardInterrupt):
            collection.mend(lambda _line: None)
    collection.mend(lambda _line: None)
    assert len(index_of(collection)) == 1
    assert not list(collection.root.rglob("*.open"))


def test_an_index_that_is_not_utf8_is_mended(collection: Collection) -> None:
    collection.index.write_bytes(b"vn,x)/ 2020\xff\n")
    writer = writer_of(collection)
    writer.write(short_exchange(1))
    writer.close()
    assert len(index_of(collection)) == 1


def test_a_file_without_any_record_goes(collection: Collection) -> None:
    collection.open_path("test-20260101120000-00000.warc.gz").write_bytes(b"\x1f\x8b\x08")
    collection.mend(lambda _line: None)
    assert list(collection.archive.iterdir()) == []


def test_a_collection_has_one_writer(collection: Collection) -> None:
    with pytest.raises(ArchiveInUseError, match=r"test: in use by a test, process \d+"):
        Collection(collection.root).acquire("another")
    collection.release()
    again = Collection(collection.root)
    again.acquire("another")
    again.release()


def test_a_long_index_is_not_rewritten_for_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.collection._SHORT", 1_000)
    collection = Collection(tmp_path / "c")
    sizes = []
    for number in range(60):
        # A second later each: another file.
        exchanged = exchange(number, message(b"a body"), url=f"http://a.vn/{number % 7}")
        write(
            collection.root, exchanged, job=f"202606010000{number:02}", begun=NOON + timedelta(seconds=number)
        )
        sizes.append((collection.index.stat().st_size, len(collection.index_files())))
    rewritten = sum(one[0] != other[0] for one, other in itertools.pairwise(sizes))
    assert 10 < rewritten < 35
    assert {count for _, count in sizes} == {1, 2}
    lines = [line for path in collection.warc_files() for line in index_lines(path)]
    assert list(collection.index_lines()) == sorted(lines)
    assert len(lines) == 60
    # As a crash leaves it after the long one was written anew, and before the other went.
    collection.acquire("a test")
    twice = {*collection.recent.read_text().splitlines(), *lines[:5]}
    collection.recent.write_text("".join(f"{line}\n" for line in sorted(twice)))
    assert list(collection.index_lines()) == sorted(lines)
    collection.rebuild_index(lambda _told: None)
    collection.release()
    assert collection.index_files() == [collection.index]
    assert index_of(collection) == sorted(lines)
