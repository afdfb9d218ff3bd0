"""`scrapy mend` closes what a crash left open, and makes the index anew."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

from tests.support.crawls import items_of, printed, refused, warc_of
from tests.support.exchanges import exchange, message, write

if TYPE_CHECKING:
    from pathlib import Path


def test_index_lines_that_lie_are_found_and_made_anew(collection: Path) -> None:
    index = collection / "indexes" / "index.cdxj"
    whole = index.read_text()
    lines = whole.splitlines()
    fields = json.loads(lines[2].split(" ", 2)[2])
    lines[2] = lines[2].replace(f'"offset": "{fields["offset"]}"', '"offset": "7"')
    lines[3] = lines[3].replace('"digest": "sha1:', '"digest": "sha1:A')
    del lines[5]
    index.write_text("\n".join([*lines, "zz) nonsense"]) + "\n")
    out = printed("verify", collection, status=1).splitlines()
    name = warc_of(collection).name
    assert out[0] == f"{index}:3: points to {name} at offset 7, where no response begins"
    assert out[1].startswith(f"{index}:4: digest is sha1:A")
    assert out[2] == f"{index}:13: not a CDXJ line"
    assert [line for line in out if ": has no line for https://" in line] == out[3:5]
    assert out[5].endswith(": 5 faults")
    assert printed("mend", collection) == f"{index}: rebuilt; lines added: 3, removed: 3\n"
    assert index.read_text() == whole


def test_a_torn_tail_and_files_left_open_are_found_and_mended(collection: Path) -> None:
    path, items, index = warc_of(collection), items_of(collection), collection / "indexes" / "index.cdxj"
    whole, wanted = path.read_bytes(), index.read_text()
    path.rename(torn := path.with_name(f"{path.name}.open"))
    torn.write_bytes(whole + whole[:100])
    index.unlink()
    out = printed("verify", collection, status=1)
    assert f"{torn}: still open: if no crawl is writing it, `scrapy mend` closes it\n" in out
    mended = printed("mend", collection)
    assert f"{torn}: cut 100 bytes of an unfinished record at offset {len(whole)}\n" in mended
    assert path.read_bytes() == whole
    assert index.read_text() == wanted
    assert items.exists()
    assert printed("verify", collection).endswith("no faults\n")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    assert "no such file or folder" in refused("verify", tmp_path / "none")
    assert "holds no collection" in refused("mend", tmp_path)
    assert "holds no collection" in refused("pack", tmp_path)
    assert "give at least one" in refused("verify")


def test_uncompressed_files_keep_their_index_lines(tmp_path: Path) -> None:
    write(tmp_path / "c", exchange(0, message()))
    (path,) = (tmp_path / "c" / "archive").iterdir()
    path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    path.unlink()
    assert "lines added: 1, removed: 1" in printed("mend", tmp_path / "c")
    assert printed("verify", tmp_path / "c").endswith("no faults\n")
