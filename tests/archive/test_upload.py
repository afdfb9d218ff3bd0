"""What is uploaded is read back and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem

from archive import ArchiveWriteError, Collection, Uploader
from tests.support.exchanges import exchange, message, write

if TYPE_CHECKING:
    from pathlib import Path


class Forgetful(LocalFileSystem):  # type: ignore[misc]
    """Keeps what it is given but for the last byte."""

    protocol = "forgetful"

    def open(self, path: str, mode: str = "rb", **given: Any) -> Any:
        file = super().open(path, mode, **given)
        if mode == "wb":
            write = file.write
            file.write = lambda data: write(data[:-1])
        return file


def test_what_arrives_changed_is_not_uploaded_and_stays(tmp_path: Path) -> None:
    fsspec.register_implementation("forgetful", Forgetful, clobber=True)
    write(tmp_path / "c", exchange(1, message(b"a body")))
    collection = Collection(tmp_path / "c")
    uploader = Uploader(collection, f"forgetful://{tmp_path}/there", removes=True)
    with pytest.raises(ArchiveWriteError, match="differs from the bytes sent"):
        list(uploader.run())
    assert len(collection.warc_files()) == 1
    assert list(collection.upload_log) == []
