"""A live crawl's WARC holds every exchange exactly as the server saw it, in both directions."""

from __future__ import annotations

import base64
import gzip
import hashlib
import subprocess
import sys
import zlib
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import brotli
import fastwarc.warc
import pytest
from backports import zstd

from archive import ArchiveIndex, WarcRecord, find_sources, parse_response
from tests.support.crawls import FAST, Crawl, crawl, printed, records
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

pytestmark = pytest.mark.long

PAGE = b"<html><body><h1>Title</h1><p>" + b"Some text of the page. " * 40 + b"</p></body></html>"
GZIPPED = gzip.compress(PAGE, mtime=0)


def _chunked(body: bytes, size: int, extension: bytes, trailer: bytes) -> bytes:
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    framed = b"".join(b"%x%b\r\n%b\r\n" % (len(chunk), extension, chunk) for chunk in chunks)
    return framed + b"0" + extension + b"\r\n" + trailer + b"\r\n"


def _message(head: bytes, body: bytes = b"") -> bytes:
    return head.replace(b"\n", b"\r\n") + b"\r\n" + body


def _plain(status: bytes, body: bytes = PAGE, extra: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %b\nContent-Type: text/html\n%bContent-Length: %d\n" % (status, extra, len(body))
    return _message(head, body)


def _coded(coding: bytes, body: bytes) -> bytes:
    return _plain(b"200 OK", body, b"Content-Encoding: %b\n" % coding)


CHUNKED_HEAD = (
    b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: gzip\nTransfer-Encoding: chunked\n"
)
#: The server says less than it sends; not where a piece of seven bytes ends.
SMALL_HEAD = b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 500\n"
CASES: dict[str, list[Answer]] = {
    "plain": [Answer(_plain(b"200 OK"))],
    "odd-case": [Answer(_plain(b"200 Fine With Me", extra=b'x-ODD-cAsE:  spaced \nETAG:\t"a"\n'))],
    "duplicate-headers": [Answer(_plain(b"200 OK", extra=b"X-A: 1\nX-B: 2\nX-A: 3\nx-a: 4\n"))],
    "folded-header": [Answer(_plain(b"200 OK", extra=b"X-Folded: one\n two\n\tthree\n"))],
    "header-without-colon": [Answer(_plain(b"200 OK", extra=b"this is no header\nX-After: 1\n"))],
    "chunked-gzip": [Answer(_message(CHUNKED_HEAD, _chunked(GZIPPED, 50, b"", b"")))],
    "chunk-extensions-and-trailer": [
        Answer(
            _message(
                CHUNKED_HEAD + b"Trailer: X-Sum\n", _chunked(GZIPPED, 33, b';name="value"', b"X-Sum: 1\r\n")
            )
        )
    ],
    "early-hints": [Answer(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + _plain(b"200 OK"))],
    "moved": [Answer(_plain(b"301 Moved", b"elsewhere", b"Location: /moved-to\n"))],
    "moved-to": [Answer(_plain(b"200 OK"))],
    "not-modified": [Answer(_message(b'HTTP/1.1 304 Not Modified\nETag: "x"\n'))],
    "no-content": [Answer(_message(b"HTTP/1.1 204 No Content\n"))],
    "missing": [Answer(_plain(b"404 Not Found", b"nothing here"))],
    "busy-then-fine": [Answer(_plain(b"503 Busy", b"later", b"Retry-After: 1\n")), Answer(_plain(b"200 OK"))],
    "until-close": [Answer(_message(b"HTTP/1.0 200 OK\nContent-Type: text/html\n", PAGE), "close")],
    "bare-line-feeds": [Answer(b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + PAGE, "close")],
    "short-body": [Answer(_message(b"HTTP/1.1 200 OK\nContent-Length: 5000\n", PAGE), "close")],
    "short-chunk": [Answer(_message(CHUNKED_HEAD, _chunked(GZIPPED, 50, b"", b"")[:-20]), "close")],
    "unknown-coding": [
        Answer(
            _message(b"HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n", _chunked(GZIPPED, 40, b"", b"")),
            "close",
        )
    ],
    "garbage": [Answer(b"\x00\xff<<< this is no HTTP >>>\r\nneither\r\n\r\nis this" * 20, "close")],
    "empty-close": [Answer(b"", "close")],
    "hang-before": [Answer(b"", "hang")],
    "hang-inside": [Answer(_message(b"HTTP/1.1 200 OK\nContent-Length: 5000\n", b"a beginning"), "hang")],
    "brotli": [Answer(_coded(b"br", brotli.compress(PAGE)))],
    "zstd": [Answer(_coded(b"zstd", zstd.compress(PAGE)))],
    "deflate": [Answer(_coded(b"deflate", zlib.compress(PAGE)))],
    "raw-deflate": [Answer(_coded(b"deflate", zlib.compress(PAGE)[2:-4]))],
    "two-gzip-members": [Answer(_coded(b"gzip", GZIPPED + GZIPPED))],
    "broken-gzip": [Answer(_coded(b"gzip", GZIPPED[:100] + b"broken" + GZIPPED[106:]))],
    "coding-that-nobody-knows": [Answer(_coded(b"x-press", PAGE))],
    "no-body": [Answer(_plain(b"200 OK", b""))],
    "no-chunks": [Answer(_message(b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", b"0\r\n\r\n"))],
    "one-byte-chunks": [Answer(_message(b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", _chunked(PAGE[:99], 1, b"", b"")))],
    "chunk-sizes-with-zeros": [
        Answer(_message(b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", b"00A\r\n0123456789\r\n000\r\n\r\n"))
    ],
    "two-interim": [
        Answer(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b.css>\r\n\r\n" + _plain(b"200 OK"))
    ],
    "continue": [Answer(b"HTTP/1.1 100 Continue\r\n\r\n" + _plain(b"200 OK"))],
    "no-reason": [Answer(_plain(b"200 "))],
    "reason-in-utf-8": [Answer(_plain("200 Được rồi".encode()))],
    "bytes-in-a-header": [Answer(_plain(b"200 OK", extra=b"X-Bytes: \xff\xfe\x80 \xe1\xba\xbf\n"))],
    "a-long-header": [Answer(_plain(b"200 OK", extra=b"X-Long: " + b"long " * 2000 + b"\n"))],
    "many-headers": [Answer(_plain(b"200 OK", extra=b"".join(b"X-%d: %d\n" % (n, n) for n in range(300))))],
    "many-cookies": [Answer(_plain(b"200 OK", extra=b"".join(b"Set-Cookie: c%d=%d; Path=/\n" % (n, n) for n in range(9))))],
    "binary": [Answer(_plain(b"200 OK", bytes(range(256)) * 9).replace(b"text/html", b"image/png"))],
    "partial": [Answer(_plain(b"206 Partial Content", PAGE[:99], b"Content-Range: bytes 0-98/967\n"))],
    "forbidden": [Answer(_plain(b"403 Forbidden", b"no"))],
    "gone": [Answer(_plain(b"410 Gone", b"gone"))],
    "teapot": [Answer(_plain(b"418 I'm a teapot", b"short and stout"))],
    "too-many-then-fine": [Answer(_plain(b"429 Slow", b"", b"Retry-After: 1\n")), Answer(_plain(b"200 OK"))],
    "broken-server": [Answer(_plain(b"500 Oops", b"<h1>Oops</h1>"))],
    "see-other": [Answer(_plain(b"303 See Other", b"", b"Location: /moved-to\n"))],
    "permanently": [Answer(_plain(b"308 Permanent Redirect", b"", b"Location: moved-to\n"))],
    "in-circles": [Answer(_plain(b"302 Found", b"again", b"Location: /in-circles\n"))],
    "reset-inside": [Answer(_message(b"HTTP/1.1 200 OK\nContent-Length: 5000\n", PAGE), "reset")],
    "close-after-the-head": [Answer(_message(b"HTTP/1.1 200 OK\nContent-Length: 5000\n"), "close")],
    "too-small-a-length": [Answer(_message(SMALL_HEAD, PAGE))],
    "too-small-a-length-and-close": [Answer(_message(SMALL_HEAD + b"Connection: close\n", PAGE), "close")],
    "bytes-after-chunks": [Answer(_message(CHUNKED_HEAD, _chunked(GZIPPED, 50, b"", b"") + b"and more of it"))],
    "bytes-after-no-content": [Answer(_message(b"HTTP/1.1 204 No Content\n", b"and yet some"))],
    "bytes-after-not-modified": [Answer(_message(b'HTTP/1.1 304 Not Modified\nETag: "y"\n', b"and yet some"))],
}  # fmt: skip
NO_ROBOTS = Answer(_plain(b"404 Not Found", b""))
#: What must be marked as cut, and why.
TRUNCATED = {
    "short-body": "disconnect",
    "short-chunk": "disconnect",
    "hang-inside": "time",
    "reset-inside": "disconnect",
    "close-after-the-head": "disconnect",
}


def _answers(piece: int) -> WireServer:
    def answer(_host: str, path: str, nth: int) -> Answer:
        script = CASES.get(path.strip("/"), [NO_ROBOTS])
        chosen = script[min(nth, len(script)) - 1]
        return Answer(chosen.data, chosen.then, piece)

    return WireServer(answer)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return tls_context(tmp_path_factory.mktemp("tls"))


@pytest.fixture(
    scope="module",
    params=["plain", "plain in 7-byte pieces", "tls", "tls in 7-byte pieces", "proxy", "deduplicated"],
)
def recorded(
    request: pytest.FixtureRequest, tls: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory
) -> tuple[WireServer, Crawl]:
    """A crawl of every case, and the server that answered it."""
    server = _answers(7 if "pieces" in request.param else 1 << 20)
    if "tls" in request.param:
        server.tls = tls
    environment = {}
    with server:
        root = server.root
        if request.param == "proxy":
            environment["http_proxy"] = root
            root = "http://press.invalid"
        urls = ",".join(f"{root}/{name}" for name in CASES if name != "moved-to")
        folder = tmp_path_factory.mktemp("crawl")
        settings = {**FAST, "ARCHIVE_DEDUPLICATE": request.param == "deduplicated"}
        ended = crawl("vna", folder, settings, environment=environment, urls=urls)
    assert ended.status == 0, ended.err
    return server, ended


def _blocks(ended: Crawl) -> dict[str, list[WarcRecord]]:
    """Return the records of the crawl by the last part of their URL."""
    found: dict[str, list[WarcRecord]] = {}
    for path in ended.warcs:
        for record in records(path):
            name = record.get("WARC-Target-URI").rpartition("/")[2]
            found.setdefault(name, []).append(record)
    return found


def test_every_exchange_comes_back_as_it_was(recorded: tuple[WireServer, Crawl]) -> None:
    server, ended = recorded
    found: dict[str, list[tuple[bytes, bytes]]] = {}
    for exchange in (each.read() for each in ArchiveIndex(find_sources([ended.root / "archive"]))):
        found.setdefault(urlsplit(exchange.url).path, []).append((exchange.sent, exchange.received))
    served: dict[str, list[tuple[bytes, bytes]]] = {}
    for each in server.log:
        served.setdefault(urlsplit(each.url).path, []).append((each.received, each.sent))
    # A reset takes with it what the kernel had and nobody had read.
    for (_, received), (_, sent) in zip(found.pop("/reset-inside"), served.pop("/reset-inside"), strict=True):
        assert sent.startswith(received)
    assert {path: sorted(pairs) for path, pairs in found.items()} == {
        path: sorted(p) for path, p in served.items()
    }


def test_a_body_is_written_once(recorded: tuple[WireServer, Crawl], request: pytest.FixtureRequest) -> None:
    _, ended = recorded
    types = Counter(record.type for own in _blocks(ended).values() for record in own)
    is_deduplicated = request.node.callspec.params["recorded"] == "deduplicated"
    assert (types["revisit"] > 10) == is_deduplicated
    assert is_deduplicated or not types["revisit"]


def _skip_deduplicated(request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["recorded"] == "deduplicated":
        pytest.skip("compares records; revisits are compared as they are read back")


def test_every_exchange_is_byte_identical(
    recorded: tuple[WireServer, Crawl], request: pytest.FixtureRequest
) -> None:
    _skip_deduplicated(request)
    server, ended = recorded
    by_name = _blocks(ended)
    compared = 0
    for name in CASES:
        served = [each for each in server.log if each.url.endswith(f"/{name}")]
        own = by_name[name]
        requests = [r.block for r in own if r.type == "request"]
        assert sorted(requests) == sorted(each.received for each in served), name
        answers = sorted(each.sent for each in served if each.sent)
        interim = b"".join(r.block for r in own if r.type == "metadata" and "http" in r.get("Content-Type"))
        responses = sorted(interim + r.block for r in own if r.type == "response")
        if name == "reset-inside":
            answers = [answer[: len(got)] for answer, got in zip(answers, responses, strict=True)]
        assert responses == answers, name
        compared += len(served)
    assert compared >= len(CASES) >= 40
    print(f"{len(CASES)} kinds of answer, {compared} exchanges byte-identical in both directions")


def test_truncation_is_marked_and_nothing_else_is(recorded: tuple[WireServer, Crawl]) -> None:
    _, ended = recorded
    by_name = _blocks(ended)
    for name in CASES:
        reasons = {r.get("WARC-Truncated") for r in by_name[name] if r.type == "response"}
        if reasons:
            assert reasons == {TRUNCATED.get(name, "")}, name


def test_record_headers(recorded: tuple[WireServer, Crawl], request: pytest.FixtureRequest) -> None:
    _, ended = recorded
    mode = request.node.callspec.params["recorded"]
    info, *rest = records(ended.warcs[0])
    assert info.type == "warcinfo"
    by_id = {record.get("WARC-Record-ID"): record for record in rest}
    for record in rest:
        assert record.get("WARC-Warcinfo-ID") == info.get("WARC-Record-ID")
        assert record.get("WARC-Block-Digest") == _sha1(record.block)
        if (response_id := record.get("WARC-Concurrent-To")) and record.type == "request":
            response = by_id[response_id]
            assert response.get("WARC-Target-URI") == record.get("WARC-Target-URI")
            assert response.get("WARC-Date") == record.get("WARC-Date")
        if record.type in {"request", "response"}:
            assert record.get("WARC-IP-Address") == ("" if mode == "proxy" else "127.0.0.1")
        if "tls" in mode and record.type == "response":
            assert "tls/1.3" in record.get_all("WARC-Protocol")
            assert record.get("WARC-Cipher-Suite").startswith("TLS_")


def _sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()  # noqa: S324  WARC's custom


def test_payload_digests_are_of_the_body_without_framing(
    recorded: tuple[WireServer, Crawl], request: pytest.FixtureRequest
) -> None:
    _skip_deduplicated(request)
    _, ended = recorded
    by_name = _blocks(ended)
    for name in ("chunked-gzip", "chunk-extensions-and-trailer"):
        (response,) = (r for r in by_name[name] if r.type == "response")
        assert response.get("WARC-Payload-Digest") == _sha1(GZIPPED)
    (response,) = (r for r in by_name["plain"] if r.type == "response")
    assert response.get("WARC-Payload-Digest") == _sha1(PAGE)
    (garbage, *_) = (r for r in by_name["garbage"] if r.type == "response")
    assert not garbage.get("WARC-Payload-Digest")


def test_one_gzip_member_a_record_and_nothing_left_open(recorded: tuple[WireServer, Crawl]) -> None:
    _, ended = recorded
    assert not list(ended.root.rglob("*.open"))
    for path in ended.warcs:
        offsets = [record.offset for record in records(path)]
        assert len(set(offsets)) == len(offsets)


def test_index_names_every_readable_response(recorded: tuple[WireServer, Crawl]) -> None:
    _, ended = recorded
    lines = (ended.root / "indexes" / "index.cdxj").read_text().splitlines()
    assert lines == sorted(lines)
    responses = [
        record
        for path in ended.warcs
        for record in records(path)
        if record.type in {"response", "revisit"}
        and record.get("Content-Type").startswith("application/http")
    ]
    assert len(lines) == len(responses)
    for record in responses:
        parse_response(record.block)
        own = [x for x in lines if f'"offset": "{record.offset}"' in x]
        assert any(record.get("WARC-Target-URI") in line for line in own)


def test_other_readers_read_every_record(recorded: tuple[WireServer, Crawl]) -> None:
    _, ended = recorded
    for path in ended.warcs:
        own = records(path)
        with path.open("rb") as stream:
            # Its iterator parses HTTP only when told to; chunk extensions would stop it.
            others = list(fastwarc.warc.ArchiveIterator(stream, parse_http=False))
            assert len(others) == len(own)
        with path.open("rb") as stream:
            for record in fastwarc.warc.ArchiveIterator(stream, parse_http=False):
                assert record.verify_block_digest()
        checked = _warcio_check(path)
        faults = [line for line in checked.stdout.splitlines() if "failed" in line]
        # By the standard's meaning of payload, warcio is wrong about chunked bodies, and about bytes after the body.
        assert all("payload digest failed" in line for line in faults), checked.stdout
        assert (
            len(faults)
            <= sum(any(word in name for word in ("chunk", "coding", "after", "small")) for name in CASES) * 2
        )


def _warcio_check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(path)], capture_output=True, check=False, text=True
    )


def test_bytes_after_a_message_are_recorded_and_are_none_of_its_body(
    recorded: tuple[WireServer, Crawl], request: pytest.FixtureRequest
) -> None:
    _skip_deduplicated(request)
    _, ended = recorded
    by_name = _blocks(ended)
    for name in ("too-small-a-length", "too-small-a-length-and-close"):
        (response,) = (r for r in by_name[name] if r.type == "response")
        assert response.block.endswith(PAGE)
        assert response.get("WARC-Payload-Digest") == _sha1(PAGE[:500])
        assert parse_response(response.block).body == PAGE[:500]
        assert not response.get("WARC-Truncated")
    assert "no faults" in printed("verify", ended.root)


def _served(folder: Path, script: dict[str, Answer], **settings: int) -> tuple[WireServer, Crawl]:
    with WireServer(lambda _host, path, _nth: script.get(path.strip("/"), NO_ROBOTS)) as server:
        urls = ",".join(f"{server.root}/{name}" for name in script)
        return server, crawl("vna", folder, {**FAST, **settings}, urls=urls)


def test_a_connection_that_brought_more_than_it_should_has_no_next_request(tmp_path: Path) -> None:
    # What follows the first answer would be the answer to the next request.
    forged = _plain(b"200 OK", b"<p>forged</p>")
    script = {
        "more": Answer(_plain(b"200 OK") + forged),
        "next": Answer(_plain(b"200 OK", b"<p>next</p>")),
        "line-end": Answer(_plain(b"200 OK", b"<p>line</p>") + b"\r\n"),
        "last": Answer(_plain(b"200 OK", b"<p>last</p>")),
    }
    _, ended = _served(tmp_path, script, CONCURRENT_REQUESTS_PER_DOMAIN=1, CONCURRENT_REQUESTS=1)
    assert ended.status == 0, ended.err
    found = {name: [r.block for r in own if r.type == "response"] for name, own in _blocks(ended).items()}
    assert {name: found[name] for name in script} == {name: [answer.data] for name, answer in script.items()}


def test_an_answer_that_is_shorter_than_it_says_fails_and_is_tried_again(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 5000\n"
    script = {"short": Answer(_message(head, PAGE), "close"), "reset": Answer(_message(head, PAGE), "reset")}
    server, ended = _served(tmp_path, script, RETRY_TIMES=2)
    for name in script:
        assert sum(each.url.endswith(f"/{name}") for each in server.log) == 3
        responses = [r for r in _blocks(ended)[name] if r.type == "response"]
        assert {r.get("WARC-Truncated") for r in responses} == {"disconnect"}
    assert ended.items == []
    assert "pages          0" in ended.out


def test_bytes_after_a_message_are_copied_by_a_replay(tmp_path: Path) -> None:
    _, ended = _served(tmp_path / "live", {"small": Answer(_message(SMALL_HEAD, PAGE))})
    archived = [ended.root / "archive"]
    urls = ",".join(each.url for each in ArchiveIndex(find_sources(archived)) if each.url.endswith("/small"))
    again = crawl("vna", tmp_path / "again", {"REPLAY": ended.root}, urls=urls)
    archived.append(again.root / "archive")
    live, copied = (
        sorted((each.url, each.read().received) for each in ArchiveIndex(find_sources([path])))
        for path in archived
    )
    assert live == copied
    assert any(received.endswith(PAGE) for _, received in copied)
