"""Small pure helpers on text: folding, and the marks by which this press names its sources."""

from __future__ import annotations

import re
import unicodedata

from crawler.items import Dateline

_SPACE = re.compile(r"[\s\u200b\u2060\ufeff\x00-\x1f\x7f-\x9f]+")

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST_CREDIT = 200  # characters; what is longer is text
_SAMPLE = 200  # characters

# News agencies as credit lines and datelines write them, and what may follow: "TTXVN/Vietnam+".
_AGENCY = r"(?:越通社|新华社|TTXVN|VNA|VNP|AVI|VNS|ВИА)"
_CREDIT_LINE = re.compile(
    rf"[(（]?\s*(?P<name>{_AGENCY}(?:\s*/\s*[^\s()（）/][^()（）/]{{0,30}})*)\s*[)）]?", re.IGNORECASE
)
# "Tâm HằngTTXVN"
_GLUED = re.compile(rf"(?P<person>.*[^\W\d_A-Z])(?P<agency>{_AGENCY}(?:/[^\s/]{{1,30}})?)")
_PERSON_AND_AGENCY = re.compile(r"(?P<person>[^()（）]+?)\s*[(（](?P<agency>[^()（）]+)[)）]")

_DATELINES = (
    # 越通社河内——…
    re.compile(r"(?P<agency>越通社)(?P<place>[^\s—–\-,，。]{1,12})\s*(?:——|—|--)"),
    # Hà Nội (TTXVN) - …, Hanoi (VNA) – …, Ханой (ВИА) – …
    re.compile(r"(?P<place>[^\W\d_][\w .,'’-]{1,40}?)\s*\((?P<agency>TTXVN|VNA|AVI|ВИА|VNS)\)\s*[–—-]"),
)

_CAPTION_CREDITS = (
    re.compile(r"图自(?P<credit>[^。，,()（）]+)[。.]?$"),
    re.compile(
        r"[(（]?\b(?:Ảnh(?: tư liệu| minh họa)?|Nguồn|Foto|Photo|Fotos?|Фото|Source)\s*:\s*"
        r"(?P<credit>[^()（）]+?)[)）]?[.]?$",
        re.IGNORECASE,
    ),
)


def fold(text: str | None) -> str:
    """Return *text* in NFC, every run of white space and control characters one space, stripped."""
    if not text:
        return ""
    if not text.isascii():
        # Half of a surrogate pair, as JSON can have it, is no character and cannot be written.
        text = _SURROGATE.sub("\ufffd", unicodedata.normalize("NFC", text))
    text = " ".join(text.split())
    # What has something unprintable left, a zero-width space or a control character, is rare.
    return text if text.isprintable() else _SPACE.sub(" ", text).strip()


def is_language(text: str) -> bool:
    """Tell whether *text* is made of letters, as far as its beginning shows, and not of other signs."""
    sample = text[:_SAMPLE]
    return sum(map(str.isalpha, sample)) >= 0.4 * len(sample)


def agency(text: str) -> str | None:
    """Return the agency that *text* consists of ("(TTXVN/Vietnam+)"), or None if it says more."""
    match = _CREDIT_LINE.fullmatch(fold(text))
    return match["name"] if match else None


def people_and_source(text: str) -> tuple[list[str], str | None]:
    """Split a byline into people and the source: "MINH NGUYỆT (TTXVN/VIETNAM+)", "越通社", "TP"."""
    text = fold(text)
    if source := agency(text):
        return [], source
    if len(text) > _LONGEST_CREDIT:
        return [], None
    if match := _PERSON_AND_AGENCY.fullmatch(text) or _GLUED.fullmatch(text):
        return [fold(match["person"])], fold(match["agency"])
    return ([text] if text else []), None


def dateline(first_paragraph: str) -> Dateline | None:
    """Return who reports from where, as *first_paragraph* begins; None when it does not say."""
    for pattern in _DATELINES:
        if match := pattern.match(first_paragraph):
            return Dateline(agency=match["agency"], place=match["place"].strip())
    return None


def caption_credit(caption: str) -> str | None:
    """Return whom *caption* credits at its end ("图自越通社", "(Ảnh: FIFA)"), or None."""
    for pattern in _CAPTION_CREDITS:
        if match := pattern.search(caption[-_LONGEST_CREDIT:]):
            return match["credit"].strip()
    return None
