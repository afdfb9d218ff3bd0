"""HTTP messages as servers really send them."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
from backports import zstd

from archive import MalformedMessageError, decode_content, decoded, parse_response
from archive.message import dechunk, redacted, split_interim

BODY = b"a body " * 100


def test_headers_keep_case_order_and_repetition() -> None:
    response = parse_response(b"HTTP/1.1 200 Very  OK\r\nx-B: 1\r\nX-a:2\r\nX-B: 3\r\nFold: a\r\n b\r\n\r\n")
    assert response.headers == ((b"x-B", b"1"), (b"X-a", b"2"), (b"X-B", b"3"), (b"Fold", b"a b"))
    assert response.header(b"x-b") == b"1, 3"
    assert (response.protocol, response.status, response.reason) == ("HTTP/1.1", 200, b"Very  OK")


@pytest.mark.parametrize(
    ("head", "body", "expected", "complete", "until_close"),
    [
        (b"Content-Length: 4", b"abcd", b"abcd", True, False),
        (b"Content-Length: 4", b"abcdef", b"abcd", True, False),
        (b"Content-Length: 5", b"abcd", b"abcd", False, False),
        (b"Content-Length: 4\r\nContent-Length: 4", b"abcd", b"abcd", True, False),
        (b"Content-Length: 4\r\nContent-Length: 5", b"abcd", b"abcd", False, True),
        (b"X: 1", b"abcd", b"abcd", False, True),
        (b"Transfer-Encoding: chunked", b"2\r\nab\r\n2;x=y\r\ncd\r\n0\r\n\r\n", b"abcd", True, False),
        (b"Transfer-Encoding: chunked", b"2\r\nab\r\n0\r\nT: 1\r\nU: 2\r\n\r\n", b"ab", True, False),
        (b"Transfer-Encoding: chunked", b"2\r\nab\r\n0\r\nT: 1\r\n", b"ab", False, False),
        (b"Transfer-Encoding: chunked", b"2\r\nab\r\n4\r\nc", b"abc", False, False),
        (b"Transfer-Encoding: chunked", b"2\nab\n0\n\n", b"ab", True, False),
        (b"Transfer-Encoding: chunked", b"<p>never chunked", b"<p>never chunked", True, False),
        (b"Transfer-Encoding: chunked", b"", b"", False, False),
    ],
)
def test_framing(head: bytes, body: bytes, expected: bytes, complete: bool, until_close: bool) -> None:  # noqa: FBT001
    response = parse_response(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)
    assert (response.body, response.complete, response.until_close) == (expected, complete, until_close)


@pytest.mark.parametrize(("status", "method"), [(204, "GET"), (304, "GET"), (200, "HEAD")])
def test_answers_without_body(status: int, method: str) -> None:
    response = parse_response(b"HTTP/1.1 %d X\r\nContent-Length: 9\r\n\r\n" % status, method)
    assert response.complete
    assert response.body == b""


def test_interim_answers_come_off() -> None:
    first, second, final = (b"HTTP/1.1 %d X\r\nA: b\r\n\r\n" % status for status in (100, 103, 200))
    assert split_interim(first + second + final) == ([first, second], final)
    assert split_interim(final) == ([], final)
    switching = b"HTTP/1.1 101 Switching\r\n\r\n"
    assert split_interim(switching + b"raw") == ([], switching + b"raw")


@pytest.mark.parametrize(
    "data",
    [b"", b"garbage", b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK\r\nA: b", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 9],
)
def test_what_is_no_response_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse_response(data)


def test_a_huge_chunk_size_is_no_harm() -> None:
    assert dechunk(b"fffffffffffffff\r\nabc") == (b"abc", False)


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        (b"gzip", gzip.compress(BODY, mtime=0)),
        (b"x-gzip", gzip.compress(BODY[:350], mtime=0) + gzip.compress(BODY[350:], mtime=0)),
        (b"deflate", zlib.compress(BODY)),
        (b"deflate", zlib.compress(BODY, wbits=-15)),
        (b"br", brotli.compress(BODY)),
        (b"zstd", zstd.compress(BODY)),
        (b"identity", BODY),
        (b"", BODY),
        (b"deflate, gzip", gzip.compress(zlib.compress(BODY), mtime=0)),
    ],
)
def test_content_codings(coding: bytes, coded: bytes) -> None:
    assert decode_content(coded, coding, 10_000) == BODY
    with pytest.raises(MalformedMessageError, match="larger than 100 bytes"):
        decode_content(coded, coding, 100)


def test_a_cut_body_gives_what_there_is() -> None:
    decoded = decode_content(gzip.compress(BODY, mtime=0)[:-12], b"gzip", 10_000)
    assert BODY.startswith(decoded)


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd", b"compress"])
def test_broken_or_unknown_codings_are_named(coding: bytes) -> None:
    with pytest.raises(MalformedMessageError, match=coding.decode()):
        decode_content(b"\x1f\x8b\xff\xfe not coded at all \xff" * 9, coding, 10_000)


def test_with_and_without_isal_the_same_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gzip.compress(BODY, mtime=0)
    bodies = [whole[:cut] for cut in range(3, len(whole))]
    bodies += [whole + junk for junk in (b"\0", b"\n", b"\x1f\x8b", b"garbage", whole, whole[:30])]
    bodies += [whole[:place] + b"\xff" + whole[place + 1 :] for place in range(3, len(whole))]
    with_isal = list(map(_told, bodies))
    monkeypatch.setattr("archive.compression.gzip_reading", zlib)
    assert list(map(_told, bodies)) == with_isal
    assert {type(each) for each in with_isal} == {bytes, str}


def _told(body: bytes) -> bytes | str:
    try:
        return decode_content(body, b"gzip", 10_000)
    except MalformedMessageError as error:
        return str(error)


def test_what_was_stored_decoded_under_its_old_header_stays_as_it_is() -> None:
    assert decode_content(BODY, b"gzip", 10_000) == BODY


def test_bombs_stay_small() -> None:
    bomb = gzip.compress(bytes(200_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(MalformedMessageError, match="larger"):
            decode_content(bomb, b"gzip", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_length_of_many_digits_is_no_length() -> None:
    response = parse_response(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nab")
    assert (response.body, response.until_close) == (b"ab", True)


@pytest.mark.parametrize(
    ("message", "written", "names"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: x\r\n\r\n", None, []),
        (
            b"GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nAuthorization: REDACTED\r\nHost: a\r\n\r\n",
            ["Authorization"],
        ),
        (
            b"GET / HTTP/1.1\r\naUTHORIZATION :Basic\r\n  c2VjcmV0\r\n\tmore\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\naUTHORIZATION : REDACTED\r\nHost: a\r\n\r\n",
            ["aUTHORIZATION"],
        ),
        (
            b"POST / HTTP/1.1\nAuthorization: a\nAuthorization: b\n\nAuthorization: of the body\n",
            b"POST / HTTP/1.1\nAuthorization: REDACTED\nAuthorization: REDACTED\n\nAuthorization: of the body\n",
            ["Authorization", "Authorization"],
        ),
        (b"Authorization: no header\r\nX: 1\r\n\r\n", None, []),
        (
            b"GET / HTTP/1.1\r\nAuthorization: cut",
            b"GET / HTTP/1.1\r\nAuthorization: REDACTED",
            ["Authorization"],
        ),
        (b"", None, []),
    ],
)
def test_redaction_takes_values_and_nothing_else(
    message: bytes, written: bytes | None, names: list[str]
) -> None:
    assert redacted(message, {b"authorization"}) == (message if written is None else written, names)


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        (b"gzip", gzip.compress(BODY, mtime=0)),
        (b"x-gzip", gzip.compress(BODY, mtime=0) * 2),
        (b"deflate", zlib.compress(BODY)),
        (b"deflate", zlib.compress(BODY)[2:-4]),
        (b"br", brotli.compress(BODY)),
        (b"zstd", zstd.compress(BODY)),
    ],
)
def test_it_is_known_whether_a_coded_body_ended_early(coding: bytes, coded: bytes) -> None:
    whole, is_whole = decoded(coded, coding, 1 << 20)
    assert is_whole
    for end in range(1, len(coded)):
        try:
            part, is_whole = decoded(coded[:end], coding, 1 << 20)
        except MalformedMessageError:
            continue
        assert whole.startswith(part) or coded[:end] == part
        # A member that is followed by nothing is one.
        assert not is_whole or end in {1, len(gzip.compress(BODY, mtime=0))}, end
    assert decoded(b"", coding, 9) == (b"", True)
    assert decoded(BODY, b"identity", 9_999) == decoded(BODY, b"", 9_999) == (BODY, True)
