"""A revisit gives the body of the record it refers to, through chains and never in rings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive import (
    ArchiveIndex,
    Collection,
    Originals,
    find_sources,
    read_records,
)
from archive.records import record
from tests.support.exchanges import BODY, exchange, message, write
from tests.support.warcs import page

if TYPE_CHECKING:
    from pathlib import Path


def test_a_revisit_without_what_it_refers_to_is_cut(tmp_path: Path) -> None:
    root = tmp_path / "c"
    write(root, exchange(0, message()), job="first")
    write(root, exchange(1, message()), job="second")
    first, second = sorted((root / "archive").iterdir())
    first.unlink()
    (found,) = (each.read() for each in ArchiveIndex(find_sources([second])))
    assert found.truncated == "unspecified"
    assert found.received == message()[: -len(BODY)]


def _by_hand(record_type: str, name: str, refers_to: str, block: bytes) -> bytes:
    headers = [
        ("WARC-Record-ID", f"<urn:{name}>"),
        ("WARC-Target-URI", f"http://a.vn/{name}"),
        ("WARC-Date", "2026-01-02T03:04:05Z"),
        *([("WARC-Refers-To", f"<urn:{refers_to}>")] if refers_to else []),
    ]
    return record(record_type, headers, "application/http; msgtype=response", block)


def test_chains_of_revisits_end_at_the_response_and_rings_nowhere(tmp_path: Path) -> None:
    whole = message()
    head = whole.removesuffix(BODY)
    path = tmp_path / "other.warc"
    path.write_bytes(
        _by_hand("revisit", "third", "second", head)
        + _by_hand("revisit", "second", "first", head)
        + _by_hand("response", "first", "", whole)
        + _by_hand("revisit", "ring", "rang", head)
        + _by_hand("revisit", "rang", "ring", head)
        + _by_hand("revisit", "self", "self", head)
    )
    found = {each.url: each.read() for each in ArchiveIndex(find_sources([path]))}
    for name in ("first", "second", "third"):
        assert found[f"http://a.vn/{name}"].received == whole
    for name in ("ring", "rang", "self"):
        assert found[f"http://a.vn/{name}"].received == head
        assert found[f"http://a.vn/{name}"].truncated == "unspecified"


def test_originals_are_found_with_and_without_an_index(tmp_path: Path) -> None:
    body = message(page(0), extra=b"Content-Type: text/html\r\n")
    write(tmp_path / "c", *(exchange(n, body, url=f"https://a.vn/{n}") for n in range(2)))
    collection = Collection(tmp_path / "c")
    (source,) = find_sources([collection.archive])
    with source.open() as stream:
        (revisit,) = (each for each in read_records(stream, "x") if each.type == "revisit")
    assert Originals([]).body_block(source, revisit) == body
    collection.index.unlink()
    assert Originals([]).body_block(source, revisit) is None
    assert Originals([source]).body_block(source, revisit) == body
