"""`scrapy verify` names every fault of a collection or package."""

from __future__ import annotations

import gzip
import json
import shutil
from typing import TYPE_CHECKING

from tests.support.crawls import SEEDS, items_of, printed, records, warc_of
from tests.support.exchanges import exchange, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _rewrite(path: Path, change: Callable[[bytes], bytes], number: int) -> None:
    """Change the record *number* of a WARC file, the others as they are."""
    data, out = path.read_bytes(), b""
    for n, record in enumerate(records(path)):
        member = data[record.offset : record.offset + record.length]
        out += gzip.compress(change(gzip.decompress(member)), mtime=0) if n == number else member
    path.write_bytes(out)


def test_a_whole_collection_has_no_fault(collection: Path) -> None:
    out = printed("verify", collection)
    assert out == "1 files, 31 records, 13 index lines, 4 pointers: no faults\n"
    assert printed("verify", collection.parent) == out
    assert printed("verify", warc_of(collection)).endswith(
        "31 records, 0 index lines, 0 pointers: no faults\n"
    )
    assert printed("mend", collection) == f"{collection}: nothing to mend\n"


def _responses(path: Path) -> list[int]:
    return [n for n, record in enumerate(records(path)) if record.type == "response"]


def test_a_changed_byte_is_found_in_block_and_payload(collection: Path) -> None:
    path = warc_of(collection)
    number = _responses(path)[-1]
    offset = records(path)[number].offset
    _rewrite(path, lambda data: data[:-10] + bytes([data[-10] ^ 1]) + data[-9:], number)
    out = printed("verify", collection, status=1).splitlines()
    assert f"{path}: record at offset {offset}: WARC-Block-Digest is sha1:" in out[0]
    assert f"{path}: record at offset {offset}: WARC-Payload-Digest is sha1:" in out[1]
    assert ", but its bytes give sha1:" in out[1]
    assert out[-1].endswith("faults")


def test_pointers_that_lie_are_found(collection: Path) -> None:
    path = items_of(collection)
    first, second, third, fourth = (json.loads(line) for line in path.read_bytes().splitlines())
    first["capture"]["offset"] += 1
    second["capture"]["record_id"] = "<urn:uuid:another>"
    del third["capture"]
    path.write_text("".join(json.dumps(item) + "\n" for item in (first, second, third, fourth)))
    out = printed("verify", collection, status=1).splitlines()
    assert [line.partition(f"{path}:")[2].partition(" ")[0] for line in out[:3]] == ["1:", "2:", "3:"]
    assert "no response there" in out[0]
    assert "another record" in out[1]
    assert out[2].endswith("not an item with a capture")


def test_verify_goes_on_behind_a_package_that_cannot_be_read(collection: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    collection.rename(folder / "vna")
    printed("pack", folder / "vna", "-o", folder / "vna.wacz")
    (folder / "a.wacz").write_bytes(b"no package")
    shutil.copy(SEEDS / "seeds.warc.gz", folder / "z.warc.gz")
    said = printed("verify", folder, "--key", "AAAA", status=1)
    assert "a.wacz: not a readable WACZ" in said
    assert "vna.wacz: not signed with AAAA" in said
    # The collection, its package and the file beside them.
    assert "\n3 files, " in said


def test_an_answer_that_is_no_http_has_no_index_line_and_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path / "c", exchange(0, b"SSH-2.0-OpenSSH\r\n"), exchange(1, b"HTTP/1.1 200 OK\r\nCut: x"))
    assert printed("verify", tmp_path / "c").endswith("no faults\n")
