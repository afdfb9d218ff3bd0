"""The WARC records of an exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive import ArchiveIndex, find_sources
from tests.support.crawls import records
from tests.support.exchanges import exchange, message, write

if TYPE_CHECKING:
    from pathlib import Path

    from archive import WarcRecord


def _answers(root: Path) -> list[WarcRecord]:
    files = sorted((root / "archive").glob("*.warc.gz"))
    return [record for path in files for record in records(path) if record.type in {"response", "revisit"}]


def test_a_password_in_an_address_is_not_written(tmp_path: Path) -> None:
    url = "http://name:s3cret@a.vn/page@home"
    write(tmp_path / "c", exchange(0, message(), url=url))
    (answer,) = _answers(tmp_path / "c")
    assert answer.target_uri == "http://REDACTED@a.vn/page@home"
    assert "s3cret" not in (tmp_path / "c" / "indexes" / "index.cdxj").read_text()
    assert ArchiveIndex(find_sources([tmp_path / "c"])).find("GET", url)[0].read().received == message()
