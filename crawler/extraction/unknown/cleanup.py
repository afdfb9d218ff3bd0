"""Repairs of the article that was found: what is no part of the text goes, the lead comes back."""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

from crawler.extraction.unknown.boilerplate import words
from crawler.extraction.unknown.blocks import is_teaser, shingles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Run

_LONG_ENOUGH = 100  # characters; a shorter line may be repeated for effect
_ALL_LINK = 0.9  # share that makes a paragraph a link, whatever it says
_SENTENCE_END = re.compile(r"[.。!！?？…:：;；]['\"”»“’)\]）」』]*$")
_FULL_STOP = re.compile(r"[.。]['\"”»“’)\]）」』]*$")
_CREDIT = re.compile(
    r"^\W{0,3}(?:fotos?|photos?|photograph|images?|bild|bilder|bildrechte|picture|credit|quelle|source|fuente"
    r"|crédit|crédito|ảnh|nguồn|imago|video|vidéo|illustration|grafik|copyright|©|圖|图|写真|사진|資料來源|来源"
    r"|责任编辑|編集)\b.{0,120}$"
    r"|(?:getty images|/getty|\bAFP|/AP|\bAP photo|reuters|shutterstock|imago images|dpa|unsplash|pixabay"
    r"|ANSA|EFE|\bNTB|wikimedia)[^.]{0,40}\)?$"
    r"|©|\bphoto (?:by|credit)|\b(?:foto|photo|bild|image|picture|quelle|credit)s?\s*: ?[^.]{2,60}\)?$",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(r"^\W*(?:\w+,? ){0,3}\d{1,4}[./\-年 ]\s?(?:\w+|\d{1,2})[./\-月 ,]\s?\d{1,4}.{0,25}$")
# What sites ask of their readers between and after paragraphs.
_PLEA = re.compile(
    r"newsletter|subscribe|subscription|sign up|sign in|log ?in\b|logged in|follow us|download (?:the|our)"
    r"|our app\b|whatsapp[- ](?:kanal|channel)|abonnieren|abonnement|anmelden|eingeloggt"
    r"|kommentare? (?:schreiben|abgeben)|weiterlesen\W*$|read more|lesen sie auch|mehr zum thema"
    r"|auch interessant|lea también|lee también|leia também|leggi anche|lire aussi|czytaj (?:też|więcej)"
    r"|会員限定|有料会員|登録すると|责任编辑|本文来源|版权归|转载|扫码|关注我们|客户端下载|more stories"
    r"|all rights reserved|terms of (?:use|service)|affiliate|support our",
    re.IGNORECASE,
)
_LEAD_WORDS = frozenset(
    "lead lede leadtext sapo standfirst summary intro introduction subtitle subtitles subheadline subhead "
    "subheading dek deck excerpt chapo abstract vorspann untertitel ingress description articlelead "
    "sottotitolo entradilla bajada perex sommario".split()
)


def stretch(runs: list[Run], weights: dict[Run, float]) -> list[Run]:
    """Return *runs* from the first prose to the last, and the short paragraphs that adjoin these."""
    prose = [number for number, run in enumerate(runs) if run in weights]
    begin, end = prose[0], prose[-1] + 1
    while begin > 0 and _adjoins(runs[begin - 1], runs[begin]):
        begin -= 1
    while end < len(runs) and _adjoins(runs[end], runs[end - 1]):
        end += 1
    return runs[begin:end]


def _adjoins(run: Run, neighbour: Run) -> bool:
    return run.element.tag == "p" and run.element.getparent() is neighbour.element.getparent()


def repaired(runs: list[Run]) -> list[Run]:
    """Leave out what is no part of the text: captions, repeated lines, links, headings before nothing."""
    times = Counter(run.text for run in runs)
    runs = [run for run, following in zip_longest(runs, runs[1:]) if not _is_said_again(run, following)]
    # Where paragraphs are lines of one element, set apart by `br`, short ones among them are text.
    prose = Counter(run.element for run in runs if run.is_prose)
    kept = [
        run
        for run in runs
        if run.element.tag != "h1" and not _is_residue(run, times[run.text], is_line=prose[run.element] >= 2)
    ]
    return [
        run
        for number, run in enumerate(kept)
        if not run.is_heading or run.is_prose or _leads_to_text(kept, number)
    ]


def _is_residue(run: Run, times: int, *, is_line: bool) -> bool:
    """Tell whether *run* is no part of the text; *is_line* where it is one of an element's lines of prose."""
    length = len(run.text)
    if run.is_heading:
        return run.linked > 0.5
    return (
        (times > 1 and length < 100)
        or (run.linked > 0.5 and (length < 200 or run.linked > 0.6) and not _is_sentence(run))
        or (length < 160 and _CREDIT.search(run.text) is not None)
        or is_teaser(run.text)
        or (length < 40 and _DATE_LINE.match(run.text) is not None)
        or (length < 200 and _PLEA.search(run.text) is not None)
        or (
            length < 50
            and not is_line
            and run.element.tag not in {"p", "li", "blockquote", "td"}
            and not _SENTENCE_END.search(run.text)
        )
    )


def _is_said_again(run: Run, following: Run | None) -> bool:
    """Tell whether *following* says all of *run* again, but for a title before it."""
    return following is not None and len(following.text) >= _LONG_ENOUGH and run.text.endswith(following.text)


def _is_sentence(run: Run) -> bool:
    """Tell whether a paragraph with links in it is a sentence: what leads to other pages has no full stop."""
    if run.element.tag != "p" or run.linked >= _ALL_LINK or len(run.text) < 40:
        return False
    return _FULL_STOP.search(run.text) is not None


def _leads_to_text(runs: list[Run], number: int) -> bool:
    if number + 1 == len(runs):
        return False
    following = runs[number + 1]
    # A heading may be followed by one of a lower rank.
    return not following.is_heading or following.element.tag > runs[number].element.tag


def lead(runs: list[Run], article: list[Run], quotes: list[set[str]]) -> list[Run]:
    """Return the lead where it stands between headline and *article*, as a list of one or none."""
    if not article:
        return []
    end = runs.index(article[0])
    headlines = [number for number, run in enumerate(runs[:end]) if run.element.tag == "h1"]
    begin = headlines[-1] + 1 if headlines else max(0, end - 25)
    opening = shingles(" ".join(run.text for run in article[:4]))
    candidates: list[tuple[float, int, Run]] = []
    for run in runs[begin:end]:
        if run.linked > 0.4 or not 30 <= len(run.text) <= 900:
            continue
        if len(run.text) < 160 and _CREDIT.search(run.text):
            continue
        pieces = shingles(run.text)
        quoted = max((len(pieces & quote) / len(pieces) for quote in quotes), default=0.0)
        named = any(words(element) & _LEAD_WORDS for element in _nearest(run.element))
        if (quoted >= 0.6 or named) and len(pieces & opening) < 0.8 * len(pieces):
            candidates.append((quoted, -len(candidates), run))
    return [max(candidates, key=lambda candidate: candidate[:2])[2]] if candidates else []


def _nearest(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield *element* and the two around it."""
    yield element
    for number, ancestor in enumerate(element.iterancestors()):
        if number < 2:
            yield ancestor
