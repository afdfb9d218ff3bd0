"""What was uploaded is noted, and a torn note done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive import Collection, Uploader
from tests.support.exchanges import exchange, message, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_torn_note_is_done_again(tmp_path: Path) -> None:
    write(tmp_path / "c", exchange(1, message(b"a body")))
    collection = Collection(tmp_path / "c")
    uploader = Uploader(collection, f"file://{tmp_path}/there")
    (first,) = uploader.run()
    note = tmp_path / "c" / "uploads.jsonl"
    note.write_bytes(note.read_bytes()[:-20])
    assert list(uploader.run()) == [first]
    assert list(collection.upload_log) == [first]
    assert list(uploader.run()) == []
    assert (tmp_path / "there" / "c" / first.file).read_bytes() == collection.warc_files()[0].read_bytes()
