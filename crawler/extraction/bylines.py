"""Parses how this press names its sources: bylines, credit lines, datelines and credits of pictures."""

from __future__ import annotations

import re

from crawler.extraction.markup.text import fold
from crawler.items import Dateline

_LONGEST_CREDIT = 200  # characters; a longer one is text
_MOST_WORDS = 6  # in a person's name

# News agencies as credit lines and datelines write them, and what may follow: "TTXVN/Vietnam+".
_AGENCY = r"(?:越通社|新华社|TTXVN|VNA|VNP|AVI|VNS|ВИА|VOV|Vietnam\+)"
_WORD = r"[^\s()（）/]{1,30}"
_AGENCIES = rf"{_AGENCY}(?: ?/ ?{_WORD}(?: {_WORD}){{0,4}}){{0,4}}"
_CREDIT_LINE = re.compile(rf"[(（]? ?(?P<name>{_AGENCIES}) ?[)）]?", re.IGNORECASE)
# At the end of a last paragraph: "… năm sau./. (TTXVN/Vietnam+)".
_CREDIT_AT_END = re.compile(rf"(?<=\S) ?[(（] ?(?P<name>{_AGENCIES}) ?[)）]$", re.IGNORECASE)
# "Tâm HằngTTXVN", "Minh Anh/TTXVN"
_GLUED = re.compile(rf"(?P<person>.*[^\W\d_A-Z])(?: ?/ ?)?(?P<agency>{_AGENCY}(?:/{_WORD})?)")
_IN_BRACKETS = re.compile(r"(?P<person>[^()（）]*?) ?[(（](?P<agency>[^()（）]+)[)）]")
_SEPARATORS = re.compile(r" ?[;,、|] ?| [-–—] |(?<=[)）]) ?[-–—] ?| và | và$")
_BEFORE_NAMES = re.compile(
    r"^(?:(?:bài,? ?(?:và )?ảnh|tin,? ?(?:và )?ảnh|tin, bài|bài|tin|ảnh|thực hiện|tác giả|by|par|por|автор"
    r"|文/图|记者) ?[:：] ?|(?:theo|by|par|por) )",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-ZĐ]{2,8}[+]?(?:/.+)?")

_PLACE = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,5}"
_ZH_AGENCY = r"(?P<agency>越通社|新华社)"
_ZH_PLACE = r"(?P<place>[^\W\d_驻]{1,8}?)"
_DATELINES = (
    # 越通社河内——…, 越通社河内7月12日电, （越通社）河内——…
    re.compile(rf"[(（]?{_ZH_AGENCY}[)）]? ?{_ZH_PLACE} ?(?:\d{{1,2}}月\d{{1,2}}日电|——|—|--)"),
    # Hà Nội (TTXVN) - …, Hanoi (VNA) – …, Ханой (ВИА) – …, Hanoi, July 12 (VNA) – …
    re.compile(
        rf"(?!Theo\b)(?P<place>{_PLACE})(?:, [\w /.]{{1,20}})? ?"
        r"\((?P<agency>TTXVN|VNA|AVI|ВИА|VNS)(?:/[^()]{1,20})?\) ?[–—:-]"
    ),
)

_CAPTION_CREDITS = (
    re.compile(r"图自[:：]?(?P<credit>[^。，,()（）]+)[。.]?$"),
    re.compile(
        r"[(（]?\b(?:Ảnh(?: tư liệu| minh họa)?|Nguồn|Foto|Photo|Fotos?|Фото|Source|Fuente|Источник|사진)"
        r"\s*:\s*"
        r"(?P<credit>[^()（）]+?(?:\([^()]+\))?)[)）]?[.]?$",
        re.IGNORECASE,
    ),
)


def agency(text: str) -> str | None:
    """Return the agency that *text* consists of ("(TTXVN/Vietnam+)"); None if it says anything else."""
    text = fold(text)
    match = _CREDIT_LINE.fullmatch(text) if len(text) <= _LONGEST_CREDIT else None
    return match["name"] if match else None


def credit_at_end(text: str) -> tuple[str, str | None]:
    """Return *text* without a credit in brackets at its end, and that credit, if any."""
    match = _CREDIT_AT_END.search(text, max(0, len(text) - _LONGEST_CREDIT))
    return (text[: match.start()], match["name"]) if match else (text, None)


def is_name(text: str) -> bool:
    """Return whether *text* may be a person's name.

    That is two to six capitalised words, or a word of two to four characters that is not ASCII ("王文").
    """
    words = text.split()
    if len(words) == 1:
        return 1 < len(text) <= 4 and not text.isascii()
    return 1 < len(words) <= _MOST_WORDS and all(
        word[0].isupper() and word.replace("-", "").replace(".", "").isalpha() for word in words
    )


def people_and_source(text: str) -> tuple[list[str], str | None]:
    """Split a byline into its people and its source; a text too long for a byline has neither.

    "MINH NGUYỆT (TTXVN/VIETNAM+)", "Minh Anh - Lan Hương (VOV)", "Theo TTXVN", "越通社", "TP".
    """
    text = fold(text)
    if len(text) > _LONGEST_CREDIT:
        return [], None
    text = _BEFORE_NAMES.sub("", text)
    if source := agency(text):
        return [], source
    people: list[str] = []
    sources: list[str] = []
    for part in filter(None, _SEPARATORS.split(text)):
        person, source = _split(part)
        people += [person] if person and person not in people else []
        sources += [source] if source and source not in sources else []
    return people, ", ".join(sources) or None


def _split(part: str) -> tuple[str, str | None]:
    """Return the person and the source in one part of a byline; either may be missing."""
    if source := agency(part):
        return "", source
    if match := _IN_BRACKETS.fullmatch(part):
        inner = fold(match["agency"])
        return fold(match["person"]), inner if agency(inner) or _ACRONYM.fullmatch(inner) else None
    if match := _GLUED.fullmatch(part):
        return fold(match["person"]), match["agency"]
    return part, None


def dateline(first_paragraph: str) -> Dateline | None:
    """Return the agency and place that *first_paragraph* begins with; None if it has no dateline."""
    for pattern in _DATELINES:
        if match := pattern.match(first_paragraph):
            return Dateline(agency=match["agency"], place=match["place"].strip())
    return None


def caption_credit(caption: str) -> str | None:
    """Return the credit at the end of *caption* ("图自越通社", "(Ảnh: FIFA)"); None if it has none."""
    for pattern in _CAPTION_CREDITS:
        if match := pattern.search(caption[-_LONGEST_CREDIT:]):
            return match["credit"].strip()
    return None
