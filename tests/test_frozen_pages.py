"""Every frozen page gives the article that is kept beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from tests.support.crawls import ROOT
from tests.support.freeze_made_pages import made_pages
from tests.support.frozen import frozen_in

if TYPE_CHECKING:
    from crawler.testing import FrozenPage

FOLDER = ROOT / "tests" / "pages"


@pytest.mark.parametrize(
    "page", frozen_in(FOLDER), ids=lambda page: f"{page.path.parent.name} {page.path.stem}"
)
def test_frozen_pages(page: FrozenPage) -> None:
    assert page.actual == page.expected


def test_pages_lie_with_their_publishers_and_made_ones_say_so() -> None:
    publishers = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]})).list()
    assert {path.name for path in FOLDER.iterdir()} <= set(publishers)
    made = {
        f"{path.parent.name}/{path.name.removesuffix('.warc.gz')}" for path in FOLDER.rglob("made-*.warc.gz")
    }
    assert made == {name for name, _ in made_pages()}


def test_each_publisher_has_a_frozen_page() -> None:
    publishers = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]})).list()
    without = [name for name in publishers if not list((FOLDER / name).glob("*.warc.gz"))]
    if without:
        pytest.skip(f"no frozen page of {', '.join(without)}; see `scrapy freeze -h`")
