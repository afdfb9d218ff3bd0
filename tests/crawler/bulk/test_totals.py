"""What is told at the end: how many pages of each kind, and which inputs gave nothing."""

from __future__ import annotations

from crawler.bulk import Extracted, Shard, Totals, in_words


def test_kinds_are_told_with_articles_first() -> None:
    assert in_words({"cut": 1, "listing": 2, "article": 1234}) == "1,234 article, 2 listing, 1 cut"
    assert in_words({}) == ""


def test_shards_add_up_and_inputs_without_an_article_are_told_once() -> None:
    shards = [Shard(given=name) for name in ("a", "a", "b", "c")]
    totals = Totals(["a", "b", "c", "d", "e"], [*shards, Shard(given="e")])
    totals.add(shards[0], Extracted(count=0, kinds={"listing": 1}))
    totals.add(shards[1], Extracted(count=2, kinds={"article": 2}))
    totals.add(shards[2], Extracted(kinds={"error": 3, "cut": 1}))
    totals.add(shards[3], Extracted(complaints=("c: damaged",)))
    assert (totals.articles, in_words(totals.kinds)) == (2, "2 article, 1 listing, 3 error, 1 cut")
    # What went wrong with c was reported, and d was not found.
    assert list(totals.without_article()) == [
        "b: no article found; pages: 3 error, 1 cut",
        "e: no article found",
    ]
