"""The decision as a whole, on made pages of all sorts in seven languages: none is taken for what it is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from crawler.extraction import classify, read
from tests.support.odd_notices import NEWS, NOTICES
from tests.support.odd_pages import OddPage, odd_articles, one_flash, one_notice, pages_without_article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.support.odd_words import Wording

URL = "https://www.vietnamplus.vn/mot-bai-post7.vnp"
PROSE = (
    "Sáng 12/7, Bộ Giao thông Vận tải tổ chức lễ khánh thành cầu mới bắc qua sông Hồng, ông Bình cho biết."
)


@cache
def _by_sort(make: Callable[[], Iterable[OddPage]]) -> dict[str, list[OddPage]]:
    sorts = defaultdict(list)
    for page in make():
        sorts[page.sort].append(page)
    return sorts


def _wrong(pages: list[OddPage]) -> list[tuple[str, str, tuple[str, ...]]]:
    verdicts = [(page, classify(page.html.encode(), page.url)) for page in pages]
    told = Counter(verdict.kind for _, verdict in verdicts)
    print(f"{pages[0].sort}: {len(pages)} pages, {dict(told)}")
    return [
        (str(page), found.kind, found.reasons) for page, found in verdicts if found.kind not in page.kinds
    ]


@pytest.mark.parametrize("sort", list(_by_sort(pages_without_article)))
def test_no_articles(sort: str) -> None:
    assert _wrong(_by_sort(pages_without_article)[sort]) == []


@pytest.mark.parametrize("sort", list(_by_sort(odd_articles)))
def test_odd_articles(sort: str) -> None:
    assert _wrong(_by_sort(odd_articles)[sort]) == []


@pytest.mark.parametrize(("words", "title", "text"), NOTICES, ids=[title for _, title, _ in NOTICES])
def test_notices_in_other_words(words: Wording, title: str, text: str) -> None:
    pages = list(one_notice(words, title, text))
    assert [str(page) for page in pages if classify(page.html.encode(), page.url).kind == "article"] == []


@pytest.mark.parametrize(("words", "title", "text"), NEWS, ids=[title for _, title, _ in NEWS])
def test_news_about_the_same(words: Wording, title: str, text: str) -> None:
    assert _wrong(list(one_flash(words, title, text))) == []


def _page(body: str, head: str = "", end: str = "</body></html>") -> bytes:
    return f"<html><head>{head}</head><body>{body}{end}".encode()


RULED = f'<h1 class="article__title cms-title">Tiêu đề</h1><div class="article__body cms-body"><p>{PROSE}</p></div>'


def test_a_known_publishers_page_proves_itself_and_is_closed() -> None:
    assert classify(_page(RULED), URL).kind == "article"
    assert classify(_page(RULED, end=""), URL).kind == "cut"
    assert classify(_page(RULED), URL, is_cut=True).kind == "cut"
    plain = f"<h1>Tiêu đề</h1><article><p>{PROSE}</p><p>{PROSE} Hết.</p></article>"
    assert classify(_page(plain), URL).kind == "other"
    named = _page(plain, f'<link rel="canonical" href="{URL}">')
    assert classify(named, URL).kind == "article"
    assert classify(named, "https://www.vietnamplus.vn/kinhte/").kind in {"listing", "other"}


def test_a_page_that_names_another_article_is_kept_as_misplaced() -> None:
    other = URL.replace("post7", "post8")
    page = read(_page(RULED, f'<link rel="canonical" href="{other}">'), URL)
    assert (page.kind, page.article) == ("other", None)
    assert page.misplaced


def test_the_threshold_moves_the_border() -> None:
    page = _page(f"<h1>A guide to our river</h1><p>{PROSE}</p><p>{PROSE} You will like it, we hope.</p>")
    url = "https://example.com/guides/river"
    score = classify(page, url).score
    assert score is not None
    assert classify(page, url, threshold=score).kind == "article"
    assert classify(page, url, threshold=min(1.0, score + 0.01)).kind != "article"
    assert classify(page, url).reasons


def test_a_page_without_a_body_element() -> None:
    head = '<title>What happened on this day</title><meta property="og:type" content="article">'
    page = (
        f"{head}<meta name='date' content='2026-01-02'><article><p>{PROSE}</p><p>{PROSE} Hết.</p></article>"
    )
    assert classify(page.encode(), "https://example.com/news/on-this-day-3.html").kind == "article"


def test_a_film_without_a_word_is_an_article_if_it_says_when_it_was_published() -> None:
    film = '<main><h1>One day in the life of a ferryman</h1><video><source src="/v.mp4"></video></main>'
    url = "https://example.com/video/one-day-in-the-life-1234567"
    date = '<meta property="article:published_time" content="2026-07-16T17:17:12+07:00">'
    page = read(_page(film, date), url)
    assert page.article
    assert page.article.videos[0].url == "https://example.com/v.mp4"
    assert read(_page(film), url).kind == "empty"
