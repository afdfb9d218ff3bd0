"""The work on one shard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crawler.bulk import Plan, UrlFilter, find_shards
from crawler.bulk.tasks import extract_shard
from tests.support.warcs import shards_of, warc

if TYPE_CHECKING:
    from pathlib import Path


def test_a_shard_gives_its_articles_in_its_order(tmp_path: Path) -> None:
    (shard,) = shards_of(warc(tmp_path / "a.warc.gz", range(9)))
    done = extract_shard(Plan(), shard)
    ids = [json.loads(line)["id"].rpartition(":")[2] for line in done.lines.splitlines()]
    assert ids == list(map(str, range(9)))
    assert (done.count, done.complaints, done.empty) == (9, (), ())


def test_what_is_not_chosen_is_left_out_and_damage_reported(tmp_path: Path) -> None:
    path = warc(tmp_path / "a.warc.gz", range(9))
    path.write_bytes(path.read_bytes()[:-20])
    (shard,) = shards_of(path)
    done = extract_shard(Plan(url_filter=UrlFilter(hosts=("nhandan.vn",))), shard)
    # The ninth page, of that host too, is cut.
    assert [json.loads(line)["id"] for line in done.lines.splitlines()] == ["nhandan:vi:2", "nhandan:vi:5"]
    (complaint,) = done.complaints
    assert "a.warc.gz: record at offset" in complaint


def test_pages_are_counted_by_kind_and_saved_ones_without_an_article_told(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Nothing</p>")
    shards = find_shards([str(page)], "https://nhandan.vn/about", UrlFilter(), [], pytest.fail)
    done = extract_shard(Plan(), shards[0])
    assert done.count == 0
    ((kind, count),) = done.kinds.items()
    assert count == 1
    (told,) = done.empty
    assert told.startswith(f"{page}: no article: {kind}")
    (shard,) = shards_of(warc(tmp_path / "a.warc.gz", range(3)))
    assert extract_shard(Plan(), shard).kinds == {"article": 3}


def test_the_threshold_moves_the_border_between_articles_and_other_pages(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(
        b"<html><body><h1>Guide</h1><p>%b</p></body></html>" % (b"Your guide to our services. " * 9)
    )
    (shard,) = find_shards([str(page)], "https://example.com/guides/start", UrlFilter(), [], pytest.fail)
    found = [extract_shard(Plan(threshold=threshold), shard).kinds for threshold in (0.0, 1.0)]
    assert found == [{"article": 1}, {"other": 1}]
