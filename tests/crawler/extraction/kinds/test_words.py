"""Words: sizes, dates, and that no pattern takes long."""

from __future__ import annotations

import re
import time

import pytest

from crawler.extraction.kinds import words

PATTERNS = {name: value for name, value in vars(words).items() if isinstance(value, re.Pattern)}


def test_sizes() -> None:
    assert words.size("abc") == 3
    assert words.size("新闻") == 6
    assert words.size("") == 0


@pytest.mark.parametrize(
    "text",
    [
        "16/07/2026 17:17",
        "2026-07-16",
        "2026年7月16日",
        "16 July 2026",
        "July 16, 2026",
        "16 de julio de 2026",
        "2026년 7월 16일",
    ],
)
def test_dates(text: str) -> None:
    assert words.DATE.search(text)


@pytest.mark.parametrize("text", ["17:17", "2026", "3,5/10", "tel. 024 3825 4193"])
def test_what_is_no_date(text: str) -> None:
    assert not words.DATE.search(text)


def test_addresses() -> None:
    assert all(map(words.LISTS.search, ("/tag/x", "/vi/tac-gia/lan.html", "/a/page/2")))
    assert not words.LISTS.search("/tags-and-more-of-them-123.html")
    assert all(map(words.FRONT.match, ("/", "/index.html", "/vi/")))
    assert not words.FRONT.match("/mot-bai")


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_are_linear(name: str) -> None:
    begun = time.process_time()
    for text in (
        "a" * 50_000,
        "1 " * 25_000,
        "-" * 50_000,
        "page you " * 6_000,
        "máy chủ " * 6_000,
        "/a" * 25_000,
        "不" * 20_000,
    ):
        PATTERNS[name].findall(text)
    assert time.process_time() - begun < 5
