"""What is broken in JSON-LD loses as little as can be."""

from __future__ import annotations

import time

import pytest

from crawler.extraction.markup.json_ld import load, objects, types

WHOLE = {"headline": "A bridge", "datePublished": "2025-05-01", "author": {"name": "Ann Lee"}}


@pytest.mark.parametrize(
    "text",
    [
        '{"headline": "A bridge", "datePublished": "2025-05-01", "author": {"name": "Ann Lee"}}',
        '<!-- {"headline": "A bridge", "datePublished": "2025-05-01", "author": {"name": "Ann Lee"},} -->',
        '{"headline": "A bridge",, "datePublished": "2025-05-01", "author": {"name": "Ann Lee",},}',
        '{"headline": "A bridge" "datePublished": "2025-05-01", "author": {"name": "Ann Lee"}}',
        '{headline: "A bridge", "datePublished": "2025-05-01", "author": {name: "Ann Lee"}',
        '{"headline": "A bridge", "datePublished": "2025-05-01", "author": {"name": "Ann Lee"}}'.replace(
            '"', "&quot;"
        ),
    ],
)
def test_nothing_is_lost(text: str) -> None:
    found = load(text)
    assert (found[0] if isinstance(found, list) else found) == WHOLE


@pytest.mark.parametrize(
    ("headline", "read"),
    [
        ('The "old" bridge', 'The "old" bridge'),
        ('They said "no", and left', 'They said "no", and left'),
        ('Ends in "quotes"', 'Ends in "quotes"'),
        ("A line\nand a \x01 control", "A line\nand a \x01 control"),
        (r"A bad \x escape", "A bad x escape"),
        (r"\ud83c\udf09 \u0041 \"q\" \ud800 and \z", '🌉 A "q" \ufffd and z'),
    ],
)
def test_one_value_is_broken(headline: str, read: str) -> None:
    (item,) = objects(load(f'{{"headline": "{headline}", "author": ["A "B" C", "D"], "wordCount": 7}}'))
    assert item == {"headline": read, "author": ['A "B" C', "D"], "wordCount": 7}


def test_a_value_that_is_none() -> None:
    (item,) = objects(load('{"a": , "b": undefined, "c": NaN-1, "d": "e"}'))
    assert item == {"a": None, "b": None, "c": None, "d": "e"}


def test_several_values_in_a_row() -> None:
    found = list(objects(load('{"@type": "WebSite"}\n{"@graph": [{"@type": "schema:NewsArticle"}]}')))
    assert [types(item) for item in found] == [{"WebSite"}, set(), {"NewsArticle"}]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "' + '"' * 200_000,
        '{"a":' * 50_000,
        "[" * 100_000 + '"',
        "{" + "," * 500_000,
        '{"a": "' + '", "' * 50_000,
        "{" + "x]" * 50_000,
        "{" + '"a": "b" c' * 30_000,
        "no JSON",
        "",
    ],
)
def test_what_is_made_to_hurt(text: str) -> None:
    begin = time.process_time()
    list(objects(load(text)))
    assert time.process_time() - begin < 5
