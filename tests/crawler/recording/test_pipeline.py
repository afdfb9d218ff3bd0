"""Articles are stored where they leave the spider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from archive import ArchiveWriteError
from crawler import clock
from crawler.recording.pipeline import ArticleMiddleware
from crawler.recording.recorder import recorder_of
from crawler.responses import DUE_PAGE
from crawler.state import AnnouncedArticle
from tests.support.articles import an_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrapy.crawler import Crawler

URL = "https://a.vn/1"


class Some(Spider):
    name = "some"


@pytest.fixture
def crawler(tmp_path: Path) -> Iterator[Crawler]:
    addons = {"crawler.addon.ArchiveAddon": 300}
    # Recording exchanges needs a reactor.
    crawler = get_crawler(Some, {"ADDONS": addons, "ARCHIVE_DIR": str(tmp_path), "ARCHIVE_ENABLED": False})
    yield crawler
    recorder = recorder_of(crawler)
    assert recorder
    recorder.output.close()
    recorder.session.close()


def test_without_the_add_on_it_is_not_there() -> None:
    with pytest.raises(NotConfigured, match=r"crawler\.addon\.ArchiveAddon is not enabled"):
        ArticleMiddleware(get_crawler(Some))


def test_articles_get_their_revision_and_what_has_not_changed_goes_no_further(crawler: Crawler) -> None:
    middleware = ArticleMiddleware(crawler)
    first = middleware.get_processed_item(an_article(1), None)
    assert first.revision.number == 1
    assert middleware.get_processed_item(an_article(1), None) is None
    assert middleware.get_processed_item(an_article(1, "Another"), None).revision.changed == ["headline"]
    assert middleware.get_processed_item({"other": "item"}, None) == {"other": "item"}


def test_the_due_page_of_an_article_was_had(crawler: Crawler) -> None:
    recorder = recorder_of(crawler)
    assert recorder
    state = recorder.session.state
    announced = AnnouncedArticle(id="x:y:1", edition_key="x:y", url=URL, date=None)
    state.frontier.announce(1, [announced], recorder.session.name, clock.now())
    (page,) = state.frontier.lease(9, clock.now())
    response = HtmlResponse(URL, request=Request(URL, meta={DUE_PAGE: page}))
    assert ArticleMiddleware(crawler).get_processed_item(an_article(1), response)
    assert state.visits.was_captured("x:y:1")
    stats = crawler.stats
    assert stats
    assert (stats.get_value("visits/asked"), stats.get_value("visits/had")) == (1, 1)


def test_what_cannot_be_stored_goes_no_further(crawler: Crawler, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = recorder_of(crawler)
    assert recorder

    def refuse(*_: object) -> None:
        raise ArchiveWriteError("disk full")

    recorder.session.on_failure = lambda _running: None
    monkeypatch.setattr(recorder.output, "store", refuse)
    assert ArticleMiddleware(crawler).get_processed_item(an_article(1), None) is None
    assert str(recorder.session.error) == "disk full"
