"""`scrapy extract`, as a user runs it: whatever is killed, wherever the archives are."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from backports import zstd

from archive.collection import index_lines
from crawler.items import Article
from tests.support.crawls import SEEDS, crawl, run, run_apart
from tests.support.exchanges import exchange, message, write
from tests.support.fork_server import Process, start
from tests.support.s3 import s3_server
from tests.support.warcs import ids_of, page, record, warc

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        warc(tmp_path / "in" / f"{number}.warc.gz", range(30 * number, 30 * number + 30))
    return tmp_path / "in"


def _scrapy(*arguments: object, **given: Any) -> subprocess.CompletedProcess[str]:
    return run("extract", *arguments, **given)


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def _began(out: Path, *arguments: object) -> tuple[Process, list[Path]]:
    """Begin to extract into *out*; return the process when it is at work, and where its own are listed."""
    process = start("crawler", "extract", *arguments, out)
    parts = out.with_name(f"{out.name}.parts")

    def is_at_work() -> bool:
        assert process.poll() is None, "it ended before it could be killed"
        return parts.is_dir() and len([p for p in parts.iterdir() if p.name.isdecimal()]) >= 2

    _until(is_at_work)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return process, [Path("/proc", child) for child in children]


@pytest.fixture(scope="module")
def much(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A folder of archives that keeps processes of its own at work, and what is extracted from it."""
    folder, out = tmp_path_factory.mktemp("much"), tmp_path_factory.mktemp("whole") / "whole.jsonl.gz"
    for number in range(8):
        path = warc(folder / f"{number}.warc.gz", range(200 * number, 200 * number + 200))
        # Enough for processes of its own to be begun.
        with path.open("ab") as file:
            file.write(record("https://a.vn/x.png", os.urandom(1_000_000), 0))
    assert _scrapy(folder, "--processes", 2, "-o", out).returncode == 0
    return folder, out.read_bytes()


@pytest.mark.long
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_end_by_signal_and_the_same_again(
    tmp_path: Path, much: tuple[Path, bytes], by: signal.Signals
) -> None:
    folder, whole = much
    out = tmp_path / "out.jsonl.gz"
    arguments = (folder, "--processes", 2, "-o")
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
    assert out.read_bytes() == whole
    assert ids_of(gzip.decompress(out.read_bytes())) == list(range(1600))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl.gz"]


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
    assert ids_of(ended.stdout.encode()) == [*range(60, 120), *range(30, 60), *range(30)]
    ended = _scrapy(f"{folder}/[78].*", folder / "0.warc.gz")
    assert "[78].*: matches no file" in ended.stderr
    assert (ended.returncode, len(ended.stdout.splitlines())) == (1, 30)


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
    assert ids_of(ended.stdout.encode()) == [7]
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


@pytest.mark.long
def test_archives_in_an_s3_bucket(folder: Path) -> None:
    with s3_server() as s3:
        for path in folder.iterdir():
            s3.put(f"in/{path.name}", path.read_bytes())
        s3.put("in/readme.txt", b"no archive")
        environment = s3.environment
        whole = _scrapy("s3://bucket/in", environment=environment)
        assert (whole.returncode, whole.stderr) == (0, "")
        assert whole.stdout == _scrapy(folder).stdout
        some = _scrapy("s3://bucket/in/[12].warc.gz", environment=environment)
        assert ids_of(some.stdout.encode()) == list(range(30, 90))
        none = _scrapy("s3://bucket/none/", "s3://nowhere/x.warc.gz", environment=environment)
        assert none.returncode == 1
        assert len(none.stderr.splitlines()) == 2, none.stderr


PAGE = SEEDS / "pages" / "000_64e55b9a19bdb261.html"


def test_the_documents(tmp_path: Path) -> None:
    out = tmp_path / "articles.jsonl"
    ended = run("extract", *sorted(SEEDS.glob("*.txt")), "-o", out)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"5 articles from 5 inputs in {out}\n"
    articles = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert [a["id"].rpartition(":")[0] for a in articles] == [
        "vna:zh", "vna:zh", "vietnamvn:und", "vna:zh", "vna:zh",
    ]  # fmt: skip


def test_archives_give_the_articles_of_the_crawl(tmp_path: Path) -> None:
    crawled = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    ended = run("extract", crawled.root)
    assert (ended.returncode, ended.stderr) == (0, "")
    extracted = [json.loads(line) for line in ended.stdout.splitlines()]
    # The crawl heard a second witness.
    assert all(item["extractor"].pop("trafilatura") for item in crawled.items)
    for item in (*extracted, *(items := crawled.items)):
        del item["extractor"]["trafilatura"]
    assert extracted == items


PLEA = "This paper lives by its readers alone, and the editors thank each of them for what they give us every month."


def _paper(path: Path, host: str, pages: int) -> Path:
    """Write a WARC of *pages* articles of one site, each with a paragraph of its own and one that all have."""
    records = []
    for number in range(pages):
        own = (
            f"Paragraph {number} tells what happened on this day in the town, and to whom it did, at length. "
            * 3
        )
        head = f'<title>Article {number}</title><meta name="date" content="2026-01-02">'
        html = f"{head}<article><p>{own}</p><p>{PLEA}</p></article>"
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(html)}\r\n\r\n{html}"
        records.append(
            "WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
            f"WARC-Record-ID: <urn:test:{number}>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
            f"WARC-Target-URI: https://{host}/news/on-day-{number}.html\r\n"
            f"Content-Length: {len(block)}\r\n\r\n{block}\r\n\r\n"
        )
    path.write_bytes("".join(records).encode())
    return path


def test_what_a_site_prints_on_many_pages_can_be_learned(tmp_path: Path) -> None:
    many = _paper(tmp_path / "many.warc", "many.example", 6)
    few = _paper(tmp_path / "few.warc", "few.example", 3)

    def extracted(*options: str, run: Callable[..., Any] = run) -> list[dict[str, Any]]:
        ended = run("extract", many, few, *options)
        assert (ended.returncode, ended.stderr) == (0, "")
        return [json.loads(line) for line in ended.stdout.splitlines()]

    assert all(item["text"].endswith(PLEA) for item in extracted())
    items = extracted("-s", "EXTRACTION_LEARN=1")
    assert [PLEA in item["text"] for item in items] == [False] * 6 + [True] * 3
    assert ["learned_blocks" in item["flags"] for item in items] == [True] * 6 + [False] * 3
    assert [item["text"].split()[1] for item in items] == ["0", "1", "2", "3", "4", "5", "0", "1", "2"]
    # The same bytes give the same items, in any process.
    assert extracted("-s", "EXTRACTION_LEARN=1", run=run_apart) == items
    ended = run("extract", many, "-s", "EXTRACTION_LEARN=maybe")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "EXTRACTION_LEARN=maybe: allowed: True, False, 1, 0" in ended.stderr


def test_a_saved_page_needs_its_address() -> None:
    ended = run("extract", PAGE, "--url", "https://zh.vietnamplus.vn/article-post268001.vnp")
    assert json.loads(ended.stdout)["id"] == "vna:zh:268001"
    ended = run("extract", PAGE)
    assert ended.returncode == 1
    assert ended.stderr.endswith("a saved HTML page needs its URL; give --url\n")


def test_one_bad_input_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes((SEEDS / "seeds.warc.gz").read_bytes()[:-100])
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe\xff")
    ended = run("extract", tmp_path / "none.warc", bad, tmp_path / "latin.txt", SEEDS / "seeds.warc.gz")
    assert ended.returncode == 1
    assert len(ended.stdout.splitlines()) == 10
    messages = ended.stderr.splitlines()
    assert len(messages) == 3
    assert "none.warc: no such file or folder" in messages[0]
    assert "bad.warc.gz: record at offset" in messages[1]
    assert "latin.txt" in messages[2]


def test_help_and_wrong_use() -> None:
    assert "--url" in run("extract", "-h").stdout
    assert run("extract").returncode == 2
    ended = run("extract", PAGE, "-o", "/nowhere/x")
    assert ended.returncode == 2
    assert "/nowhere/x: No such file" in ended.stderr
    assert {"baotintuc", "nhandan", "vietnamvn", "vna"} <= set(run("list").stdout.split())


def test_a_revisit_gives_the_article_of_the_page_it_refers_to(tmp_path: Path) -> None:
    url = "https://www.vietnamplus.vn/mot-bai-post{}.vnp"
    page = f"<h1 class=article__title>Title</h1><div class=cms-body><p>{PLEA}</p></div>".encode()
    received = message(page, extra=b"Content-Type: text/html\r\n")
    write(tmp_path / "c", *(exchange(n, received, url=url.format(n)) for n in range(2)))
    ended = run("extract", tmp_path / "c")
    assert (ended.returncode, ended.stderr) == (0, "")
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert (first["id"], second["id"]) == ("vna:vi:0", "vna:vi:1")
    assert first["text"] == second["text"] == PLEA
    assert first["capture"]["offset"] < second["capture"]["offset"]
