"""The facts of a page, from its markup."""

from __future__ import annotations

from typing import Any

from crawler.extraction import ArticlePage, parse_html
from crawler.extraction.kinds.facts import PageFacts, facts_of, says
from crawler.extraction.kinds.judge import blocks_of
from crawler.extraction.unknown.blocks import cut

URL = "https://www.red-river.example/news/bridge-opens-in-hanoi-123456.html"
PROSE = "The ministry opened the bridge on Monday; thousands of people came early in the morning to see it."


def _facts(body: str, head: str = "", url: str = URL) -> PageFacts:
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert tree is not None
    found = blocks_of(ArticlePage(tree, url))
    return facts_of(tree, url, found.article, found.everything)


TEXT = f"<p>{PROSE}</p><p>{PROSE} Twice.</p>"


def test_head_and_counts() -> None:
    facts = _facts(
        f"<h1>  Bridge   Opens </h1>{TEXT}<pre>x</pre><input type=PASSWORD><h3><a href=/x>Other</a></h3><h2>Own</h2>"
        '<iframe src="https://www.youtube.com/embed/1"></iframe><span class="price">1</span>'
        '<div itemprop="author">A</div>',
        "<title>Bridge opens | Post</title><link rel=next href=/2>"
        '<meta property="og:type" content="Article"><meta property="og:site_name" content="Red River">'
        '<script type="application/ld+json">{"@type": ["NewsArticle"], "x": {"@type": "http://schema.org/Person"}}</script>',
    )
    assert (facts.title, facts.h1, facts.og_type) == ("bridge opens | post", "bridge opens", "article")
    assert dict(facts.types) == {"NewsArticle": 1, "Person": 1}
    assert facts.says_article
    counted = ("code", "password", "linked heading", "plain heading", "film", "price", "p:author", "next")
    assert [facts.count[name] for name in counted] == [1] * len(counted)
    assert (facts.paragraphs, facts.slug) == (2, ["bridge", "opens", "in", "hanoi", "123456"])
    assert facts.own_names >= {"river", "red river", "example"}


def test_a_list_of_articles_is_none() -> None:
    types = '"NewsArticle"}, {"@type": '.join(['{"@type": '] * 4)
    ld = f'<script type="application/ld+json">[{types}"ItemList"}}]</script>'
    assert not _facts(TEXT, ld).says_article


def _dated(**given: Any) -> tuple[bool, bool]:
    facts = _facts(**given)
    return facts.has_date, facts.has_own_date


def test_dates_and_where_they_stand() -> None:
    date = "<div>25/11/2026 17:17</div>"
    assert _dated(body=f"<h1>A</h1>{date}{TEXT}") == (True, True)
    assert _dated(body=f"<h1>A</h1>{TEXT}{date}")[1]
    # Today's, at the top of every page.
    assert _dated(body=f"{date}<h1>A</h1>{TEXT}") == (True, False)
    # Another article's, and the imprint's.
    assert _dated(
        body=f"<h1>A</h1>{TEXT}<ul><li><a href=/x>Another headline, of some length</a></li></ul>{date}"
    ) == (
        False,
        False,
    )
    assert _dated(body=f"<h1>A</h1><footer>Licence of 11/9/2018</footer>{TEXT}") == (False, False)
    assert _facts(TEXT, '<meta name="pubdate" content="2026-11-25">').is_published


def test_paragraphs_below_headlines_that_are_links() -> None:
    cards = "".join(
        f"<h3><a href=/{n}>A headline that is of some length {n}</a></h3><p>{PROSE} {n}</p>" for n in range(6)
    )
    facts = _facts(f"<h1>Economy</h1>{cards}")
    assert (facts.led, facts.long) == (6, 6)
    assert facts.linked > 100
    assert _facts(f"<h1>A</h1>{TEXT}").led == 0


def test_an_imprint_is_no_text() -> None:
    licence = "Licence No. 123 granted on September 11, 2018 to the Post. © Copyright, all rights reserved by the paper."
    tree = parse_html(f"<div><p>{licence}</p></div>".encode())
    assert tree is not None
    assert facts_of(tree, URL, cut(tree), cut(tree)).is_footer
    assert not _facts(TEXT).is_footer


def test_says_counts_texts() -> None:
    assert says(("reply", "quote"), ["reply", "2 replies", "quote and reply", "x"]) == 2
