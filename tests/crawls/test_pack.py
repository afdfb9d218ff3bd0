"""`scrapy pack` makes packages that are valid, signed and the same each time."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.crawls import crawl, items_of, printed, refused, warc_of

if TYPE_CHECKING:
    from pathlib import Path


def _keys(folder: Path) -> tuple[Path, str]:
    key = Ed25519PrivateKey.generate()
    path = folder / "key.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path, str(path)


def test_a_package_is_valid_signed_and_the_same_each_time(collection: Path, tmp_path: Path) -> None:
    key, _ = _keys(tmp_path)
    package, again = tmp_path / "vna.wacz", tmp_path / "again.wacz"
    out = printed("pack", collection, "-o", package, "--sign", key).splitlines()
    public = out[1].rpartition(" ")[2]
    printed("pack", collection, "-o", again, "--sign", key)
    assert package.read_bytes() == again.read_bytes()
    verified = printed("verify", package, "--key", public)
    assert verified == (
        f"{package}: signed with {public}\n1 files, 31 records, 13 index lines, 0 pointers: no faults\n"
    )
    assert "not signed with AAAA" in printed("verify", package, "--key", "AAAA", status=1)
    validator = [sys.executable, "-m", "wacz", "validate", "-f", str(package)]
    ended = subprocess.run(validator, capture_output=True, check=False, text=True)
    assert "Validation succeeded, the passed WACZ is valid" in ended.stdout, ended
    with zipfile.ZipFile(package) as opened:
        pages = opened.read("pages/pages.jsonl").decode().splitlines()
    assert len(pages) == 5
    assert json.loads(pages[1])["url"].startswith("https://zh.vietnamplus.vn/")


def test_a_package_replays_like_its_collection(collection: Path, tmp_path: Path) -> None:
    package = tmp_path / "vna.wacz"
    printed("pack", collection, "-o", package)
    replayed = crawl("vna", tmp_path / "again", {"REPLAY": package}, edition="zh")
    assert [item["id"] for item in replayed.items] == [
        json.loads(line)["id"] for line in items_of(collection).read_bytes().splitlines()
    ]


@pytest.mark.parametrize(
    "member", ["archive/", "indexes/index.cdx.gz", "pages/pages.jsonl", "datapackage.json"]
)
def test_a_package_that_was_changed_is_found_out(collection: Path, tmp_path: Path, member: str) -> None:
    package, changed = tmp_path / "vna.wacz", tmp_path / "changed.wacz"
    printed("pack", collection, "-o", package, "--sign", _keys(tmp_path)[0])
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(data[-40:-30], b"0123456789") if name.startswith(member) else data
            )
    out = printed("verify", changed, status=1)
    assert member in out


def test_a_signature_of_another_package_is_found_out(collection: Path, tmp_path: Path) -> None:
    package, changed = tmp_path / "vna.wacz", tmp_path / "changed.wacz"
    key = _keys(tmp_path)[0]
    printed("pack", collection, "-o", package, "--sign", key)
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "datapackage-digest.json":
                proof = json.loads(data)
                proof["signedData"]["hash"] = f"sha256:{'0' * 64}"
                data = json.dumps(proof).encode()
            new.writestr(name, data)
    assert "the signature is not that of" in printed("verify", changed, status=1)
    assert "not an Ed25519 key" in refused("pack", collection, "--sign", _rsa(tmp_path))
    assert "not a PEM private key" in refused("pack", collection, "--sign", package)


def _rsa(folder: Path) -> Path:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key  # noqa: PLC0415

    path = folder / "ec.pem"
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


def test_a_member_that_stands_twice_and_bytes_before_the_package_are_found_out(
    collection: Path, tmp_path: Path
) -> None:
    package, twice, before = (tmp_path / name for name in ("vna.wacz", "twice.wacz", "before.wacz"))
    printed("pack", collection, "-o", package, "--sign", _keys(tmp_path)[0])
    before.write_bytes(b"something else" + package.read_bytes())
    assert "the ZIP does not begin at the start of the file" in printed("verify", before, status=1)
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(twice, "w") as new, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        new.writestr("pages/pages.jsonl", b"{}\n")
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert "pages/pages.jsonl: occurs 2 times" in printed("verify", twice, status=1)


def test_pack_overwrites_no_archive_and_names_lines_that_are_no_articles(
    collection: Path, tmp_path: Path
) -> None:
    assert "is inside the collection" in refused("pack", collection, "-o", warc_of(collection))
    (tmp_path / "notes.txt").write_text("mine")
    assert "exists and is not a .wacz file" in refused("pack", collection, "-o", tmp_path / "notes.txt")
    items_of(collection).write_text("no JSON\n")
    assert "a line is not an article" in refused("pack", collection, "-o", tmp_path / "x.wacz")
    assert not list(tmp_path.glob("*.wacz*"))
