"""Bytes that hypothesis makes up: readers give what can be read, report the rest, and never anything else."""

from __future__ import annotations

import contextlib
import gzip
import os
import subprocess
import sys
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import (
    Collection,
    DamagedRecordError,
    MalformedMessageError,
    decode_content,
    parse_response,
    salvage,
)
from archive.collection import index_lines
from archive.message import dechunk, redacted, split_interim
from tests.support.crawls import ROOT
from tests.support.exchanges import exchange, write

BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
RECORD = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:test:%d>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
    b"WARC-Target-URI: http://a.vn/\r\nContent-Type: application/http; msgtype=response\r\n"
    b"Content-Length: %d\r\n\r\n%b\r\n\r\n"
)
RECORDS = [RECORD % (number, len(BLOCK), BLOCK) for number in range(4)]
FILES = {
    "plain": b"".join(RECORDS),
    "gzip": b"".join(gzip.compress(record, mtime=0) for record in RECORDS),
    "zstd": b"".join(zstd.compress(record) for record in RECORDS),
}
QUICK = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def _salvaged(data: bytes) -> tuple[list[bytes], list[DamagedRecordError]]:
    damages: list[DamagedRecordError] = []
    return [record.block for record in salvage(BytesIO(data), "x", damages.append)], damages


@QUICK
@given(st.sampled_from(sorted(FILES)), st.data())
def test_damage_anywhere_costs_no_record_but_its_own(name: str, data: st.DataObject) -> None:
    whole = bytearray(FILES[name])
    begin = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(begin, min(len(whole), begin + 40)))
    whole[begin:end] = data.draw(st.binary(max_size=60))
    blocks, _ = _salvaged(bytes(whole))
    # What lies before the record that was hit is there; what lies behind it, too, but for one that it hides.
    size = len(FILES[name]) / len(RECORDS)
    untouched = int(begin // size)
    assert blocks[:untouched] == [BLOCK] * untouched


@QUICK
@given(st.binary(max_size=3000))
def test_anything_at_all_is_read_or_reported(data: bytes) -> None:
    blocks, damages = _salvaged(data)
    assert blocks or damages or not data.strip(b"\r\n")


@QUICK
@given(st.binary(max_size=400), st.sampled_from(["GET", "HEAD"]))
def test_anything_at_all_may_be_an_answer(data: bytes, method: str) -> None:
    interim, final = split_interim(data)
    assert b"".join(interim) + final == data
    try:
        response = parse_response(data, method)
    except MalformedMessageError:
        return
    assert len(response.body) <= len(data)


@QUICK
@given(st.binary(max_size=400))
def test_chunks_of_anything(data: bytes) -> None:
    body, _ = dechunk(data)
    assert len(body) <= len(data)


@QUICK
@given(st.lists(st.binary(min_size=1, max_size=50), max_size=6))
def test_chunks_come_back_as_they_went(chunks: list[bytes]) -> None:
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    assert dechunk(framed) == (b"".join(chunks), True)


@QUICK
@given(st.binary(max_size=400), st.sampled_from([b"gzip", b"deflate", b"br", b"zstd", b"gzip, br", b"x"]))
def test_any_coding_of_anything(data: bytes, coding: bytes) -> None:
    with contextlib.suppress(MalformedMessageError):
        assert len(decode_content(data, coding, 1000)) <= 1000


@QUICK
@given(st.binary(max_size=300))
def test_redaction_changes_nothing_but_what_it_is_told(data: bytes) -> None:
    assert redacted(data, set()) == (data, [])
    message, names = redacted(b"GET / HTTP/1.1\r\nAuthorization: secret\r\n\r\n" + data, {b"authorization"})
    assert message == b"GET / HTTP/1.1\r\nAuthorization: REDACTED\r\n\r\n" + data
    assert names == ["Authorization"]


def _collection(root: Path) -> Path:
    """Write a collection with a closed file, and one that a crash left open."""
    write(root, exchange(0, BLOCK), job="first")
    write(root, exchange(1, BLOCK + b"!"), exchange(2, BLOCK), job="second")
    (path,) = (root / "archive").glob("*-00001.warc.gz")
    path.rename(path.with_name(f"{path.name}.open"))
    (root / "indexes" / f"{path.name}.cdxj.open").write_text("com,a)/ 2026 {}\n")
    return root


@settings(parent=QUICK, max_examples=60)
@given(st.data())
def test_mend_copes_with_damage_anywhere(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        root = _collection(Path(folder) / "c")
        hit = data.draw(st.sampled_from(sorted(each for each in root.rglob("*") if each.is_file())))
        content = bytearray(hit.read_bytes())
        begin = data.draw(st.integers(0, len(content)))
        content[begin : data.draw(st.integers(begin, len(content)))] = data.draw(st.binary(max_size=60))
        hit.write_bytes(content)
        said: list[str] = []
        collection = Collection(root)
        collection.acquire("a test")
        collection.mend(said.append)
        collection.rebuild_index(said.append)
        assert not list(root.rglob("*.open"))
        # Once mended, there is nothing left to do; and the index has what can be read, no more.
        said.clear()
        collection.mend(said.append)
        collection.rebuild_index(said.append)
        collection.release()
        assert said == []
        lines = [line for path in collection.warc_files() for line in index_lines(path)]
        assert list(collection.index_lines()) == sorted(set(lines))


ATHERIS = """
import contextlib, sys
from io import BytesIO
import atheris
with atheris.instrument_imports(include=["archive"]):
    from archive import MalformedMessageError, decode_content, parse_response, salvage
    from archive.message import split_interim

def look(data):
    for record in salvage(BytesIO(data), "x", lambda damage: None):
        with contextlib.suppress(MalformedMessageError):
            response = parse_response(split_interim(record.block)[1])
            decode_content(response.body, response.header(b"Content-Encoding"), 1 << 16)
    with contextlib.suppress(MalformedMessageError):
        response = parse_response(split_interim(data)[1])
        decode_content(response.body, response.header(b"Content-Encoding"), 1 << 16)

atheris.Setup(sys.argv, look)
atheris.Fuzz()
"""


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_what_a_fuzzer_finds_by_coverage(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, content in FILES.items():
        (corpus / name).write_bytes(content)
    (corpus / "answer").write_bytes(BLOCK)
    (tmp_path / "look.py").write_text(ATHERIS)
    ended = subprocess.run(
        [sys.executable, "look.py", "corpus", "-runs=20000", "-seed=1", "-timeout=20", "-max_len=4096"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert "Done 20000 runs" in ended.stderr
