"""Changes between two versions of an article: which fields differ, and how much of the text stayed. Pure.

Both versions must have been read by the same rules: else the rules' change would count as the publisher's.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.items import Article, MediaBlock, Revision, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Flag of a version that lost more than half of the text before it, and was not seen again so far.
UNCONFIRMED = "unconfirmed"
DIGEST_SIZE = 6  # bytes; a collision among some fifteen fields is practically impossible
_KEPT = 0.5  # share of the earlier text; a version that keeps less is `unconfirmed`
_SHINGLE = 8  # characters
_INVISIBLE = re.compile("[\xad\u200b-\u200d\u2060\ufeff]")
# Parameters that name what an address leads to; others change by the hour: tokens, versions, time stamps.
_NAMING = {"v", "id", "vid", "video", "videoid", "video_id", "vod", "media", "mediaid", "list", "clip", "url"}
_VERSION = re.compile(r"[\d.]+")


def _plain(text: str | None) -> str | None:
    """Return *text* as readers see it: white space, Unicode form and invisible characters do not count."""
    if text is None:
        return None
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _address(url: str | None) -> str | None:
    """Return *url* without scheme, fragment and the parameters that change by themselves."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    named = [
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name.lower() in _NAMING and not (name == "v" and _VERSION.fullmatch(value))
    ]
    return f"//{parts.netloc.lower()}{parts.path}?{urlencode(named)}"


def _texts(values: Iterable[str | None]) -> list[str]:
    return [text for value in values if (text := _plain(value))]


#: The fields whose change is a revision. Captions and credits count as `images`, whose addresses do not.
_COUNTED: dict[str, Callable[[Article], Any]] = {
    "kind": lambda a: a.kind,
    "headline": lambda a: _plain(a.headline),
    "description": lambda a: _plain(a.description) or None,
    "body": lambda a: [
        [block.type, block.index] if isinstance(block, MediaBlock) else [block.type, _plain(block.text)]
        for block in a.body
    ],
    "text": lambda a: _plain(a.text),
    "authors": lambda a: _texts(a.authors),
    "source": lambda a: _plain(a.source) or None,
    "dateline": lambda a: a.dateline,
    "date_published": lambda a: a.date_published,
    "sections": lambda a: _texts(a.sections),
    "images": lambda a: _texts(text for image in a.images for text in (image.caption, image.credit)),
    "videos": lambda a: [_address(video.url) for video in a.videos],
    "based_on": lambda a: _address(a.based_on),
}
#: Names the set of fields and the form of their digests; another one makes stored digests incomparable.
FORM = hashlib.blake2b(f"1 {' '.join(_COUNTED)}".encode(), digest_size=4).hexdigest()


def field_digests(article: Article) -> dict[str, bytes]:
    """Return a digest (`DIGEST_SIZE` bytes) of each field of *article* that counts, over name and value."""
    return {
        name: hashlib.blake2b(
            f"{name}\0{to_json(value_of(article))}".encode("utf-8", "surrogatepass"), digest_size=DIGEST_SIZE
        ).digest()
        for name, value_of in _COUNTED.items()
    }


def packed(article: Article) -> bytes:
    """Return the digests of *article*'s fields in one piece, for `differing`."""
    return b"".join(field_digests(article).values())


def differing(before: bytes, after: bytes) -> list[str]:
    """Return the names of the fields that differ between two results of `packed`, in the order of Article."""
    starts = range(0, len(_COUNTED) * DIGEST_SIZE, DIGEST_SIZE)
    return [
        name
        for name, at in zip(_COUNTED, starts, strict=True)
        if before[at : at + DIGEST_SIZE] != after[at : at + DIGEST_SIZE]
    ]


def changed_fields(before: Article, after: Article) -> list[str]:
    """Return the names of the fields in which *after* differs from *before*, in the order of Article.

    Never because of `date_modified`, `keywords`, `related`, flags, white space, the Unicode form, or
    parameters of addresses that change by themselves.
    """
    return differing(packed(before), packed(after))


def kept_share(before: str, after: str) -> float:
    """Return the share of the text *before* that is still in the text *after*, from 0 to 1."""
    old, new = _paragraphs(before), _paragraphs(after)
    # Most edits leave most paragraphs as they are.
    whole = sum(len(each) * count for each, count in old.items())
    kept = sum(len(each) * count for each, count in (old & new).items())
    left, found = _shingles(old - new), _shingles(new - old)
    share = (left & found).total() / left.total() if left else 1.0
    return (kept + (whole - kept) * share) / whole if whole else 1.0


def _paragraphs(text: str) -> Counter[str]:
    letters = ("".join((_plain(each) or "").lower().split()) for each in text.split("\n"))
    return Counter(filter(None, letters))


def _shingles(paragraphs: Counter[str]) -> Counter[str]:
    letters = "".join(paragraphs.elements())
    return Counter(letters[at : at + _SHINGLE] for at in range(max(0, len(letters) - _SHINGLE + 1)))


def revised(before: Article, after: Article) -> Article | None:
    """Return *after* as the revision that follows *before*; None if nothing changed that counts.

    It is flagged `unconfirmed` if it lost more than half of the text before it.
    """
    changed = changed_fields(before, after)
    if not changed:
        return None
    flags = set(after.flags) - {UNCONFIRMED}
    if kept_share(before.text, after.text) < _KEPT:
        flags.add(UNCONFIRMED)
    revision = Revision(number=before.revision.number + 1, changed=changed)
    return replace(after, revision=revision, flags=sorted(flags))
