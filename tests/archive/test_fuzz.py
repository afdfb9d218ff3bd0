"""Bytes that hypothesis makes up: readers give what can be read, report the rest, and never anything else."""

from __future__ import annotations

import contextlib
import gzip
from io import BytesIO

from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import DamagedRecordError, MalformedMessageError, decode_content, parse_response, salvage
from archive.message import dechunk, redacted, split_interim

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
