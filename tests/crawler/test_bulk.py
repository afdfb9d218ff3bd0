"""Bulk extraction: the same bytes whoever does the work, whatever is killed, wherever the archives lie."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from backports import zstd

from archive import Collection, Originals, find_sources, read_records
from archive.cdxj import found, urlkey
from archive.collection import index_lines
from crawler.bulk import InProcess, Parts, Plan, Processes, UrlFilter, extracted, find_shards, parts_key
from crawler.errors import ArgumentError
from crawler.items import Article
from tests.archive.test_revisits import exchange, message, write
from tests.crawls import ROOT, SEEDS
from tests.s3 import s3_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crawler.bulk import Extracted, Shard

TEXT = "Paragraph {} of page {} tells at length what happened on this day in the town, and to whom it did."
HOSTS = ("www.vietnamplus.vn", "zh.vietnamplus.vn", "nhandan.vn")


def record(url: str, body: bytes, number: int) -> bytes:
    """Return a response record as a gzip member."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(
        body
    )
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{number}>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-06-01T00:00:{number % 60:02}Z\r\nContent-Type: application/http;msgtype=response\r\n"
        f"Content-Length: {len(block) + len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + body + b"\r\n\r\n", 1, mtime=0)


def page(number: int) -> bytes:
    text = "".join(f"<p>{TEXT.format(n, number)}</p>" for n in range(6))
    noise = os.urandom(300).hex()
    return (
        f'<h1 class="article__title cms-title">Title {number}</h1><!-- {noise} -->'
        f'<div class="article__body zce-content-body cms-body">{text}</div>'
    ).encode()


def warc(path: Path, numbers: range) -> Path:
    members = [
        record(
            f"https://{HOSTS[n % 3]}/{'kinhte' if n % 2 else 'a'}/x-post{n}.{'html' if n % 3 == 2 else 'vnp'}",
            page(n),
            n,
        )
        for n in numbers
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(members))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        warc(tmp_path / "in" / f"{number}.warc.gz", range(30 * number, 30 * number + 30))
    return tmp_path / "in"


def _shards(folder: Path | str, selection: UrlFilter | None = None) -> list[Shard]:
    return find_shards([str(folder)], None, selection or UrlFilter(), [], pytest.fail)


def _lines(results: Iterator[tuple[Shard, Extracted]]) -> bytes:
    return b"".join(result.lines for _, result in results)


def _ids(lines: bytes) -> list[int]:
    return [int(json.loads(line)["id"].rpartition(":")[2]) for line in lines.splitlines()]


def _scrapy(*arguments: object, **given: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments), capture_output=True, check=False, cwd=ROOT, text=True, **given
    )


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "crawler", "extract", *map(str, arguments)]


def test_processes_give_what_one_gives_in_the_order_of_the_input(folder: Path) -> None:
    shards = _shards(folder)
    one = _lines(extracted(InProcess(), Plan(), shards))
    assert _ids(one) == list(range(120))
    assert _lines(extracted(Processes(3), Plan(), shards)) == one


@pytest.mark.parametrize("stretch", [1, 700, 4_000, 10**9])
def test_stretches_of_a_file_give_each_record_once(
    folder: Path, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.bulk.shards._RANGE", stretch)
    path = folder / "0.warc.gz"
    if stretch == 1:
        path = warc(folder.parent / "small.warc.gz", range(2))
    shards = _shards(path)
    assert (len(shards) > 1) == (stretch < 10**6)
    assert _ids(_lines(extracted(InProcess(), Plan(), shards))) == list(range(2 if stretch == 1 else 30))


@pytest.mark.parametrize("stretch", [500, 1_500, 4_000])
def test_damage_is_told_once_wherever_the_stretches_meet(
    folder: Path, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "0.warc.gz"
    data = bytearray(path.read_bytes())
    starts = [match.start() for match in re.finditer(rb"\x1f\x8b\x08", data)]
    for number in (7, 8, 20):
        middle = (starts[number] + starts[number + 1]) // 2
        data[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    whole = list(extracted(InProcess(), Plan(), _shards(path)))
    monkeypatch.setattr("crawler.bulk.shards._RANGE", stretch)
    parts = list(extracted(InProcess(), Plan(), _shards(path)))
    assert len(parts) > 3
    assert b"".join(r.lines for _, r in parts) == b"".join(r.lines for _, r in whole)
    assert _ids(b"".join(r.lines for _, r in whole)) == [n for n in range(30) if n not in {7, 8, 20}]
    assert [c for _, r in parts for c in r.complaints] == [c for _, r in whole for c in r.complaints]


def test_a_killed_process_loses_and_doubles_nothing(folder: Path) -> None:
    shards = _shards(folder)
    expected = _lines(extracted(InProcess(), Plan(), shards))
    results = extracted(Processes(2), Plan(), shards)
    lines = next(results)[1].lines
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    for child in children:
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)
            break
    else:
        pytest.fail("no process to kill")
    assert lines + _lines(results) == expected


class Dying:
    """A source whose reader dies."""

    name = "dying.warc.gz"

    def open(self) -> Any:
        os._exit(9)


def test_a_file_that_kills_its_process_is_told_and_the_others_are_read(folder: Path) -> None:
    from crawler.bulk import Shard  # noqa: PLC0415

    shards = _shards(folder)
    bad = Shard(given="x", source=Dying())
    results = list(extracted(Processes(2), Plan(), [*shards[:2], bad, *shards[2:]]))
    assert _ids(b"".join(result.lines for _, result in results)) == list(range(120))
    assert [result.complaints != () for _, result in results] == [False, False, True, False, False]


def test_an_interrupted_run_is_taken_up_again(folder: Path, tmp_path: Path) -> None:
    shards, out = _shards(folder), tmp_path / "out.jsonl"
    expected = _lines(extracted(InProcess(), Plan(), shards))
    key = parts_key(shards, UrlFilter(), learns=False)
    with Parts(out, key) as parts:
        half = extracted(InProcess(), Plan(), shards, parts)
        next(half), next(half)
    asked = []

    class Watched:
        def results(self, plan: Plan, numbered: Any) -> Any:
            for number, shard in numbered:
                asked.append(number)
                yield from InProcess().results(plan, [(number, shard)])

    with Parts(out, key) as parts:
        assert not parts.was_stale
        assert _lines(extracted(Watched(), Plan(), shards, parts)) == expected
        assert asked == [2, 3]
    # Another input gives another key.
    warc(folder / "3.warc.gz", range(90, 121))
    with Parts(out, parts_key(_shards(folder), UrlFilter(), learns=False)) as parts:
        assert parts.was_stale
        with pytest.raises(ArgumentError, match="another process is writing it"):
            Parts(out, key)
    assert not parts.folder.exists()


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def _began(out: Path, *arguments: object) -> tuple[subprocess.Popen[str], list[Path]]:
    """Begin to extract into *out*; return the process when it is at work, and where its own are listed."""
    process = subprocess.Popen(
        _command(*arguments, out), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    parts = out.with_name(f"{out.name}.parts")

    def is_at_work() -> bool:
        assert process.poll() is None, "it ended before it could be killed"
        return parts.is_dir() and len([p for p in parts.iterdir() if p.name.isdecimal()]) >= 2

    _until(is_at_work)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return process, [Path("/proc", child) for child in children]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_end_by_signal_and_the_same_again(tmp_path: Path, by: signal.Signals) -> None:
    for number in range(8):
        path = warc(tmp_path / "in" / f"{number}.warc.gz", range(400 * number, 400 * number + 400))
        # Enough for processes of its own to be begun.
        with path.open("ab") as file:
            file.write(record("https://a.vn/x.png", os.urandom(1_000_000), 0))
    out, whole = tmp_path / "out.jsonl.gz", tmp_path / "whole.jsonl.gz"
    arguments = (tmp_path / "in", "--processes", 2, "-o")
    assert _scrapy(*arguments, whole).returncode == 0
    process, workers = _began(out, *arguments)
    assert workers
    if by == signal.SIGINT:
        # As a terminal does it: to all of them.
        os.killpg(process.pid, by)
        said = "extract: interrupted; the same command resumes it\n"
        assert (process.communicate(timeout=60)[1], process.returncode) == (said, 130)
    else:
        process.send_signal(by)
        # That of those that it began, too, is closed.
        process.communicate(timeout=60)
    _until(lambda: not any(map(Path.exists, workers)))
    assert not out.exists()
    ended = _scrapy(*arguments, out)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert out.read_bytes() == whole.read_bytes()
    assert _ids(gzip.decompress(out.read_bytes())) == list(range(3200))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out.jsonl.gz", "whole.jsonl.gz"]


def test_an_earlier_result_outlives_a_run_that_can_read_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("an earlier result\n")
    ended = _scrapy(tmp_path / "nothing", "-o", out)
    assert ended.returncode == 1
    assert f"{out}: nothing to write; the file is left unchanged" in ended.stderr
    assert [path.read_text() for path in tmp_path.iterdir()] == ["an earlier result\n"]


def test_each_form_of_output_holds_the_same(folder: Path, tmp_path: Path) -> None:
    from pyarrow import parquet  # noqa: PLC0415

    names = ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet")
    for name in names:
        ended = _scrapy(folder, SEEDS / "seeds.warc.gz", "-o", tmp_path / name)
        assert (ended.returncode, ended.stderr) == (0, "")
    plain, packed, small, table = (tmp_path / name for name in names)
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert zstd.decompress(small.read_bytes()) == plain.read_bytes()
    rows = parquet.read_table(table).to_pylist()
    for row in rows:
        row["body"] = [{k: v for k, v in block.items() if v is not None} for block in row["body"]]
    assert rows == [json.loads(line) for line in plain.read_bytes().splitlines()]
    assert list(rows[0]) == list(json.loads(plain.read_bytes().splitlines()[0]))
    assert Article.from_json(json.dumps(rows[0]))


def test_inputs_by_glob_and_by_list(folder: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt.gz"
    listed.write_bytes(gzip.compress(f"# two of them\n{folder}/1.warc.gz\n\n{folder}/0.warc.gz\n".encode()))
    ended = _scrapy("--list", listed, f"{folder}/[23].*")
    assert _ids(ended.stdout.encode()) == [*range(60, 120), *range(30, 60), *range(30)]
    ended = _scrapy(f"{folder}/[78].*", folder / "0.warc.gz")
    assert "[78].*: matches no file" in ended.stderr
    assert (ended.returncode, len(ended.stdout.splitlines())) == (1, 30)


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (UrlFilter(hosts=("vietnamplus.vn",)), lambda n: n % 3 != 2),
        (UrlFilter(hosts=("zh.vietnamplus.vn",)), lambda n: n % 3 == 1),
        (UrlFilter(prefixes=("http://vietnamplus.vn/kinhte/",)), lambda n: n % 3 == 0 and n % 2),
        (
            UrlFilter(prefixes=("https://NHANDAN.vn/a/", "https://www.vietnamplus.vn/a/")),
            lambda n: n % 3 != 1 and not n % 2,
        ),
        (UrlFilter(hosts=("plus.vn",)), lambda _: False),
    ],
)
@pytest.mark.parametrize("with_index", [False, True])
def test_only_what_is_selected_is_read(
    folder: Path,
    selection: UrlFilter,
    wanted: Callable[[int], bool],
    with_index: bool,  # noqa: FBT001
) -> None:
    if with_index:
        for path in folder.glob("*.warc.gz"):
            path.with_name(f"{path.name}.cdxj").write_text("\n".join(sorted(index_lines(path))))
    shards = _shards(folder, selection)
    lines = _lines(extracted(InProcess(), Plan(url_filter=selection), shards))
    expected = [n for n in range(120) if wanted(n)]
    assert _ids(lines) == expected
    if with_index:
        assert sum(len(shard.offsets or ()) for shard in shards) == len(expected)


def test_the_index_of_a_collection_is_found_and_its_revisits_too(tmp_path: Path) -> None:
    url = "https://www.vietnamplus.vn/mot-bai-post{}.vnp"
    body = message(page(0), extra=b"Content-Type: text/html\r\n")
    write(tmp_path / "c", *(exchange(n, body, url=url.format(n)) for n in range(3)))
    selection = UrlFilter(prefixes=(url.format(2),))
    shards = _shards(tmp_path / "c", selection)
    assert [len(shard.offsets or ()) for shard in shards] == [1]
    # The original lies in a record that is not selected.
    assert _ids(_lines(extracted(InProcess(), Plan(url_filter=selection), shards))) == [2]


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


def test_looking_up_an_index_finds_every_line_and_no_other(tmp_path: Path) -> None:
    urls = [f"https://a.vn/{n}{'x' * (n % 7 * 30)}" for n in range(60)]
    entries = [(url, f"20260601{hour:02}0000") for url in urls for hour in range(len(url) % 3 + 1)]
    lines = sorted(
        f'{urlkey(url)} {date} {{"url": "{url}", "offset": "{n}"}}' for n, (url, date) in enumerate(entries)
    )
    path = tmp_path / "index.cdxj"
    path.write_text("".join(f"{line}\n" for line in lines))
    for url in urls:
        assert [each["url"] for each in found(path, url)] == [u for u, _ in entries if u == url]
    assert [e["url"] for e in found(path, urls[1], "2026-06-01T01:00:00Z")] == [
        u for u, d in entries if u == urls[1] and d == "20260601010000"
    ]
    assert list(found(path, "https://a.vn/none")) == []
    path.write_text("")
    assert list(found(path, urls[0])) == []


class Ranges(SimpleHTTPRequestHandler):
    """Serves files with ranges, and counts what it sends."""

    sent = 0

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._head(200, self._data())

    def do_GET(self) -> None:
        data, asked = self._data(), re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked and data is not None:
            begin, end = int(asked[1]), int(asked[2] or len(data) - 1)
            part = data[begin : end + 1]
            self._head(206, part, f"bytes {begin}-{begin + len(part) - 1}/{len(data)}")
        else:
            part = data or b""
            self._head(200, data)
        type(self).sent += len(part)
        self.wfile.write(part)

    def _data(self) -> bytes | None:
        path = Path(self.translate_path(self.path))
        return path.read_bytes() if path.is_file() else None

    def _head(self, status: int, data: bytes | None, place: str = "") -> None:
        self.send_response(status if data is not None else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.send_header("Accept-Ranges", "bytes")
        if place:
            self.send_header("Content-Range", place)
        self.end_headers()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    Ranges.sent = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Ranges, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_archives_on_a_web_server(folder: Path) -> None:
    local = _scrapy(folder / "0.warc.gz", folder / "1.warc.gz").stdout
    with serving(folder) as root:
        ended = _scrapy(f"{root}/0.warc.gz", f"{root}/1.warc.gz", f"{root}/none.warc.gz")
        assert ended.stdout == local
        assert ended.returncode == 1
        assert f"extract: error: {root}/none.warc.gz: no such file" in ended.stderr
    ended = _scrapy(f"{root}/0.warc.gz")
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"extract: error: {root}/0.warc.gz: ")


def test_an_index_saves_reading_a_file_on_a_web_server(tmp_path: Path) -> None:
    path = tmp_path / "big.warc.gz"
    filler = record("https://a.vn/filler", os.urandom(30_000_000), 1)
    wanted = record("https://www.vietnamplus.vn/x-post7.vnp", page(7), 2)
    path.write_bytes(filler + wanted + filler)
    index = tmp_path / "index.cdxj"
    index.write_text("\n".join(sorted(index_lines(path))))
    with serving(tmp_path) as root:
        ended = _scrapy(f"{root}/big.warc.gz", "--host", "vietnamplus.vn", "--index", f"{root}/index.cdxj")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert _ids(ended.stdout.encode()) == [7]
    assert Ranges.sent < 12_000_000 < path.stat().st_size


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.warc", "--processes", "0"], "--processes 0: at least 1"),
        (["x.warc", "--host", "a b"], "--host a b: not a host name"),
        (["x.warc", "--prefix", "vietnamplus.vn"], "--prefix vietnamplus.vn: not an http(s) URL"),
        (["x.warc", "--index", "x"], "--index goes with --host or --prefix"),
        (["--list", "/none"], "--list /none: No such file or directory"),
        (["x.warc", "--host", "a.vn", "--index", "/none"], "/none"),
        (["x.warc", "--dask", "tcp://127.0.0.1:9"], "--dask tcp://127.0.0.1:9: "),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_line(arguments: list[str], message: str) -> None:
    ended = _scrapy(*arguments)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_archives_in_an_s3_bucket(folder: Path) -> None:
    with s3_server() as s3:
        for path in folder.iterdir():
            s3.put(f"in/{path.name}", path.read_bytes())
        s3.put("in/readme.txt", b"no archive")
        environment = {**os.environ, **s3.environment}
        whole = _scrapy("s3://bucket/in", env=environment)
        assert (whole.returncode, whole.stderr) == (0, "")
        assert whole.stdout == _scrapy(folder).stdout
        some = _scrapy("s3://bucket/in/[12].warc.gz", env=environment)
        assert _ids(some.stdout.encode()) == list(range(30, 90))
        none = _scrapy("s3://bucket/none/", "s3://nowhere/x.warc.gz", env=environment)
        assert none.returncode == 1
        assert len(none.stderr.splitlines()) == 2, none.stderr
