"""Crawls cross-check their articles, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.crawls import SEEDS, crawl

if TYPE_CHECKING:
    from pathlib import Path


def test_crawls_hear_it_and_say_so(tmp_path: Path) -> None:
    heard = crawl("vna", tmp_path / "heard", {"REPLAY": SEEDS}, edition="zh").items
    assert len(heard) == 4
    assert all(article["extractor"]["trafilatura"] for article in heard)
    assert all(article["flags"] == [] for article in heard)
    settings = {"REPLAY": SEEDS, "EXTRACTION_WITNESS": False}
    unheard = crawl("vna", tmp_path / "unheard", settings, edition="zh").items
    assert len(unheard) == 4
    assert all(article["extractor"]["trafilatura"] is None for article in unheard)
