"""Every page of the table gives its article, all fields of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler import extract
from tests.support.pages import STORIES, Page, pages
from tests.support.pages import page as build

PAGES = list(pages())


def test_the_table_has_every_combination() -> None:
    # Six kinds; six templates in three scripts and baotintuc in one.
    assert len({page.html for page in PAGES}) == 6 * (6 * 3 + 1)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_field(page: Page) -> None:
    assert extract(page.html.encode(), page.url) == page.article


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://tienphong.vn/mot-bai-post1342581.tpo", "tienphong:vi:1342581"),
        ("https://tienphong.vn/mot-bai-post1342581.amp", "tienphong:vi:1342581"),
        ("https://www.sggp.org.vn/mot-bai-post812345.html", "sggp:vi:812345"),
        ("https://en.sggp.org.vn/an-article-post112345.html", "sggp:en:112345"),
        ("https://www.tinnhanhchungkhoan.vn/mot-bai-post298345.html", "tnck:vi:298345"),
        ("https://vovworld.vn/en-US/news/an-article-1200345.vov", "vovworld:en-US:1200345"),
        ("https://lecourrier.vn/un-article/1200345.html", "lecourrier:fr:1200345"),
        ("https://vietnamlawmagazine.vn/an-article-70345.html", "vietnamlaw:en:70345"),
    ],
)
@pytest.mark.parametrize("template", ["g3b", "g4"])
def test_sister_papers_share_the_platform(template: str, url: str, key: str) -> None:
    """A publisher declares its addresses, and every template of the platform is read."""
    publisher, edition, _ = key.split(":")
    page = build(template, "article", STORIES.get(edition, STORIES["en"]), url)
    article = extract(page.html.encode(), url)
    assert article
    assert article.extractor.page.endswith(f"Page/{template}")
    flags = ["language_mismatch"] if edition == "fr" else []
    own = {"id": key, "publisher": publisher, "edition": edition, "language": edition, "flags": flags}
    assert article == replace(page.article, **own, extractor=article.extractor)
