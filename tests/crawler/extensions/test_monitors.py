"""A crawl that brings much less than those before it says so."""

from __future__ import annotations

from crawler.extensions.monitors import complaints


def test_what_is_much_worse_than_before_is_told() -> None:
    before = [{"fields/vna/articles": 50, "fields/vna/authors": 45, "visits/asked": 60, "visits/had": 60}] * 4
    now = {"fields/vna/articles": 40, "fields/vna/authors": 4, "visits/asked": 50, "visits/had": 20}
    told = list(complaints(now, before, {"fields/vna/authors": "x.warc.gz:77"}))
    assert told == [
        "pages that could be fetched: 40% of 50, 100% before",
        "vna: articles with authors: 10% of 40, 90% before; for example x.warc.gz:77",
    ]
    assert list(complaints(before[0], before, {})) == []
    # Too little to tell.
    assert list(complaints({"fields/vna/articles": 9, "fields/vna/authors": 0}, before, {})) == []
    assert list(complaints(now, before[:1], {})) == []
