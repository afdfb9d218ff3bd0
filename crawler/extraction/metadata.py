"""What a page says of itself: JSON-LD, `meta` and `link` elements, each read leniently."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crawler.extraction.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_ARTICLE_TYPES = {"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting"}
_MAX_DEPTH = 20


class PageMetadata:
    """The metadata of one parsed page at *url*."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self._tree = tree
        self._url = url

    @cached_property
    def _meta(self) -> dict[str, list[str]]:
        values: dict[str, list[str]] = {}
        for element in self._tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            if name and (content := fold(element.get("content"))):
                values.setdefault(name.lower(), []).append(content)
        return values

    def meta(self, *names: str) -> str | None:
        """Return the first value of the first of *names* (property, name or itemprop) that has one."""
        return next((self._meta[name][0] for name in names if name in self._meta), None)

    def meta_list(self, *names: str) -> list[str]:
        """Return the values of the first of *names* that has any, split at commas, each once."""
        values = next((self._meta[name] for name in names if name in self._meta), [])
        parts = (part.strip() for value in values for part in value.split(","))
        return list(dict.fromkeys(part for part in parts if part))

    @cached_property
    def canonical_url(self) -> str | None:
        """The URL that the page declares to be its own, absolute."""
        for element in self._tree.iter("link"):
            if "canonical" in (element.get("rel") or "").lower().split():
                return self.absolute(element.get("href"))
        return self.absolute(self.meta("og:url"))

    def absolute(self, url: str | None) -> str | None:
        """Return *url* against the page's own; None when it is not an http(s) URL."""
        try:
            absolute = urljoin(self._url, (url or "").strip())
            return absolute if url and urlsplit(absolute).scheme in {"http", "https"} else None
        except ValueError:
            return None

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object of the page, nested graphs included, in order."""
        found: list[dict[str, Any]] = []
        for script in self._tree.iter("script"):
            if (script.get("type") or "").strip().lower() != "application/ld+json":
                continue
            try:
                # strict=False: raw line breaks inside strings are common.
                data = json.loads((script.text or "").strip().rstrip(";"), strict=False)
            except (ValueError, RecursionError):
                continue
            found += _objects(data, 0)
        return found

    @cached_property
    def article(self) -> dict[str, Any]:
        """The JSON-LD object of the article; empty when there is none."""
        return next((item for item in self.json_ld if _types(item) & _ARTICLE_TYPES), {})

    @property
    def video(self) -> dict[str, Any]:
        """The JSON-LD VideoObject; empty when there is none."""
        return next((item for item in self.json_ld if "VideoObject" in _types(item)), {})

    def article_text(self, key: str) -> str | None:
        """Return a text property of the JSON-LD article, folded; None when it is empty or no text."""
        value = self.article.get(key)
        return (fold(value) or None) if isinstance(value, str) else None

    @property
    def descriptions(self) -> list[str]:
        """Every description that the page gives of itself."""
        names = ("og:description", "description", "twitter:description")
        found = [self.meta(name) for name in names] + [self.article_text("description")]
        return [text for text in found if text]

    @property
    def authors(self) -> list[str]:
        """The names of the JSON-LD authors that are not empty."""
        authors = self.article.get("author")
        entries = authors if isinstance(authors, list) else [authors]
        names = (entry.get("name") if isinstance(entry, dict) else entry for entry in entries)
        return [name for value in names if isinstance(value, str) and (name := fold(value))]


def _types(item: dict[str, Any]) -> set[str]:
    value = item.get("@type")
    return {t for t in (value if isinstance(value, list) else [value]) if isinstance(t, str)}


def _objects(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(data, list):
        for entry in data:
            yield from _objects(entry, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _objects(data.get("@graph"), depth + 1)
