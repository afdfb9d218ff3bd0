"""Crawls cross-check their articles, and say so."""

from __future__ import annotations

from crawler.testing import replay
from tests.support.crawls import SEEDS


def test_crawls_hear_it_and_say_so() -> None:
    heard = replay("vna", SEEDS, edition="zh")
    assert all(article.extractor.trafilatura for article in heard)
    assert all(article.flags == [] for article in heard)
    unheard = replay("vna", SEEDS, settings={"EXTRACTION_WITNESS": False}, edition="zh")
    assert all(article.extractor.trafilatura is None for article in unheard)
