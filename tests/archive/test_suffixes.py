"""Which file names count as an archive."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from archive.suffixes import EXPECTED, is_archive, is_wacz, is_warc, warc_members

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst", "a.wet", "a.wet.gz", "a.wacz"])
def test_what_is_read_is_named_where_it_is_missed(name: str) -> None:
    assert is_archive(name)
    assert is_warc(name) != is_wacz(name)
    assert name.removeprefix("a").removesuffix(".gz") in EXPECTED
    # Files that are being written, and indexes beside them, are none.
    assert not is_archive(f"{name}.open")
    assert not is_archive(f"{name}.cdxj")


def test_only_the_archives_of_a_package_count(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        for name in ("pages/x.warc", "archive/b.warc.gz", "archive/readme.txt", "archive/a.warc"):
            package.writestr(name, b"")
    assert warc_members(tmp_path / "a.wacz") == ["archive/a.warc", "archive/b.warc.gz"]
