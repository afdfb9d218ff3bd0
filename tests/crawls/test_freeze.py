"""`scrapy freeze` makes a test of a captured page."""

from __future__ import annotations

from pathlib import Path

from tests.support.crawls import SEEDS, Crawl, crawl, printed, records, refused, run
from tests.support.exchanges import exchange, message, write
from tests.support.frozen import frozen_in


def test_freeze_makes_a_test_of_a_page(crawled: Crawl, tmp_path: Path) -> None:
    folder = ("-s", f"ARCHIVE_DIR={crawled.folder}", "-d", tmp_path / "pages")
    url = "https://zh.vietnamplus.vn/article-post268001.vnp"
    by_url = printed("freeze", "vna", url, *folder).splitlines()
    assert [path.rpartition(".")[2] for path in by_url] == ["gz", "json"]
    item = next(item for item in crawled.items if item["url"] == url)
    pointer = f"{item['capture']['file']}:{item['capture']['offset']}"
    assert printed("freeze", "vna", pointer, *folder).splitlines() == by_url
    (page,) = frozen_in(tmp_path / "pages")
    assert page.expected
    assert page.actual == page.expected
    differ = {"extractor", "capture"}
    assert {k: v for k, v in page.expected.items() if k not in differ} == {
        k: v for k, v in item.items() if k not in differ
    }
    (record,) = records(page.path)
    assert record.get("WARC-Record-ID") == item["capture"]["record_id"]
    assert "no page with status 200 in" in refused("freeze", "vna", "https://nowhere.example/", *folder)


def test_a_collection_in_zstd_serves_like_any_other(crawled: Crawl, tmp_path: Path) -> None:
    settings = {"REPLAY": SEEDS, "ARCHIVE_COMPRESSION": "zstd"}
    zstd = crawl("vna", tmp_path / "zstd", settings, edition="zh")
    assert {path.name.rpartition(".")[2] for path in (zstd.root / "archive").iterdir()} == {"zst"}
    assert [item["text"] for item in zstd.items] == [item["text"] for item in crawled.items]
    assert "no fault" in printed("verify", zstd.root)
    again = crawl("vna", tmp_path / "again", {"REPLAY": zstd.root}, edition="zh")
    assert [item["text"] for item in again.items] == [item["text"] for item in crawled.items]
    url = crawled.items[0]["url"]
    printed("freeze", "vna", url, "-s", f"ARCHIVE_DIR={zstd.folder}", "-d", tmp_path / "pages")
    (page,) = frozen_in(tmp_path / "pages")
    assert page.actual == page.expected
    assert "a WACZ can hold only .warc and .warc.gz files" in refused("pack", zstd.root)


def test_a_page_that_is_no_article_is_frozen_as_none_and_its_kind_is_told(tmp_path: Path) -> None:
    url = "https://zh.vietnamplus.vn/article-post1.vnp"
    html = message(b"<p>The beginning of a page", extra=b"Content-Type: text/html\r\n")
    picture = message(b"GIF", extra=b"Content-Type: image/gif\r\n")
    write(
        tmp_path / "vna",
        exchange(0, html, url=url, truncated="disconnect"),
        exchange(1, picture, url="https://zh.vietnamplus.vn/1.gif"),
    )
    frozen = ("-s", f"ARCHIVE_DIR={tmp_path}", "-d", tmp_path / "pages")
    for address, kind in (
        (url, "cut"),
        ("https://zh.vietnamplus.vn/1.gif", "not an HTML page with status 200"),
    ):
        ended = run("freeze", "vna", address, *frozen)
        page, expected = ended.stdout.splitlines()
        assert (ended.returncode, ended.stderr) == (0, f"freeze: {page}: no article: {kind}\n")
        assert Path(expected).read_text() == "null\n"
    assert {page.actual for page in frozen_in(tmp_path / "pages")} == {None}
