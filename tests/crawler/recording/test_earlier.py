"""The capture of an earlier version is read again by today's rules."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive import Capture, Collection, capture_of, find_sources, read_records
from crawler.recording.earlier import ArchivedVersions, WrittenVersions
from crawler.state import State, Version
from tests.support import exchanges
from tests.support.articles import an_article
from tests.support.pages import STORIES, page

if TYPE_CHECKING:
    from pathlib import Path

    from crawler import Article

PAGE = page("g4", "article", STORIES["vi"])
ANSWER = exchanges.message(PAGE.html.encode(), extra=b"Content-Type: text/html; charset=utf-8\r\n")


def _version(article: Article, capture: Capture | None) -> Version:
    with closing(State(None)) as state:
        state.articles.remember(replace(article, capture=capture), "job")
        version = state.articles.latest(article.id)
    assert version
    return version


@pytest.fixture
def captures(tmp_path: Path) -> list[Capture]:
    """A page, and the same page a day later as a revisit."""
    exchanges.write(tmp_path / "x", *(exchanges.exchange(hours, ANSWER, url=PAGE.url) for hours in (0, 24)))
    (source,) = find_sources([tmp_path / "x"])
    with source.open() as stream:
        records = [record for record in read_records(stream, str(source)) if record.type != "request"]
    assert [record.type for record in records] == ["warcinfo", "response", "revisit"]
    return [capture_of(record, source.name) for record in records[1:]]


@pytest.mark.parametrize("number", [0, 1])
def test_a_capture_is_read_again_also_a_revisit(captures: list[Capture], tmp_path: Path, number: int) -> None:
    versions = ArchivedVersions(Collection(tmp_path / "x"))
    found = versions.article(_version(PAGE.article, captures[number]))
    assert found
    assert (found.headline, found.text) == (PAGE.article.headline, PAGE.article.text)


def test_what_is_not_archived_here_cannot_be_read(captures: list[Capture], tmp_path: Path) -> None:
    versions = ArchivedVersions(Collection(tmp_path / "x"))
    with pytest.raises(LookupError, match="revision 1 is not archived here"):
        versions.article(_version(PAGE.article, None))
    elsewhere = replace(captures[0], file="elsewhere.warc.gz")
    with pytest.raises(LookupError, match="revision 1 is not archived here"):
        versions.article(_version(PAGE.article, elsewhere))
    with pytest.raises(LookupError, match="no record"):
        versions.article(_version(PAGE.article, replace(captures[0], record_id="<urn:other>")))
    (source,) = find_sources([tmp_path / "x"])
    source.path.write_bytes(b"")
    with pytest.raises(LookupError):
        versions.article(_version(PAGE.article, captures[0]))


def test_a_replay_keeps_what_it_wrote() -> None:
    first, second = an_article(1), an_article(1, "Another")
    with closing(WrittenVersions()) as versions:
        with pytest.raises(LookupError):
            versions.article(_version(first, None))
        for article in (first, second):
            versions.remember(article)
        assert versions.article(_version(second, None)) == second
