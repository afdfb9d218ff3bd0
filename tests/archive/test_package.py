"""A WACZ of a collection: the same bytes each time, and whatever is changed in it is found."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive import Collection, NotAnArchiveError
from archive.package import PackageCheck, PackedPage, index_lines_of, pack, public_key_text
from tests.support.exchanges import exchange, message, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def _held(root: Path) -> Iterator[Collection]:
    collection = Collection(root)
    collection.acquire("a test")
    yield collection
    collection.release()


def _packed(folder: Path, name: str, key: Ed25519PrivateKey | None = None) -> Path:
    output = folder / name
    with _held(folder / "c") as collection:
        pages: list[PackedPage] = []
        pack(collection, output, pages=pages, software="test", key=key)
    return output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "c", exchange(0, message()), exchange(1, message(b"other"), url="http://a.vn/2"))
    return tmp_path


def _faults(path: Path) -> tuple[list[str], str]:
    faults: list[str] = []
    check = PackageCheck(path, faults.append)
    check.check()
    return faults, check.signed_by


def test_the_same_collection_gives_the_same_bytes_and_its_index(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    one, other = _packed(folder, "one.wacz", key), _packed(folder, "other.wacz", key)
    assert one.read_bytes() == other.read_bytes()
    assert _faults(one) == ([], public_key_text(key.public_key()))
    assert list(index_lines_of(one)) == list(Collection(folder / "c").index_lines())
    assert _faults(_packed(folder, "unsigned.wacz")) == ([], "")


def test_whatever_is_changed_is_found(folder: Path) -> None:
    package, changed = _packed(folder, "one.wacz"), folder / "changed.wacz"
    with zipfile.ZipFile(package) as old:
        names = old.namelist()
    assert len(names) >= 5
    for name in names:
        with zipfile.ZipFile(package) as old, zipfile.ZipFile(changed, "w") as new:
            for each in names:
                data = old.read(each)
                new.writestr(each, data.replace(b"a", b"b") + b" " if each == name else data)
        assert _faults(changed)[0], name


def test_what_is_no_package_and_what_holds_nothing(folder: Path) -> None:
    (folder / "x.wacz").write_bytes(b"no package")
    ((fault,), _) = _faults(folder / "x.wacz")
    assert "x.wacz: not a readable WACZ" in fault
    with (
        _held(folder / "empty") as collection,
        pytest.raises(NotAnArchiveError, match="holds no closed WARC"),
    ):
        pack(collection, folder / "y.wacz", pages=(), software="test")
    assert not list(folder.glob("y.wacz*"))
