"""Which publisher, edition and article a URL belongs to: what can be told without the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


_MOBILE = re.compile(r"^(?:www\.|m\.)+")


def _bare(host: str) -> str:
    return host.removeprefix("www.")


class SiteIdentity:
    """What a publisher declares of its addresses, and what follows from it."""

    #: Short name of the publisher.
    publisher: ClassVar[str] = ""
    #: Host of each edition.
    editions: ClassVar[Mapping[str, str]] = {}
    #: Language of each edition whose name is not its BCP 47 tag.
    languages: ClassVar[Mapping[str, str]] = {}
    #: What an article's path looks like; the group `id` names it within its edition.
    article_path: ClassVar[re.Pattern[str]] = re.compile(r"(?P<id>.+)")
    #: How an article's path ends whose AMP twin ends in ".amp".
    page_suffix: ClassVar[str] = ""
    #: How the first line of a plain-text capture begins, where the site prints its name there.
    text_site_name: ClassVar[str] = ""
    #: The credit line that gives away a plain-text capture of an edition.
    text_credits: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def edition_of(cls, url: str) -> str | None:
        """Return the edition that *url* belongs to, or None when it is another publisher's."""
        host = urlsplit(url).hostname or ""
        bare = _MOBILE.sub("", host)
        return next((name for name, own in cls.editions.items() if host == own or bare == _bare(own)), None)

    @classmethod
    def article_id(cls, url: str) -> str | None:
        """Return the id of the article at *url* within its edition; None for any other page."""
        match = cls.article_path.search(urlsplit(url).path)
        return match["id"] if match else None

    @classmethod
    def key(cls, url: str) -> str | None:
        """Return the `Article.id` of the article at *url*; None for any other page."""
        edition, article_id = cls.edition_of(url), cls.article_id(url)
        return f"{cls.publisher}:{edition}:{article_id}" if edition and article_id else None

    @classmethod
    def page_url(cls, url: str) -> str:
        """Return *url* without query and fragment, that of an AMP twin as the page's own."""
        parts = urlsplit(url)
        path = parts.path
        if cls.page_suffix and path.endswith(".amp"):
            path = path.removesuffix(".amp") + cls.page_suffix
        return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
