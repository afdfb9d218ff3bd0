"""The metadata of a page: JSON-LD, `meta` and `link` elements, each parsed leniently."""

from __future__ import annotations

import re
from functools import cached_property
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crawler.extraction.markup.json_ld import load, objects, types
from crawler.extraction.markup.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.markup.selectors import ElementIndex

_POSTINGS = ("Article", "BlogPosting", "LiveBlogPosting")
_MIN_TITLE = 8  # letters; a shorter one may be part of any title
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "publish-date",
    "pubdate",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "last-modified",
)
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")
_AUTHOR_CSS = "a[rel~=author], [itemprop=author] [itemprop=name], [itemprop=author]"
_BYLINE_CSS = ".byline, .author, .article-author, .author-name, .article__author, .byline__name"
_AUTHOR_NAMES = ("author", "article:author", "parsely-author", "sailthru.author", "cxenseparse:author")
_WRITTEN_BY = {
    "written by",
    "verfasst von",
    "geschrieben von",
    "écrit par",
    "escrito por",
    "scritto da",
    "yazan",
}
_AUTHOR_PATH = re.compile(r"/(?:authors?|autor(?:en|es|i)?|auteurs?|journalists?)/[^/]", re.IGNORECASE)
_BY = re.compile(r"^\s*(?:by|von|par|por|di|av|af|door|oleh)\s+(?=[^\W\d_])", re.IGNORECASE)
_BY_ALONE = {"by", "von", "par", "por", "di", "av", "af", "door", "oleh"}
_NO_NAME = re.compile(r"@|://|www\.|\d{3}|^\W*$")
_AND = re.compile(r"\s*[,;|•·]\s*|\s+(?:and|und|et|og|och|en|e|y|&)\s+(?=[^\W\d_])")
_SITE_WORDS = 4
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_PLAIN_PATH = re.compile(r"(?:/[\w~%!$&'()*+,;=:@-][\w.~%!$&'()*+,;=:@-]*)+/?", re.ASCII)
_LISTED = re.compile(r"[,，、;；]")
_SITE_NAME = re.compile(r"(?P<title>.{15,})(?P<bar> (?:[|–—·-]|::) )(?P<site>[^|]{1,40})")


class PageMetadata:
    """The metadata of the parsed page at *url*; relative addresses are resolved against *base*."""

    def __init__(self, elements: ElementIndex, url: str, base: str) -> None:
        self._select = elements.select
        self._base = base
        is_web = base.startswith(("http://", "https://"))
        self._origin = urljoin(base, "/").removesuffix("/") if is_web else ""
        self._url = url

    @cached_property
    def _meta(self) -> dict[str, list[str]]:
        values: dict[str, list[str]] = {}
        for element in self._select("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            if name and (content := element.get("content")):
                values.setdefault(name.lower(), []).append(content)
        return values

    def meta(self, *names: str) -> str | None:
        """Return the first value of the first of *names* (property, name or itemprop) that has any."""
        values = (value for name in names for value in self._meta.get(name, ()))
        return next(filter(None, map(fold, values)), None)

    def meta_list(self, *names: str) -> list[str]:
        """Return the distinct values of the first of *names* that has any, split at commas."""
        for name in names:
            parts = (fold(part) for value in self._meta.get(name, ()) for part in _LISTED.split(value))
            if found := list(dict.fromkeys(filter(None, parts))):
                return found
        return []

    @cached_property
    def canonical_url(self) -> str | None:
        """The absolute URL that the page declares as its own; None if it declares none."""
        for element in self._select("link"):
            if "canonical" in (element.get("rel") or "").lower().split():
                return self.absolute(element.get("href"))
        return self.absolute(self.meta("og:url"))

    def absolute(self, url: str | None) -> str | None:
        """Return *url* resolved against the page's base; None if the result is not an http(s) URL."""
        if self._origin and url and _PLAIN_PATH.fullmatch(url):
            # Most links are such plain paths; urljoin and urlsplit cost thirty times as much.
            return self._origin + url
        url = fold(url)
        try:
            absolute = urljoin(self._base, url)
            return absolute if url and urlsplit(absolute).scheme in {"http", "https"} else None
        except ValueError:
            return None

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object of the page in order, including those in nested graphs."""
        found: list[dict[str, Any]] = []
        for script in self._select("script"):
            if (script.get("type") or "").strip().lower().startswith("application/ld+json"):
                found += objects(load(script.text or ""))
        return found

    @cached_property
    def article(self) -> dict[str, Any]:
        """The JSON-LD object of the article; empty if there is none."""
        found = [item for item in self.json_ld if any(map(_is_article, types(item)))]
        if len(found) < 2:
            return found[0] if found else {}
        own = {_path(self._url), _path(self.canonical_url or self._url)}
        titles = self._titles
        # A page may also have the next article's object, even before its own.
        return min(found, key=lambda item: (_ownership_rank(item, own), not _is_titled(item, titles)))

    @property
    def _titles(self) -> list[str]:
        """What the page is called, each as `_letters`: in its title, for sharing, in its main headings."""
        elements = [*self._select("title")[:1], *self._select("h1")[:5]]
        names = [self.shared_title or "", *(element.text_content() for element in elements)]
        return list(filter(None, map(_letters, names)))

    @property
    def video(self) -> dict[str, Any]:
        """The first JSON-LD VideoObject; empty if there is none."""
        return next((item for item in self.json_ld if "VideoObject" in types(item)), {})

    def article_text(self, key: str) -> str | None:
        """Return the property *key* of the JSON-LD article, folded; None if it is empty or not a string."""
        return _text(self.article.get(key)) or None

    @property
    def shared_title(self) -> str | None:
        """The title for sharing, with the site's name if that is in it."""
        return self.meta("og:title", "twitter:title")

    @property
    def title(self) -> str | None:
        """The title for sharing, without the site's name at its end."""
        title = self.shared_title
        match = _SITE_NAME.fullmatch(title) if title and len(title) < 500 else None
        # After a dash, a longer text may belong to the headline.
        is_site = match and (match["bar"] in {" | ", " :: "} or match["site"].count(" ") < _SITE_WORDS)
        return match["title"].partition(" | ")[0] if match and is_site else title

    @property
    def descriptions(self) -> list[str]:
        """Every description of the page in its metadata."""
        names = ("og:description", "description", "twitter:description")
        found = [self.meta(name) for name in names] + [self.article_text("description")]
        return [text for text in found if text]

    @property
    def published(self) -> Iterator[str]:
        """Every date of publication in the page's metadata, most reliable first."""
        own = (self.article_text(key) for key in ("datePublished", "dateCreated"))
        yield from filter(None, own)
        yield from filter(None, map(self.meta, _PUBLISHED))

    @property
    def published_in_markup(self) -> Iterator[str]:
        """The first dates in the page's markup; they may be another article's."""
        for element in self._select("[itemprop=datePublished], time[datetime]")[:3]:
            if value := element.get("content") or element.get("datetime"):
                yield value

    @property
    def modified(self) -> list[str]:
        """Every date of modification in the page's metadata, most reliable first."""
        named = [self.meta(name) for name in _MODIFIED]
        return [value for value in (self.article_text("dateModified"), *named) if value]

    @property
    def authors(self) -> list[str]:
        """The names of the authors, including organizations."""
        if any(is_person for _, is_person in self._authors):
            return [name for name, _ in self._authors]
        return self._people_in_markup or [name for name, _ in self._authors]

    @property
    def people(self) -> list[str]:
        """The names of the people who wrote the article: from JSON-LD, else from `meta`."""
        people = [name for name, is_person in self._authors if is_person]
        return people or self._named([self.meta(*_AUTHOR_NAMES) or ""])

    def _named(self, texts: list[str]) -> list[str]:
        people = (name for text in texts for name in _people(text) if not self._is_site(name))
        return list(dict.fromkeys(people))

    @cached_property
    def _people_in_markup(self) -> list[str]:
        named = [self.meta(*_AUTHOR_NAMES) or self._written_by()]
        for found in (named, self._texts(_AUTHOR_CSS), self._texts(_BYLINE_CSS)[:1], self._author_links()):
            if people := self._named(found):
                return people
        return []

    def _written_by(self) -> str:
        """Return the author in the page's Twitter card; an empty string if it names none."""
        label = (self.meta("twitter:label1") or "").lower()
        return (label in _WRITTEN_BY and self.meta("twitter:data1")) or ""

    def _author_links(self) -> list[str]:
        """Return the text of the first link to an author's page, and of those beside it."""
        links = [a for a in self._select("a[href]") if _AUTHOR_PATH.search(a.get("href") or "")]
        named = [a for a in links if _may_name_an_author(a) and fold(a.text_content())]
        return [_line(a) for a in named if a.getparent() is named[0].getparent()]

    def _texts(self, selector: str) -> list[str]:
        elements = list(islice(filter(_may_name_an_author, self._select(selector)), 8))
        around = {ancestor for element in elements for ancestor in element.iterancestors()}
        texts = (_line(element) for element in elements if element not in around)
        return [text for text in texts if 0 < len(text) <= 80]

    def _is_site(self, name: str) -> bool:
        site = (self.meta("og:site_name", "application-name") or "").lower()
        publisher = self.article.get("publisher")
        own = _text(publisher.get("name")).lower() if isinstance(publisher, dict) else ""
        return name.lower() in {site, own}

    @cached_property
    def _authors(self) -> list[tuple[str, bool]]:
        """The name of each JSON-LD author, and whether it is a person."""
        authors = self.article.get("author")
        named: dict[str, bool] = {}
        for entry in authors if isinstance(authors, list) else [authors]:
            if isinstance(entry, dict):
                # In a graph, an author may be a reference by `@id` to an object that has the name.
                known = {"name": None, **self._by_id.get(str(entry.get("@id")), {}), **entry}
                is_person = "Organization" not in types(known)
                value = known["name"]
            else:
                is_person, value = True, entry
            for text in value if isinstance(value, list) else [value]:
                for name in _people(_text(text)):
                    named.setdefault(name, is_person and not self._is_site(name))
        return list(named.items())

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        return {str(item["@id"]): item for item in self.json_ld if "@id" in item and "name" in item}


def _line(element: HtmlElement) -> str:
    """Return the text of *element*, with commas between the paragraphs in it."""
    parts = [fold(part.text_content()) for part in element if part.tag in {"p", "div", "li"}]
    return ", ".join(filter(None, parts)) or fold(element.text_content())


def _may_name_an_author(element: HtmlElement) -> bool:
    """Return whether *element* is outside quotations and comments, which name other people."""
    return not any(
        ancestor.tag == "blockquote" or "comment" in (ancestor.get("class") or "")
        for ancestor in element.iterancestors()
    )


def _text(value: object) -> str:
    """Return *value* folded, HTML entities decoded and tags removed; empty if it is not a string."""
    if not isinstance(value, str):
        return ""
    text = unescape(value)
    return fold(unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text)


def _people(text: str) -> list[str]:
    """Split a list of names ("A, B and C"); leave out addresses and sentences."""
    text = _BY.sub("", text)
    names = (fold(name) for name in _AND.split(text))
    return [
        name
        for name in names
        if 1 < len(name) <= 60 and not _NO_NAME.search(name) and name.lower() not in _BY_ALONE
    ]


def _path(url: str) -> str:
    """Return the path of *url*, which identifies a page within its site; empty if *url* is invalid."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""


def _ownership_rank(item: dict[str, Any], own: set[str]) -> int:
    """Return 0 if *item* declares a path in *own* as its page's, 1 if it declares none, else 2."""
    values = [item.get(key) for key in ("mainEntityOfPage", "url", "@id")]
    named = [value.get("@id") if isinstance(value, dict) else value for value in values]
    paths = {_path(value) for value in named if isinstance(value, str) and "//" in value}
    return 1 if not paths else 0 if paths & own else 2


def _is_article(name: str) -> bool:
    """Return whether *name* is a type of articles, as NewsArticle or ReportageNewsArticle."""
    return name.endswith(_POSTINGS)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _is_titled(item: dict[str, Any], titles: list[str]) -> bool:
    """Return whether the headline of *item* is one of *titles*, or part of one."""
    names = (_letters(_text(item.get(key))) for key in ("headline", "name"))
    return any(name in title for name in names if len(name) >= _MIN_TITLE for title in titles)
