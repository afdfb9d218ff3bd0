"""One table says which file names count as an archive."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from archive.suffixes import is_archive, is_wacz, is_warc, warc_members

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "warc", "wacz"),
    [
        ("a.warc", True, False),
        ("a.warc.gz", True, False),
        ("a.warc.zst", True, False),
        ("CC-MAIN-1.warc.wet.gz", True, False),
        ("a.wacz", False, True),
        ("a.warc.gz.open", False, False),
        ("index.cdxj", False, False),
        ("warc", False, False),
    ],
)
def test_names(name: str, *, warc: bool, wacz: bool) -> None:
    assert (is_warc(name), is_wacz(name), is_archive(name)) == (warc, wacz, warc or wacz)


def test_the_warc_files_of_a_package_are_those_in_its_archive_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as package:
        for name in ("archive/b.warc.gz", "archive/a.warc", "archive/notes.txt", "elsewhere/c.warc.gz"):
            package.writestr(name, b"")
    assert warc_members(path) == ["archive/a.warc", "archive/b.warc.gz"]
    (tmp_path / "no.wacz").write_bytes(b"not a ZIP")
    with pytest.raises(zipfile.BadZipFile):
        warc_members(tmp_path / "no.wacz")
