"""The item that a crawl yields: `Article` and the values in it.

Field names follow schema.org/NewsArticle where it has one. Texts are NFC with white space folded.
Times are ISO 8601 strings with offset, so that every exporter writes them alike.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from operator import attrgetter
from typing import Any, Literal

import orjson

from archive import Capture

Kind = Literal["article", "photo", "video", "infographic", "longform", "live", "other"]
TextType = Literal["paragraph", "heading", "quote", "list_item", "table", "note"]
MediaType = Literal["image", "video", "embed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A piece of the body's text."""

    type: TextType
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaBlock:
    """The position in the body of a picture, a video or an embedded page.

    `index` refers to `Article.images` for an image, to `Article.videos` for the others.
    """

    type: MediaType
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture. `url` is null if only its caption is known (plain-text captures)."""

    url: str | None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video or an embedded page. `duration` is in ISO 8601, as in schema.org: "PT3M44S"."""

    url: str
    duration: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A link that the page offers for further reading."""

    url: str | None
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The agency and the place of a report, from the start of its first paragraph."""

    agency: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """`number` is 1 for the first version seen; `changed` names the fields that differ from the last one."""

    number: int = 1
    changed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """The software that extracted the item. `trafilatura` is its version if it took part, else null."""

    name: str
    version: str
    page: str
    trafilatura: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article. The JSONL has these keys in this order."""

    id: str
    url: str | None
    canonical_url: str | None
    publisher: str
    edition: str
    language: str | None
    kind: Kind = "article"
    headline: str
    description: str | None = None
    body: list[TextBlock | MediaBlock] = field(default_factory=list)
    text: str = ""
    authors: list[str] = field(default_factory=list)
    source: str | None = None
    dateline: Dateline | None = None
    date_published: str | None = None
    date_modified: str | None = None
    sections: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    based_on: str | None = None
    copy_of: str | None = None
    revision: Revision = field(default_factory=Revision)
    flags: list[str] = field(default_factory=list)
    extractor: Extractor
    capture: Capture | None = None

    def to_bytes(self) -> bytes:
        """Return the article as one line of JSON in UTF-8, without line end."""
        # For a subclass without slots, orjson would write only the fields that it adds.
        return orjson.dumps(self if type(self) is Article else asdict(self))

    def to_json(self) -> str:
        """Return the article as one line of JSON, without line end."""
        return self.to_bytes().decode()

    @classmethod
    def from_json(cls, line: str | bytes) -> Article:
        """Return the article in *line*, as `to_json` of this or another version writes it.

        A field that is missing gets its default, or None. Fields that this version does not know are ignored.
        Raises KeyError, ValueError or TypeError if *line* is not an article.
        """
        try:
            values: dict[str, Any] = json.loads(line)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        for name in _NEEDED:
            if not isinstance(values[name], str):
                raise TypeError(f"{name} is {values[name]!r}")
        for name in _LIST_FIELDS & values.keys():
            if not isinstance(values[name], list):
                raise TypeError(f"{name} is {values[name]!r}")
        given = {**dict.fromkeys(_MAYBE_NULL), **values, "extractor": _made(Extractor, values["extractor"])}
        given["body"] = [
            _made(TextBlock if "text" in block else MediaBlock, block) for block in values.get("body", ())
        ]
        for name, item_type in _LISTS.items():
            given[name] = [_made(item_type, value) for value in values.get(name, ())]
        for name, value_type in _VALUES.items():
            if values.get(name) is not None:
                given[name] = _made(value_type, values[name])
        return cls(**{each.name: given[each.name] for each in fields(cls) if each.name in given})


def _made(value_type: type[Any], value: dict[str, Any]) -> Any:
    """Return *value* as a *value_type*, without the fields that it does not know."""
    names, _ = _NAMES[value_type]
    return value_type(**{name: value[name] for name in names if name in value})


def _fields_of(value: Any) -> dict[str, Any]:
    names, get = _NAMES[type(value)]
    return dict(zip(names, get(value), strict=True))


_NAMES = {
    each: (names := tuple(field.name for field in fields(each)), attrgetter(*names))
    for each in (
        TextBlock, MediaBlock, Image, Video, Related, Dateline, Revision, Extractor, Capture,
    )
}  # fmt: skip
#: Returns a field of an article as JSON. The format must not change: stored digests were taken of it.
to_json = json.JSONEncoder(ensure_ascii=False, default=_fields_of).encode
_LISTS: dict[str, type[Image | Video | Related]] = {
    "images": Image,
    "videos": Video,
    "related": Related,
}
_VALUES: dict[str, type[Dateline | Revision | Capture]] = {
    "dateline": Dateline,
    "revision": Revision,
    "capture": Capture,
}
# Without these a line is not an article's.
_NEEDED = ("id", "publisher", "edition", "headline")
_MAYBE_NULL = ("url", "canonical_url", "language")
_LIST_FIELDS = {"body", "authors", "sections", "keywords", "flags", *_LISTS}
