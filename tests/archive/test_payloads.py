"""What a collection holds already is written as a revisit, and comes back as it was."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive import ArchiveIndex, Collection, Verifier, WarcWriter, WriterOptions, find_sources
from tests.support.crawls import records
from tests.support.exchanges import BODY, START, exchange, message, write

if TYPE_CHECKING:
    from pathlib import Path

    from archive import WarcRecord


def _chunked(*chunks: bytes) -> bytes:
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n"


def _answers(root: Path) -> list[WarcRecord]:
    files = sorted((root / "archive").glob("*.warc.gz"))
    return [record for path in files for record in records(path) if record.type in {"response", "revisit"}]


def _read(root: Path) -> list[bytes]:
    exchanges = sorted(ArchiveIndex(find_sources([root / "archive"])), key=lambda each: each.order)
    return [exchange.read().received for exchange in exchanges]


def _faults(root: Path) -> list[str]:
    faults: list[str] = []
    verifier = Verifier(faults.append)
    sources = find_sources([root / "archive"])
    for source in sources:
        list(verifier.warc(source))
    index = root / "indexes" / "index.cdxj"
    verifier.index(index, {source.name for source in sources}, [index])
    return faults


def test_the_same_payload_is_referred_to_within_a_file_and_across_crawls(tmp_path: Path) -> None:
    root = tmp_path / "c"
    received = [message(extra=b"X: 1\r\n"), message(extra=b"X: other\r\n"), message(), message()]
    urls = ["http://a.vn/1", "http://a.vn/1", "http://a.vn/2", "http://a.vn/1"]
    exchanges = [exchange(n, each, url=url) for n, (each, url) in enumerate(zip(received, urls, strict=True))]
    write(root, *exchanges[:2], job="first")
    write(root, *exchanges[2:], job="second")
    first, *others = _answers(root)
    assert (first.type, [each.type for each in others]) == ("response", ["revisit"] * 3)
    for revisit, whole in zip(others, received[1:], strict=True):
        assert revisit.block == whole[: -len(BODY)]
        assert revisit.get("WARC-Profile").endswith("/warc/1.1/revisit/identical-payload-digest")
        assert revisit.get("WARC-Refers-To") == first.get("WARC-Record-ID")
        assert revisit.get("WARC-Refers-To-Target-URI") == "http://a.vn/1"
        assert revisit.get("WARC-Refers-To-Date") == first.get("WARC-Date")
        assert revisit.get("WARC-Payload-Digest") == first.get("WARC-Payload-Digest")
    assert _read(root) == received
    assert _faults(root) == []
    lines = (root / "indexes" / "index.cdxj").read_text().splitlines()
    assert sum('"mime": "warc/revisit"' in line for line in lines) == 3


def test_only_the_same_bytes_are_the_same(tmp_path: Path) -> None:
    root = tmp_path / "c"
    received = [
        _chunked(BODY),
        _chunked(BODY[:100], BODY[100:]),
        message(b""),
        message(b""),
        message(BODY[:50]),
        message(BODY)[:-900],
        message(BODY)[:-900],
        b"no HTTP at all",
        b"no HTTP at all",
    ]
    truncated = ["", "", "", "", "", "disconnect", "disconnect", "", ""]
    write(
        root,
        *(exchange(n, r, truncated=t) for n, (r, t) in enumerate(zip(received, truncated, strict=True))),
    )
    assert {record.type for record in _answers(root)} == {"response"}
    assert _read(root) == received


def test_not_modified_refers_to_the_latest_whole_answer(tmp_path: Path) -> None:
    root = tmp_path / "c"
    unmodified = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
    received = [unmodified, message(), unmodified]
    write(root, *(exchange(n, each) for n, each in enumerate(received)))
    before, whole, after = _answers(root)
    assert (before.type, after.type) == ("response", "revisit")
    assert after.get("WARC-Profile").endswith("/warc/1.1/revisit/server-not-modified")
    assert after.get("WARC-Refers-To") == whole.get("WARC-Record-ID")
    assert _read(root) == received
    assert _faults(root) == []


def test_what_a_crash_may_cut_off_is_not_referred_to(tmp_path: Path) -> None:
    root = tmp_path / "c"
    collection = Collection(root)
    collection.acquire("killed")
    options = WriterOptions(max_bytes=1 << 30, max_age=timedelta(days=1), deduplicate=True)
    writer = WarcWriter(
        collection, "killed", {}, options=options, clock=lambda: START, new_id=lambda what: f"<{what}>"
    )
    writer.write(exchange(0, message()))
    crashed = tmp_path / "crashed" / "c"
    shutil.copytree(root, crashed)
    writer.close()
    collection.release()
    for left in crashed.rglob("*.open"):
        left.unlink()
    write(crashed, exchange(1, message()), job="next")
    assert [record.type for record in _answers(crashed)] == ["response"]


def test_without_deduplication_everything_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "c", exchange(0, message()), exchange(1, message()), deduplicate=False)
    assert [record.type for record in _answers(tmp_path / "c")] == ["response"] * 2
    assert not (tmp_path / "c" / "payloads.sqlite").exists()


def test_a_lost_database_costs_repeated_payloads_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "c"
    write(root, exchange(0, message()), job="first")
    (root / "payloads.sqlite").unlink()
    write(root, exchange(1, message()), job="second")
    assert [record.type for record in _answers(root)] == ["response"] * 2
    assert _read(root) == [message()] * 2


def test_a_file_that_was_moved_away_is_not_referred_to(tmp_path: Path) -> None:
    root = tmp_path / "c"
    write(root, exchange(0, message()), job="first")
    (warc,) = (root / "archive").iterdir()
    warc.rename(tmp_path / warc.name)
    write(root, exchange(1, message()), job="second")
    assert [record.type for record in _answers(root)] == ["response"]


def test_not_modified_refers_to_the_latest_good_answer_also_through_a_revisit(tmp_path: Path) -> None:
    root = tmp_path / "c"
    unmodified = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    other, failed = message(b"another page " * 50), message(b"out of order", status=b"500 Oops")
    received = [message(), other, message(), failed, unmodified]
    write(root, *(exchange(n, each) for n, each in enumerate(received)))
    first, _, again, _, last = _answers(root)
    assert again.get("WARC-Refers-To") == last.get("WARC-Refers-To") == first.get("WARC-Record-ID")
    assert _read(root) == received


@pytest.mark.parametrize("spoilt", [b"no database at all " * 99, b""])
def test_a_database_that_cannot_be_used_is_set_aside(tmp_path: Path, spoilt: bytes) -> None:
    root = tmp_path / "c"
    write(root, exchange(0, message()), job="first")
    (root / "payloads.sqlite").write_bytes(spoilt)
    write(root, exchange(1, message()), exchange(2, message()), job="second")
    assert [record.type for record in _answers(root)] == ["response", "response", "revisit"]
    write(root, exchange(3, message()), job="third")
    assert _answers(root)[-1].type == "revisit"
