"""`scrapy verify`, `mend`, `pack` and `freeze`, as a user runs them."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crawler.testing import FrozenPage, frozen
from tests.archive.test_revisits import exchange, message, write
from tests.crawls import ROOT, SEEDS, Crawl, crawl, records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    return crawl("vna", tmp_path_factory.mktemp("crawled"), {"REPLAY": SEEDS}, edition="zh")


@pytest.fixture
def collection(crawled: Crawl, tmp_path: Path) -> Path:
    """A copy of a crawl's collection, to be spoilt."""
    root = tmp_path / "vna"
    shutil.copytree(crawled.root, root)
    return root


def _scrapy(*arguments: object, status: int = 0) -> str:
    command = [sys.executable, "-m", "crawler", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)
    assert (ended.returncode, ended.stderr) == (status, ""), ended
    return ended.stdout


def _refused(*arguments: object) -> str:
    command = [sys.executable, "-m", "crawler", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)
    assert ended.returncode == 2
    return ended.stdout + ended.stderr


def _warc(root: Path) -> Path:
    (path,) = (root / "archive").glob("*.warc.gz")
    return path


def _items(root: Path) -> Path:
    (path,) = (root / "items").glob("*.jsonl")
    return path


def _rewrite(path: Path, change: Callable[[bytes], bytes], number: int) -> None:
    """Change the record *number* of a WARC file, the others as they are."""
    data, out = path.read_bytes(), b""
    for n, record in enumerate(records(path)):
        member = data[record.offset : record.offset + record.length]
        out += gzip.compress(change(gzip.decompress(member)), mtime=0) if n == number else member
    path.write_bytes(out)


def test_a_whole_collection_has_no_fault(collection: Path) -> None:
    out = _scrapy("verify", collection)
    assert out == "1 files, 31 records, 13 index lines, 4 pointers: no faults\n"
    assert _scrapy("verify", collection.parent) == out
    assert _scrapy("verify", _warc(collection)).endswith("31 records, 0 index lines, 0 pointers: no faults\n")
    assert _scrapy("mend", collection) == f"{collection}: nothing to mend\n"


def _responses(path: Path) -> list[int]:
    return [n for n, record in enumerate(records(path)) if record.type == "response"]


def test_a_changed_byte_is_found_in_block_and_payload(collection: Path) -> None:
    path = _warc(collection)
    number = _responses(path)[-1]
    offset = records(path)[number].offset
    _rewrite(path, lambda data: data[:-10] + bytes([data[-10] ^ 1]) + data[-9:], number)
    out = _scrapy("verify", collection, status=1).splitlines()
    assert f"{path}: record at offset {offset}: WARC-Block-Digest is sha1:" in out[0]
    assert f"{path}: record at offset {offset}: WARC-Payload-Digest is sha1:" in out[1]
    assert ", but its bytes give sha1:" in out[1]
    assert out[-1].endswith("faults")


def test_index_lines_that_lie_are_found_and_made_anew(collection: Path) -> None:
    index = collection / "indexes" / "index.cdxj"
    whole = index.read_text()
    lines = whole.splitlines()
    fields = json.loads(lines[2].split(" ", 2)[2])
    lines[2] = lines[2].replace(f'"offset": "{fields["offset"]}"', '"offset": "7"')
    lines[3] = lines[3].replace('"digest": "sha1:', '"digest": "sha1:A')
    del lines[5]
    index.write_text("\n".join([*lines, "zz) nonsense"]) + "\n")
    out = _scrapy("verify", collection, status=1).splitlines()
    name = _warc(collection).name
    assert out[0] == f"{index}:3: points to {name} at offset 7, where no response begins"
    assert out[1].startswith(f"{index}:4: digest is sha1:A")
    assert out[2] == f"{index}:13: not a CDXJ line"
    assert [line for line in out if ": has no line for https://" in line] == out[3:5]
    assert out[5].endswith(": 5 faults")
    assert _scrapy("mend", collection) == f"{index}: rebuilt; lines added: 3, removed: 3\n"
    assert index.read_text() == whole


def test_pointers_that_lie_are_found(collection: Path) -> None:
    path = _items(collection)
    first, second, third, fourth = (json.loads(line) for line in path.read_bytes().splitlines())
    first["capture"]["offset"] += 1
    second["capture"]["record_id"] = "<urn:uuid:another>"
    del third["capture"]
    path.write_text("".join(json.dumps(item) + "\n" for item in (first, second, third, fourth)))
    out = _scrapy("verify", collection, status=1).splitlines()
    assert [line.partition(f"{path}:")[2].partition(" ")[0] for line in out[:3]] == ["1:", "2:", "3:"]
    assert "no response there" in out[0]
    assert "another record" in out[1]
    assert out[2].endswith("not an item with a capture")


def test_a_torn_tail_and_files_left_open_are_found_and_mended(collection: Path) -> None:
    path, items, index = _warc(collection), _items(collection), collection / "indexes" / "index.cdxj"
    whole, wanted = path.read_bytes(), index.read_text()
    path.rename(torn := path.with_name(f"{path.name}.open"))
    torn.write_bytes(whole + whole[:100])
    index.unlink()
    out = _scrapy("verify", collection, status=1)
    assert f"{torn}: still open: if no crawl is writing it, `scrapy mend` closes it\n" in out
    mended = _scrapy("mend", collection)
    assert f"{torn}: cut 100 bytes of an unfinished record at offset {len(whole)}\n" in mended
    assert path.read_bytes() == whole
    assert index.read_text() == wanted
    assert items.exists()
    assert _scrapy("verify", collection).endswith("no faults\n")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    assert "no such file or folder" in _refused("verify", tmp_path / "none")
    assert "holds no collection" in _refused("mend", tmp_path)
    assert "holds no collection" in _refused("pack", tmp_path)
    assert "give at least one" in _refused("verify")


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
    out = _scrapy("pack", collection, "-o", package, "--sign", key).splitlines()
    public = out[1].rpartition(" ")[2]
    _scrapy("pack", collection, "-o", again, "--sign", key)
    assert package.read_bytes() == again.read_bytes()
    verified = _scrapy("verify", package, "--key", public)
    assert verified == (
        f"{package}: signed with {public}\n1 files, 31 records, 13 index lines, 0 pointers: no faults\n"
    )
    assert "not signed with AAAA" in _scrapy("verify", package, "--key", "AAAA", status=1)
    validator = [sys.executable, "-m", "wacz", "validate", "-f", str(package)]
    ended = subprocess.run(validator, capture_output=True, check=False, text=True)
    assert "Validation succeeded, the passed WACZ is valid" in ended.stdout, ended
    with zipfile.ZipFile(package) as opened:
        pages = opened.read("pages/pages.jsonl").decode().splitlines()
    assert len(pages) == 5
    assert json.loads(pages[1])["url"].startswith("https://zh.vietnamplus.vn/")


def test_a_package_replays_like_its_collection(collection: Path, tmp_path: Path) -> None:
    package = tmp_path / "vna.wacz"
    _scrapy("pack", collection, "-o", package)
    replayed = crawl("vna", tmp_path / "again", {"REPLAY": package}, edition="zh")
    assert [item["id"] for item in replayed.items] == [
        json.loads(line)["id"] for line in _items(collection).read_bytes().splitlines()
    ]


@pytest.mark.parametrize(
    "member", ["archive/", "indexes/index.cdx.gz", "pages/pages.jsonl", "datapackage.json"]
)
def test_a_package_that_was_changed_is_found_out(collection: Path, tmp_path: Path, member: str) -> None:
    package, changed = tmp_path / "vna.wacz", tmp_path / "changed.wacz"
    _scrapy("pack", collection, "-o", package, "--sign", _keys(tmp_path)[0])
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(data[-40:-30], b"0123456789") if name.startswith(member) else data
            )
    out = _scrapy("verify", changed, status=1)
    assert member in out


def test_a_signature_of_another_package_is_found_out(collection: Path, tmp_path: Path) -> None:
    package, changed = tmp_path / "vna.wacz", tmp_path / "changed.wacz"
    key = _keys(tmp_path)[0]
    _scrapy("pack", collection, "-o", package, "--sign", key)
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "datapackage-digest.json":
                proof = json.loads(data)
                proof["signedData"]["hash"] = f"sha256:{'0' * 64}"
                data = json.dumps(proof).encode()
            new.writestr(name, data)
    assert "the signature is not that of" in _scrapy("verify", changed, status=1)
    assert "not an Ed25519 key" in _refused("pack", collection, "--sign", _rsa(tmp_path))
    assert "not a PEM private key" in _refused("pack", collection, "--sign", package)


def _rsa(folder: Path) -> Path:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key  # noqa: PLC0415

    path = folder / "ec.pem"
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


def test_freeze_makes_a_test_of_a_page(crawled: Crawl, tmp_path: Path) -> None:
    folder = ("-s", f"ARCHIVE_DIR={crawled.folder}", "-d", tmp_path / "pages")
    url = "https://zh.vietnamplus.vn/article-post268001.vnp"
    by_url = _scrapy("freeze", "vna", url, *folder).splitlines()
    assert [path.rpartition(".")[2] for path in by_url] == ["gz", "json"]
    item = next(item for item in crawled.items if item["url"] == url)
    pointer = f"{item['capture']['file']}:{item['capture']['offset']}"
    assert _scrapy("freeze", "vna", pointer, *folder).splitlines() == by_url
    (page,) = frozen(tmp_path / "pages")
    assert page.expected
    assert page.actual == page.expected
    differ = {"extractor", "capture"}
    assert {k: v for k, v in page.expected.items() if k not in differ} == {
        k: v for k, v in item.items() if k not in differ
    }
    (record,) = records(page.path)
    assert record.get("WARC-Record-ID") == item["capture"]["record_id"]
    assert "no page with status 200 in" in _refused("freeze", "vna", "https://nowhere.example/", *folder)


def test_verify_goes_on_behind_a_package_that_cannot_be_read(collection: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    collection.rename(folder / "vna")
    _scrapy("pack", folder / "vna", "-o", folder / "vna.wacz")
    (folder / "a.wacz").write_bytes(b"no package")
    shutil.copy(SEEDS / "seeds.warc.gz", folder / "z.warc.gz")
    said = _scrapy("verify", folder, "--key", "AAAA", status=1)
    assert "a.wacz: not a readable WACZ" in said
    assert "vna.wacz: not signed with AAAA" in said
    # The collection, its package and the file beside them.
    assert "\n3 files, " in said


def test_a_collection_in_zstd_serves_like_any_other(crawled: Crawl, tmp_path: Path) -> None:
    settings = {"REPLAY": SEEDS, "ARCHIVE_COMPRESSION": "zstd"}
    zstd = crawl("vna", tmp_path / "zstd", settings, edition="zh")
    assert {path.name.rpartition(".")[2] for path in (zstd.root / "archive").iterdir()} == {"zst"}
    assert [item["text"] for item in zstd.items] == [item["text"] for item in crawled.items]
    assert "no fault" in _scrapy("verify", zstd.root)
    again = crawl("vna", tmp_path / "again", {"REPLAY": zstd.root}, edition="zh")
    assert [item["text"] for item in again.items] == [item["text"] for item in crawled.items]
    url = crawled.items[0]["url"]
    _scrapy("freeze", "vna", url, "-s", f"ARCHIVE_DIR={zstd.folder}", "-d", tmp_path / "pages")
    (page,) = frozen(tmp_path / "pages")
    assert page.actual == page.expected
    assert "a WACZ can hold only .warc and .warc.gz files" in _refused("pack", zstd.root)


@pytest.mark.parametrize("page", frozen(ROOT / "tests" / "pages"), ids=lambda page: page.path.stem)
def test_frozen_pages(page: FrozenPage) -> None:
    assert page.actual == page.expected


def test_a_member_that_stands_twice_and_bytes_before_the_package_are_found_out(
    collection: Path, tmp_path: Path
) -> None:
    package, twice, before = (tmp_path / name for name in ("vna.wacz", "twice.wacz", "before.wacz"))
    _scrapy("pack", collection, "-o", package, "--sign", _keys(tmp_path)[0])
    before.write_bytes(b"something else" + package.read_bytes())
    assert "the ZIP does not begin at the start of the file" in _scrapy("verify", before, status=1)
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(twice, "w") as new, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        new.writestr("pages/pages.jsonl", b"{}\n")
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert "pages/pages.jsonl: occurs 2 times" in _scrapy("verify", twice, status=1)


def test_pack_overwrites_no_archive_and_names_lines_that_are_no_articles(
    collection: Path, tmp_path: Path
) -> None:
    assert "is inside the collection" in _refused("pack", collection, "-o", _warc(collection))
    (tmp_path / "notes.txt").write_text("mine")
    assert "exists and is not a .wacz file" in _refused("pack", collection, "-o", tmp_path / "notes.txt")
    _items(collection).write_text("no JSON\n")
    assert "a line is not an article" in _refused("pack", collection, "-o", tmp_path / "x.wacz")
    assert not list(tmp_path.glob("*.wacz*"))


def test_an_answer_that_is_no_http_has_no_index_line_and_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path / "c", exchange(0, b"SSH-2.0-OpenSSH\r\n"), exchange(1, b"HTTP/1.1 200 OK\r\nCut: x"))
    assert _scrapy("verify", tmp_path / "c").endswith("no faults\n")


def test_uncompressed_files_keep_their_index_lines(tmp_path: Path) -> None:
    write(tmp_path / "c", exchange(0, message()))
    (path,) = (tmp_path / "c" / "archive").iterdir()
    path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    path.unlink()
    assert "lines added: 1, removed: 1" in _scrapy("mend", tmp_path / "c")
    assert _scrapy("verify", tmp_path / "c").endswith("no faults\n")


def test_what_other_tools_say_of_an_exchange_is_no_answer(tmp_path: Path) -> None:
    """Heritrix writes metadata records that are concurrent to responses."""
    out = b""
    for record in records(SEEDS / "seeds.warc.gz"):
        data = (SEEDS / "seeds.warc.gz").read_bytes()[record.offset : record.offset + record.length]
        out += data
        if record.type == "response":
            out += gzip.compress(
                b"WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:x:%d>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
                b"WARC-Concurrent-To: %b\r\nContent-Type: application/warc-fields\r\nContent-Length: 14\r\n\r\n"
                b"fetchTimeMs: 9\r\n\r\n" % (record.offset, record.get("WARC-Record-ID").encode())
            )
    path = tmp_path / "heritrix.warc.gz"
    path.write_bytes(out)
    ended = crawl("vna", tmp_path / "again", {"REPLAY": path}, edition="zh")
    assert len(ended.items) == 4
