"""Certain signs, each on the facts that it needs and on those that stand against it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from crawler.extraction.kinds.certain import certain
from crawler.extraction.kinds.facts import PageFacts

URL = "https://example.com/news/some-words-of-an-article-123456.html"
TEXT = "the ministry opened the bridge on monday. thousands of people came to see it, said its builder."


def _facts(url: str = URL, **given: Any) -> PageFacts:
    return PageFacts(
        url, **{"title": "a title", "h1": "a title", "text": TEXT, "body": 500, "total": 900, **given}
    )


NOTICE = "the page you are looking for does not exist."
DATED = {"is_published": True}
CASES = [
    (_facts(), None),
    (_facts(h1="page not found"), "error"),
    (_facts(h1="page not found", has_own_date=True), "error"),
    (_facts(h1="page not found", body=5000), None),
    (_facts(h1="page not found", **DATED), "error"),
    (_facts(h1="page not found", body=1500, **DATED), None),
    (_facts(title="404 - my site"), "error"),
    (_facts(title="404 - my site", has_own_date=True), None),
    (_facts(text=NOTICE, body=60), "error"),
    (_facts(text=NOTICE, body=60, **DATED), "error"),
    (_facts(h1="ministry's site not found by voters", body=300), "error"),
    (_facts(h1="ministry's site not found by voters", body=300, has_own_date=True), None),
    (_facts(h1="ministry's site not found by voters", body=300, **DATED), None),
    (_facts(text="please enable javascript", body=30), "empty"),
    (_facts(h1="log in"), "wall"),
    (_facts(text="this article is for subscribers only. log in to read.", body=80, **DATED), "wall"),
    (_facts(h1="login data of a million users stolen", has_own_date=True), None),
    (_facts(text="we use cookies. accept cookies?", body=40), "wall"),
    (_facts(text="europe fines a firm over cookies. the cookies were hidden.", body=80, has_own_date=True), None),
    (_facts(count=Counter({"password": 1})), "wall"),
    (_facts(count=Counter({"password": 1}), has_date=True), None),
    (_facts(title="search results: bridge", url="https://example.com/find?q=bridge"), "listing"),
    (_facts(url="https://example.com/"), "listing"),
    (_facts(url="https://example.com/?id=1001"), None),
    (_facts(url=""), None),
    (_facts(url="https://example.com/tag/bridges"), "listing"),
    (_facts(url="https://example.com/tag/bridges", **DATED), None),
    (_facts(og_type="profile"), "listing"),
    (_facts(led=5, long=6), "listing"),
    (_facts(led=5, long=6, **DATED), None),
    (_facts(led=5, long=30), None),
    (_facts(linked_inside=400, count=Counter({"linked heading": 9})), "listing"),
    (_facts(linked=4000, count=Counter({"linked heading": 9})), "listing"),
    (_facts(is_footer=True), "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "kind"), CASES, ids=range(len(CASES)))
def test_what_is_certain(facts: PageFacts, kind: str | None) -> None:
    found = certain(facts)
    assert (found and found[0]) == kind
    assert found is None or found[1]
