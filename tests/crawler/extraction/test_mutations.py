"""A site renames a class or drops an attribute: no field may be silently wrong.

Each class, id and attribute value of the pages of the table is taken away, and renamed, in turn. What comes out
then may say less, and must say so where it matters; nothing from the page's surroundings may get into a field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crawler import Article, extract
from crawler.items import Kind, TextBlock
from tests.support.pages import KINDS, SITES, STORIES, Page, page

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(r'(?<=[ <])([a-z:-]+)="([^"]*)"')
_ATTRIBUTES = {
    "class",
    "id",
    "itemprop",
    "property",
    "datetime",
    "data-source",
    "data-platform",
    "name",
    "type",
    "rel",
}
#: What says so when a field has lost its rule.
_DOUBTS = {"fallback_extractor", "no_date", "no_headline", "naive_datetime", "short_body"}


def _mutants(html: str) -> Iterator[tuple[str, str]]:
    """Yield what was changed and the changed page, for each mark of *html* that can be taken away or renamed."""
    marks = {
        (match[1], value)
        for match in _MARK.finditer(html)
        if match[1] in _ATTRIBUTES
        for value in (match[2].split() if match[1] == "class" else [match[2]])
        if value
    }
    for attribute, value in sorted(marks):
        for new in ("", "renamed"):
            pattern = rf'(?<=[ <])({attribute}="(?:[^"]*\s)?){re.escape(value)}(?=[\s"])'
            yield f"{attribute}={value} to {new!r}", re.sub(pattern, rf"\g<1>{new}", html)


def _texts(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, TextBlock)]


def _faults(whole: Article, article: Article) -> Iterator[str]:
    """Yield the fields of *article* that are silently wrong, *whole* being right."""
    if _texts(article) != _texts(whole) and "fallback_extractor" not in article.flags:
        yield f"text: {set(_texts(article)) ^ set(_texts(whole))}"
    captions = {image.caption for image in whole.images}
    allowed = {*_texts(whole), *captions, whole.description, whole.headline}
    if strange := set(_texts(article)) - allowed:
        yield f"text from elsewhere: {strange}"
    for name in ("headline", "id", "publisher", "edition", "language", "dateline"):
        if getattr(article, name) != getattr(whole, name) and "fallback_extractor" not in article.flags:
            yield f"{name}: {getattr(article, name)}"
    for name in ("description", "source", "date_modified", "based_on"):
        if getattr(article, name) not in {getattr(whole, name), None}:
            yield f"{name}: {getattr(article, name)}"
    # What readers see has no seconds.
    minute = article.date_published and article.date_published[:16]
    if minute != (whole.date_published or "")[:16] and not _DOUBTS & set(article.flags):
        yield f"date_published: {article.date_published}"
    for name in ("authors", "related", "images", "videos", "sections", "keywords"):
        if strange := [value for value in getattr(article, name) if value not in getattr(whole, name)]:
            yield f"{name}: {strange}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("template", SITES)
def test_no_field_is_silently_wrong(template: str, kind: Kind) -> None:
    whole: Page = page(template, kind, STORIES["vi"])
    tried, faults = 0, []
    for what, html in _mutants(whole.html):
        article = extract(html.encode(), whole.url)
        tried += 1
        faults += [
            f"{what}: {fault}" for fault in (_faults(whole.article, article) if article else ["no article"])
        ]
    assert tried >= 10
    assert not faults, "\n".join(faults)
