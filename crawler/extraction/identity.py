"""Which publisher, edition and article a URL belongs to, without fetching it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit, urlunsplit

from crawler.extraction.rules import PageRules

if TYPE_CHECKING:
    from collections.abc import Mapping


_MOBILE = re.compile(r"^(?:www\.|m\.)+")


def _bare(host: str) -> str:
    return host.removeprefix("www.")


class SiteIdentity(PageRules):
    """Reads edition, article id and key from a URL, by the rules of the class."""

    _by_host: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Of several editions on one host, the first wins.
        hosts = [(host, name) for name, host in reversed(list(cls.editions.items()))]
        cls._by_host = dict([(_bare(host), name) for host, name in hosts] + hosts)

    @classmethod
    def edition_of(cls, url: str) -> str | None:
        """Return the edition that *url* belongs to; None if it is another publisher's."""
        host = urlsplit(url).hostname or ""
        return cls._by_host.get(host) or cls._by_host.get(_MOBILE.sub("", host))

    @classmethod
    def article_id(cls, url: str) -> str | None:
        """Return the id of the article at *url* within its edition; None for any other page."""
        match = cls.article_path.search(urlsplit(url).path) or cls._print_match(url)
        return match["id"] if match else None

    @classmethod
    def is_print(cls, url: str) -> bool:
        """Return whether *url* is an article's print page."""
        return cls._print_match(url) is not None

    @classmethod
    def _print_match(cls, url: str) -> re.Match[str] | None:
        parts = urlsplit(url)
        return cls.print_path.search(f"{parts.path}?{parts.query}") if cls.print_path else None

    @classmethod
    def key(cls, url: str) -> str | None:
        """Return the `Article.id` of the article at *url*; None for any other page."""
        edition, article_id = cls.edition_of(url), cls.article_id(url)
        return f"{cls.publisher}:{edition}:{article_id}" if edition and article_id else None

    @classmethod
    def page_url(cls, url: str) -> str:
        """Return *url* on its edition's host, without query and fragment; an AMP page's as its article's.

        A print page keeps its path and query: its article's URL cannot be derived from them.
        """
        parts = urlsplit(url)
        edition, host = cls.edition_of(url), parts.netloc
        if edition is not None and parts.hostname not in cls.editions.values():
            host = cls.editions.get(edition) or next(iter(cls.editions.values()))
        if cls.is_print(url):
            return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
        path = parts.path
        if cls.page_suffix and path.endswith(".amp"):
            path = path.removesuffix(".amp") + cls.page_suffix
        return urlunsplit((parts.scheme, host, path, "", ""))
