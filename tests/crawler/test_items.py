"""An article survives its line of JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from crawler.items import Article
from tests.support.articles import an_article


def test_what_a_project_adds_to_an_article_is_written() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Rated(Article):
        rating: int = 5

    article = an_article(1)
    fields = {each.name: getattr(article, each.name) for each in dataclasses.fields(article)}
    assert json.loads(Rated(**fields).to_json()) == {**json.loads(article.to_json()), "rating": 5}


def test_an_article_survives_its_line() -> None:
    article = an_article(1)
    assert Article.from_json(article.to_json()) == article
    with_spaces = json.dumps(json.loads(article.to_bytes()))
    assert Article.from_json(with_spaces) == article
    for line in ("", "[]", "{}", '{"id": 1}'):
        with pytest.raises((KeyError, TypeError, ValueError)):
            Article.from_json(line)
