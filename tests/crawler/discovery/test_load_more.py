"""The answers of the load-more API, in both shapes, and where they end."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.discovery.load_more import first_page, next_page, page_number, read_more

BASE = "https://zh.vietnamplus.vn/"


CONFIG = "<script>var cmsConfig = {{ domainApi: '{api}', pageType: 'home', adsZone: {zone}, }};</script>"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (CONFIG.format(api="https://api.a.vn", zone=438), "https://api.a.vn/api/morenews-zone-438-1.html"),
        ('{"domainApi":"https://api.a.vn/","adsZone":"7"}', "https://api.a.vn/api/morenews-zone-7-1.html"),
        (CONFIG.format(api="https://api.a.vn", zone=0), None),
        (CONFIG.format(api="javascript:alert(1)", zone=438), None),
        ("var cmsConfig = {}", None),
    ],
)
def test_a_listing_says_where_more_is(script: str, expected: str | None) -> None:
    found = first_page(f"<html>{script}".encode(), "https://a.vn/")
    assert (found and found.partition("?")[0]) == expected


def test_pages_follow_one_another() -> None:
    first = "https://api.a.vn/api/morenews-zone-438-1.html?phrase=&page_size=30"
    assert next_page(first) == "https://api.a.vn/api/morenews-zone-438-2.html?phrase=&page_size=30"
    assert (page_number(first), page_number(next_page(first)), page_number(BASE)) == (1, 2, 0)


OBJECTS = {
    "data": {
        "load_more": True,
        "contents": [
            {"url": "/a-post1.vnp", "title": "A", "date": 1784500000},
            {"url": "https://zh.vietnamplus.vn/b-post2.vnp", "title": "B", "date": "1784400000"},
            {"url": "c-post3.vnp"},
        ],
    }
}


HTML = {
    "error_code": 0,
    "data": {
        "articles": "<article><h4><a class='cms-link' href='/a-post1.html'>A</a></h4>"
        "<time datetime='2026-07-20T06:31:56+0700' data-time='1784503916'></time></article>"
        "<article><a class='cms-link' href='https://nhandan.vn/b-post2.html'>B</a></article>"
    },
}


def test_a_list_of_objects() -> None:
    read = read_more(json.dumps(OBJECTS).encode(), BASE)
    assert read is not None
    found, follows = read
    assert [(a.url, a.date) for a in found] == [
        (BASE + "a-post1.vnp", datetime.fromtimestamp(1784500000, UTC)),
        (BASE + "b-post2.vnp", datetime.fromtimestamp(1784400000, UTC)),
        (BASE + "c-post3.vnp", None),
    ]
    assert (found.whole, follows) == (True, True)


def test_a_piece_of_html() -> None:
    read = read_more(json.dumps(HTML).encode(), "https://nhandan.vn/")
    assert read is not None
    found, follows = read
    assert [(a.url, a.date) for a in found] == [
        ("https://nhandan.vn/a-post1.html", datetime.fromtimestamp(1784503916, UTC)),
        ("https://nhandan.vn/b-post2.html", None),
    ]
    assert follows


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        ({"data": {**OBJECTS["data"], "load_more": False}}, 3),
        ({"data": {"contents": [], "load_more": True}}, 0),
        ({"data": {"articles": ""}}, 0),
        ({"error_code": 404, "data": None}, 0),
    ],
)
def test_the_last_answer(answer: dict[str, Any], count: int) -> None:
    read = read_more(json.dumps(answer).encode(), BASE)
    assert read is not None
    assert (len(read[0]), read[1]) == (count, False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"3",
        b'{"data": []}',
        b'{"data": {"articles": 3}}',
        b"[" * 100_000,
        b"\xff\xfe{",
    ],
)
def test_what_is_no_answer(body: bytes) -> None:
    assert read_more(body, BASE) is None


@pytest.mark.parametrize("date", [1e308, -1e18, "9" * 400, True, [], {}, None, "soon", float("nan")])
def test_broken_dates_and_addresses_cost_nothing_but_themselves(date: object) -> None:
    contents = [
        {"url": "/a-post1.vnp", "date": date},
        {"url": "http://[bad"},
        {"url": 7},
        7,
        {"url": "/\ud800-post2.vnp"},
        {"url": "/\0-post2.vnp"},
    ]
    read = read_more(json.dumps({"data": {"contents": contents}}).encode(), BASE)
    assert read is not None
    assert [(a.url, a.date) for a in read[0]] == [(BASE + "a-post1.vnp", None)]
    assert not read[0].whole
