"""An article survives its line of JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from crawler.items import Article, Image, MediaBlock, Revision, TextBlock
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


def _full() -> Article:
    return dataclasses.replace(
        an_article(1),
        body=[TextBlock(type="paragraph", text="Some text"), MediaBlock(type="image", index=0)],
        text="Some text",
        images=[Image(url="http://a.vn/1.jpg", caption="A caption")],
        keywords=["a", "b"],
        revision=Revision(number=2, changed=["text"]),
    )


def test_a_line_of_an_older_version_lacks_what_is_newer() -> None:
    article = _full()
    values = json.loads(article.to_json())
    assert Article.from_json(json.dumps(values)) == article
    for each in dataclasses.fields(Article):
        older = {name: value for name, value in values.items() if name != each.name}
        if each.name in {"id", "publisher", "edition", "headline", "extractor"}:
            with pytest.raises(KeyError):
                Article.from_json(json.dumps(older))
            continue
        read = Article.from_json(json.dumps(older))
        assert dataclasses.replace(read, **{each.name: getattr(article, each.name)}) == article
        assert getattr(read, each.name) in (None, "", [], "article", Revision())
    del values["images"][0]["credit"], values["extractor"]["trafilatura"], values["revision"]["changed"]
    assert Article.from_json(json.dumps(values)).images == article.images


def test_a_line_of_a_newer_version_has_more() -> None:
    values = json.loads(_full().to_json())
    values["mood"] = "good"
    for part in (
        values["body"][0],
        values["body"][1],
        values["images"][0],
        values["revision"],
        values["extractor"],
    ):
        part["mood"] = {"is": "good"}
    assert Article.from_json(json.dumps(values)) == _full()


@pytest.mark.parametrize(
    "change",
    [
        {"id": 1}, {"headline": None}, {"body": "text"}, {"body": [1]}, {"keywords": "a"}, {"images": {}},
        {"images": ["x"]}, {"extractor": None}, {"extractor": {}}, {"dateline": "Hanoi"}, {"videos": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_article_is_none(change: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Article.from_json(json.dumps({**json.loads(_full().to_json()), **change}))


def test_lines_that_are_made_to_break_their_reader_are_no_articles() -> None:
    for line in (b"[" * 100_000, b'{"id":' * 100_000, b"\xff\xfe", b"null", b"7", b'"id"'):
        with pytest.raises((KeyError, TypeError, ValueError)):
            Article.from_json(line)
