"""What counts as an archive, and what is found in a folder."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from archive import (
    ArchiveIndex,
    Collection,
    find_sources,
)
from tests.support.crawls import records
from tests.support.exchanges import short_exchange, writer_of

if TYPE_CHECKING:
    from pathlib import Path


def test_uncompressed_files_and_folders_read_alike(collection: Collection, tmp_path: Path) -> None:
    writer = writer_of(collection)
    writer.write(short_exchange(1))
    writer.close()
    packed = collection.archive / writer.files[0]
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    assert [record.block for record in records(plain)] == [record.block for record in records(packed)]
    (found,) = ArchiveIndex(find_sources([plain])).find("GET", "http://a.vn/1")
    assert found.read() == short_exchange(1)
