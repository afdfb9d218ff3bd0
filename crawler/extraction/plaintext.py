"""Reads plain-text captures: pages of which only the visible text is left, menus and sidebars included.

The segmenter finds an article's fields from the text alone, by the way in which text extractors print these
publishers' templates: headline and lead first, a caption beside its alt text, a credit line or a link to the
original at the end, then teasers of three lines.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

from crawler.extraction import language
from crawler.extraction.bylines import agency, caption_credit, dateline, is_name
from crawler.extraction.dates import HO_CHI_MINH, parse_date
from crawler.extraction.markup.text import fold
from crawler.extraction.page import SHORT_BODY, ArticlePage, registered
from crawler.items import Article, Extractor, Image, MediaBlock, Related, TextBlock
from crawler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive import Capture
    from crawler.items import TextType

# "{headline} ảnh 2{caption}": alt text and caption as older bodies print them.
_NUMBERED = re.compile(r"(?:ảnh|hinh anh|hình ảnh) \d{1,2}(?P<caption>.*)")
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif)", re.IGNORECASE)
_BYLINE = re.compile(r"(?P<source>.+?)(?P=source)\d\d/\d\d/\d{4}")
_ORIGINAL = re.compile(r"\S{2,20}?\s*[:：]\s*(?P<url>https?://\S+)")
_LAST = re.compile(r"[(（]完[)）]$|\./\.$")
_MORE = {"更多", "Tin liên quan", "Related News", "Xem thêm", "More"}
_SENTENCE_ENDS = tuple('.。!！?？;；:：…,，)）”"')
_LINE_END = re.compile(r"\r\n?|\n")
_ITEM = re.compile(r"[-•*–] ")
# Separates a page's headline from the name of its site.
_SITE = re.compile(r"\s*[|–—-]")
_SHORTEST_HEADLINE = 6  # characters
_MAX_HEADING = 60  # characters
_MAX_CAPTION = 300  # characters
_MAX_BYLINE = 300  # characters; a longer line is not a byline and would be slow to match


@dataclass(slots=True)
class _Segments:
    """The fields found in the lines of a capture."""

    headline: str = ""
    lead: str | None = None
    body: list[TextBlock | MediaBlock] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    source: str | None = None
    based_on: str | None = None


def extract_text(text: str, url: str | None = None, capture: Capture | None = None) -> Article | None:
    """Return the article in the plain-text capture *text*; None if it holds none.

    *url*, if known, identifies the publisher and the article. Without it, the publisher is recognised by its
    site name or credit line, and the id is a hash of the text.
    """
    # Not splitlines, which also splits at characters that occur within sentences.
    lines = [line for line in map(fold, _LINE_END.split(text)) if line]
    page, edition = _publisher(lines, url)
    if url and page.publisher and page.key(url) is None:
        return None
    if lines and page.text_site_name and lines[0].startswith(page.text_site_name):
        del lines[0]
    segments = _segment(lines)
    texts = [block.text for block in segments.body if isinstance(block, TextBlock)]
    if not texts:
        return None
    own_id = f"text-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
    declared = None if edition == "und" else page.languages.get(edition, edition)
    tag, doubts = language.checked(declared, "\n".join(texts))
    return Article(
        id=(url and page.key(url)) or f"{page.publisher or 'unknown'}:{edition}:{own_id}",
        url=url,
        canonical_url=None,
        publisher=page.publisher or "unknown",
        edition=edition,
        language=tag,
        headline=segments.headline,
        description=segments.lead,
        body=segments.body,
        text="\n\n".join(texts),
        authors=segments.authors,
        source=segments.source,
        dateline=dateline(texts[0]),
        images=segments.images,
        related=segments.related,
        based_on=segments.based_on,
        flags=sorted({"plain_text", *doubts, *_doubts(segments, texts)}),
        extractor=Extractor(name="banluu", version=__version__, page="text"),
        capture=capture,
    )


def _doubts(segments: _Segments, texts: list[str]) -> set[str]:
    text = "\n".join([segments.headline, *texts])
    flags = {"undecodable_characters"} if "\ufffd" in text else set()
    if sum(map(len, texts)) < SHORT_BODY:
        flags.add("short_body")
    return flags


def _publisher(lines: list[str], url: str | None) -> tuple[type[ArticlePage], str]:
    """Return the page class for this text, and its edition; "und" if that is unknown."""
    for cls in registered():
        if url and (edition := cls.edition_of(url)):
            return cls, edition
    for cls in registered() if url is None else ():
        if lines and cls.text_site_name and lines[0].startswith(cls.text_site_name):
            return cls, "und"
        for edition, credit in cls.text_credits.items():
            if any(agency(line) == credit for line in lines):
                return cls, edition
    return ArticlePage, "und"


def _segment(lines: list[str]) -> _Segments:
    segments = _Segments()
    segments.headline, *lines = _from_headline(lines) or [""]
    date = next((number for number, line in enumerate(lines[:2]) if _is_date(line)), None)
    if date is not None:
        del lines[date]
    segments.lead = lines[0] if lines else None
    inner, rest = _split_at_end(lines[1:], segments)
    inner = [line for line in inner if line not in _MORE]
    for kind, text in _classified(inner, segments.headline):
        if kind == "caption":
            segments.body.append(MediaBlock(type="image", index=len(segments.images)))
            segments.images.append(Image(url=None, caption=text or None, credit=caption_credit(text)))
        elif kind == "source":
            segments.source = text
        else:
            segments.body.append(TextBlock(type=kind, text=text))
    segments.related = list(_related(rest))
    return segments


def _from_headline(lines: list[str]) -> list[str]:
    """Return *lines* from the headline on; on a whole page, title and menus precede it."""
    title = lines[0] if lines else ""
    for number, line in enumerate(lines[1:], 1):
        if len(line) >= _SHORTEST_HEADLINE and title.startswith(line) and _SITE.match(title, len(line)):
            return lines[number:]
    return lines


def _is_date(line: str) -> bool:
    return len(line) <= _MAX_HEADING and parse_date(line, HO_CHI_MINH)[0] is not None


def _split_at_end(lines: list[str], segments: _Segments) -> tuple[list[str], list[str]]:
    """Split *lines* where the article ends; set authors, source and `based_on` in *segments*."""
    ends = [number for number, line in enumerate(lines) if _LAST.search(line)]
    for number, line in enumerate(lines):
        if match := _ORIGINAL.fullmatch(line):
            # Comments and categories follow here, no teasers.
            segments.based_on = match["url"]
            return lines[:number], []
        if (credit := agency(line)) or line in _MORE:
            if ends and number < ends[-1] and number + 1 < len(lines) and not credit:
                # Between paragraphs such a line leads to another article.
                continue
            segments.source = credit or None
            last = max((end for end in ends if end < number), default=number - 1)
            between = lines[last + 1 : number]
            if all(map(is_name, between)):
                segments.authors, between = between, []
            return lines[: last + 1], between + lines[number + 1 :]
    last = ends[-1] if ends else len(lines) - 1
    return lines[: last + 1], lines[last + 1 :]


def _classified(
    lines: list[str], headline: str
) -> Iterator[tuple[Literal["caption", "source"] | TextType, str]]:
    """Yield each line of the article with its kind; alt texts are left out."""
    number = 0
    while number < len(lines):
        line = lines[number]
        alike = sum(1 for _ in takewhile(line.__eq__, _from(lines, number)))
        following = lines[number + 1] if number + 1 < len(lines) else ""
        number += alike
        if match := _BYLINE.fullmatch(line[:_MAX_BYLINE]):
            yield "source", match["source"]
        elif _FILE_NAME.fullmatch(line):
            is_captioned = 0 < len(following) <= _MAX_CAPTION and not dateline(following)
            yield "caption", following if is_captioned else ""
            number += is_captioned
        elif alike > 1:
            # One alt text for each picture, and one caption for all of them.
            for _ in range(alike - 1):
                yield "caption", line
        elif (caption := _numbered_caption(line, headline)) is not None:
            yield "caption", caption
        elif caption_credit(line) and not line.endswith(("。", ".")):
            yield "caption", line
        elif rows := _table(_from(lines, number - 1)):
            yield "table", "\n".join(rows)
            number += len(rows) - 1
        elif match := _ITEM.match(line):
            yield "list_item", line[match.end() :]
        elif following and len(line) <= _MAX_HEADING and not line.endswith(_SENTENCE_ENDS):
            yield "heading", line
        else:
            yield "paragraph", line


def _from(lines: list[str], number: int) -> Iterator[str]:
    """Yield *lines* from *number* on, without copying them: a capture may have very many."""
    return (lines[index] for index in range(number, len(lines)))


def _table(lines: Iterable[str]) -> list[str]:
    """Return the rows of a table at the beginning of *lines*, each printed between bars, without these."""
    rows = takewhile(lambda line: line.startswith("|") and line.endswith("|") and len(line) > 1, lines)
    return [row.strip("| ") for row in rows]


def _numbered_caption(line: str, headline: str) -> str | None:
    if not line.startswith(headline):
        return None
    match = _NUMBERED.fullmatch(line[len(headline) :].strip())
    return match["caption"].strip() if match else None


def _related(lines: list[str]) -> Iterator[Related]:
    """Yield the headlines of teasers, printed as caption, headline and summary; stop at any other text."""
    teasers = [line for line in lines if line not in _MORE]
    for number in range(0, len(teasers) - 2, 3):
        _, headline, summary = teasers[number : number + 3]
        if len(summary) <= len(headline) or not summary.endswith(_SENTENCE_ENDS):
            return
        yield Related(url=None, headline=headline)
