"""What a crawl has closed goes to a real S3 server, is compared, and may then be removed here."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from archive.collection import index_lines
from tests.support.crawls import Crawl, crawl, run
from tests.support.s3 import S3, s3_server
from tests.support.site import Site, answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("uploads")]


UPLOAD = {"ARCHIVE_UPLOAD": "s3://bucket/crawls/"}


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_server() as s3:
        yield s3


@contextmanager
def reaching(s3: S3) -> Iterator[None]:
    before = dict(os.environ)
    # The crawls have a proxy, which is the press's.
    os.environ.update({**s3.environment, "no_proxy": "127.0.0.1"})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def site(tmp_path: Path, s3: S3) -> Iterator[Site]:
    for key in s3.listed():
        s3.delete(key)
    site = Site(tmp_path)
    with site.server, reaching(s3):
        yield site


def _files(ended: Crawl) -> dict[str, bytes]:
    found = {f"crawls/vna/archive/{path.name}": path.read_bytes() for path in ended.warcs}
    for path in ended.warcs:
        lines = "".join(f"{line}\n" for line in sorted(index_lines(path)))
        found[f"crawls/vna/indexes/{path.name}.cdxj"] = lines.encode()
    for path in (ended.root / "items").iterdir():
        found[f"crawls/vna/items/{path.name}"] = path.read_bytes()
    return found


def test_what_is_closed_is_uploaded_once(site: Site, s3: S3) -> None:
    ended = site.crawl(UPLOAD, edition="zh")
    assert ended.status == 0, ended.err
    assert "uploaded       2 files" in ended.out
    assert {key: s3.get(key) for key in s3.listed()} == _files(ended)
    s3.put("crawls/vna/archive/" + ended.warcs[0].name, b"not asked for again")
    again = site.crawl(UPLOAD, edition="zh", later=60)
    assert "uploaded       1 file," in again.out  # nothing new, but for the exchanges
    assert s3.get("crawls/vna/archive/" + ended.warcs[0].name) == b"not asked for again"
    assert set(s3.listed()) == _files(again).keys()


def test_many_files_are_uploaded_as_they_are_closed_and_removed(site: Site, s3: S3) -> None:
    settings = {**UPLOAD, "ARCHIVE_UPLOAD_REMOVE": True, "ARCHIVE_MAX_BYTES": 2_000}
    ended = site.crawl(settings, edition="zh,en")
    assert (ended.status, ended.warcs) == (0, [])
    notes = [json.loads(line) for line in (ended.root / "uploads.jsonl").read_text().splitlines()]
    assert len([each for each in notes if each["file"].startswith("archive/")]) > 3
    assert [each["size"] for each in notes] == [
        len(s3.get(each["url"].removeprefix("s3://bucket/"))) for each in notes
    ]
    extracted = run("extract", "s3://bucket/crawls/vna/archive")
    assert extracted.returncode == 0
    assert {json.loads(line)["id"] for line in extracted.stdout.splitlines()} == {
        item["id"] for item in ended.items
    }
    # What is left is as it should be, and stays so.
    verified = run("verify", ended.root)
    assert verified.returncode == 0, verified.stdout
    assert f"{len(notes) - 1} WARC files uploaded and removed" in verified.stdout
    lines = (ended.root / "indexes" / "index.cdxj").read_bytes()
    assert len(lines.splitlines()) > 6
    assert "nothing to mend" in run("mend", ended.root).stdout
    assert (ended.root / "indexes" / "index.cdxj").read_bytes() == lines
    site.special = lambda _host, path: answer(b"x") if "-post" in path else None
    assert site.crawl(settings, edition="zh,en", later=4000).status == 0


def test_what_could_not_be_uploaded_is_by_the_next_crawl(site: Site, s3: S3) -> None:
    os.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    os.environ["AWS_MAX_ATTEMPTS"] = "1"
    ended = site.crawl({**UPLOAD, "ARCHIVE_UPLOAD_REMOVE": True}, edition="zh")
    assert ended.status == 1
    assert "vna: error: not uploaded, the next crawl tries again: s3://bucket/crawls/vna/" in ended.err
    assert "Traceback" not in ended.err
    assert len(ended.warcs) == 1
    assert len(ended.items) == 3
    os.environ["AWS_ENDPOINT_URL"] = s3.root
    again = site.crawl(UPLOAD, edition="zh", later=60)
    assert again.status == 0
    assert {key: s3.get(key) for key in s3.listed()} == _files(again)


def test_what_is_no_url_is_refused(tmp_path: Path) -> None:
    for url in ("bucket/prefix", "nonsense://x"):
        ended = crawl("vna", tmp_path, {"ARCHIVE_UPLOAD": url}, urls="https://zh.vietnamplus.vn/a-post1.vnp")
        assert ended.status == 1
        assert url in ended.err
        assert "Traceback" not in ended.err
        assert not list(tmp_path.rglob("*.open"))
