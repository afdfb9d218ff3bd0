"""Spider arguments: days count whole, wrong ones name what is allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.arguments import CrawlArguments, parse_arguments
from crawler.errors import ArgumentError
from crawler.extraction.dates import HO_CHI_MINH

if TYPE_CHECKING:
    from pathlib import Path


def _parsed(*, any_edition: bool = False, **given: str) -> CrawlArguments:
    sections = {"vi": ["kinhte"], "": ["politics"]}
    return parse_arguments(given, editions=("vi", "en"), any_edition=any_edition, sections=sections)


def test_nothing_given_is_no_limit() -> None:
    assert _parsed() == CrawlArguments(editions=())
    assert _parsed(edition="", since="", sections="") == CrawlArguments(editions=())


def test_days_are_vietnams_and_both_are_included() -> None:
    parsed = _parsed(since="2025-12-01", until="20251203")
    assert parsed.since == datetime(2025, 12, 1, tzinfo=HO_CHI_MINH)
    assert parsed.until == datetime(2025, 12, 4, tzinfo=HO_CHI_MINH)
    assert _parsed(since="2025-12-01", until="2025-12-01").until == datetime(2025, 12, 2, tzinfo=HO_CHI_MINH)


def test_times_keep_their_zone() -> None:
    parsed = _parsed(since="2025-12-01T08:00", until="2025-12-01T02:00Z")
    assert parsed.since == datetime(2025, 12, 1, 8, tzinfo=HO_CHI_MINH)
    assert parsed.until == datetime(2025, 12, 1, 2, tzinfo=UTC)


def test_lists_are_told_apart_by_commas_each_once() -> None:
    assert _parsed(edition=" en, vi,en ,").editions == ("en", "vi")
    assert _parsed(edition="zh-CN,no", any_edition=True).editions == ("zh-CN", "no")


def test_sections_are_those_of_the_editions_wanted() -> None:
    assert _parsed(edition="vi", sections="kinhte").sections == ("kinhte",)
    assert _parsed(sections="kinhte,politics").sections == ("kinhte", "politics")
    with pytest.raises(ArgumentError, match="sections=politics: not known; allowed: kinhte"):
        _parsed(edition="vi", sections="politics")


def test_urls_come_from_a_list_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "addresses.txt"
    path.write_text("# mine\nhttps://a.vn/1\n\n https://a.vn/2 \nhttps://a.vn/1\n")
    assert _parsed(urls=str(path)).urls == ("https://a.vn/1", "https://a.vn/2")
    assert _parsed(urls="https://a.vn/1,http://b.vn/").urls == ("https://a.vn/1", "http://b.vn/")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ArgumentError, match="allowed: a file with one"):
        _parsed(urls=str(path))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"edition": "xx"}, "edition=xx: not known; allowed: en, vi"),
        ({"since": "9999-99-99"}, "since=9999-99-99: not a date"),
        ({"until": "9999-12-31"}, "until=9999-12-31: not a date"),
        ({"since": "2025-12-02", "until": "2025-12-01"}, "is not before until=2025-12-01"),
        ({"urls": "https://a.vn:0/"}, "urls=https://a.vn:0/: not an http"),
        ({"colour": "red"}, "unknown argument 'colour'; allowed: edition, since, until, sections, urls"),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(ArgumentError) as error:
        _parsed(**given)
    assert words in str(error.value)


def test_a_crawl_that_was_asked_for_a_time_fetches_what_it_found_itself() -> None:
    usual = _parsed(edition="vi").due_filter("x", "job")
    assert (usual.edition_keys, usual.crawl, usual.since) == (("x:vi",), "", None)
    asked = _parsed(since="2025-12-01").due_filter("x", "job")
    assert (asked.edition_keys, asked.crawl) == ((), "job")
    assert asked.since == datetime(2025, 12, 1, tzinfo=HO_CHI_MINH)
