"""Decodes the bytes of a page whose charset is not declared, or declared wrongly.

What a page declares and its bytes allow is kept. Else the multi-byte charsets of East Asia are tried: bytes
are in the one in which they decode strictly, and into the characters that texts in it are mostly made of.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

# Python's text codecs that are not charsets, although pages declare them.
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_LEADS = [bytes([lead]) for lead in range(0xC3, 0xF0)]  # first bytes of UTF-8's longer characters
_BROKEN = 20  # a page is UTF-8 if it has more whole characters than this for each broken one
#: Charsets in which bytes can be wrong, in the order in which they are tried.
_MULTI_BYTE = ("cp949", "gb18030", "big5hkscs", "euc_jp", "cp932")
# What servers declare without knowing.
_LATIN = {"cp1252", "iso8859-1", "iso8859-15", "ascii", "utf-8"}
_RARE_ERRORS = 100  # characters for each one that cannot be decoded
_FEWEST = 6  # characters that are not ASCII; fewer are no evidence
_PLAUSIBLE = 0.55  # share of a charset's frequent characters: traditional Chinese in GBK has .6
_KOREAN = 0.8  # the same for Korean: in Chinese text, 40 % are outside the rows of its syllables
_FEWEST_FREQUENT = 5  # different ones
_DOUBTFUL = 0.4  # share below which a declared charset is taken for wrong
_SAMPLE = 400_000  # bytes
_META = re.compile(rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_FAR = 2_000_000  # bytes in which a late declaration is looked for
_ASCII = re.compile(r"[\x00-\x7f]+")
# Punctuation and full-width forms, in texts of every East Asian charset.
_COMMON = frozenset(
    [*map(chr, range(0x3000, 0x3020)), *map(chr, range(0xFF01, 0xFF5F)), *"\xa0·‘’“”…—–•●○◆■□▲△→※★"]
)
_KANA = re.compile(r"[\u3041-\u30ff]")
# cp1258 writes the tone of a Vietnamese vowel as a character of its own behind it.
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_TONED = re.compile("[aeiouyAEIOUYăâêôơưĂÂÊÔƠƯ][\u0300\u0301\u0303\u0309\u0323]")
_WESTERN = frozenset("ÀÂÄÅÆÇÈÉÊËÎÏÔÖÙÛÜßàáâäåæçèéêëìíîïñòóôöøùúûü–—‘’“”„…«»©®°·€\xa0")
_IN_A_ROW = re.compile(r"[^\x00-\x7f]{2}")
_VIETNAMESE = re.compile("[đĐơƠưƯăĂâÂêÊôÔ]")


def decode(body: bytes, content_type: str | None) -> str:
    """Return the text of the page *body*; *content_type* is its header's value.

    Bytes that are UTF-8, perhaps with a few broken characters, are UTF-8 whatever the page declares.
    """
    bom, _ = read_bom(body)
    if bom is None:
        if (wide := _without_mark(body)) or (wide := _escaped(body)):
            return body.decode(wide, "replace")
        text = body.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        if not broken or _BROKEN * broken < sum(map(body.count, _LEADS)):
            return text
    elif bom != "utf-8":
        return body.decode(bom, "replace").removeprefix("\ufeff")
    return body.decode(_charset(body, content_type), "replace")


def is_wide(body: bytes) -> bool:
    """Return whether *body* may be valid UTF-8 and still be in another charset: UTF-16 or ISO-2022."""
    return _without_mark(body) is not None or _escaped(body) is not None


def _without_mark(body: bytes) -> str | None:
    """Return the name of UTF-16 where *body* is markup in it, without a byte order mark."""
    start = body[:64].lstrip()
    if b"<\0" in start and start.count(b"\0") * 3 > len(start):
        return "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
    return None


def _escaped(body: bytes) -> str | None:
    """Return "iso2022_jp" where *body* switches to its characters and back."""
    # A single byte is looked for fastest, and few pages have this one.
    return "iso2022_jp" if b"\x1b" in body and b"\x1b$B" in body and b"\x1b(B" in body else None


def _charset(body: bytes, content_type: str | None) -> str:
    declared = [name for name in _declared(body, content_type) if name]
    for name in declared:
        if name in _MULTI_BYTE:
            share, valid = _plausibility(body, name)
            if valid and share >= _DOUBTFUL:
                return name
    single = next((name for name in declared if name not in _MULTI_BYTE and name != "utf-8"), None)
    if single is None or single in _LATIN:
        if guessed := _guess(body):
            return guessed
        if _is_cp1258(body):
            return "cp1258"
    if single is None and _is_western(body):
        return "cp1252"
    return single or next(iter(declared), None) or "utf-8"


def _declared(body: bytes, content_type: str | None) -> list[str | None]:
    """Return the charsets in the header and in the markup, wherever it is, by their Python names."""
    header = http_content_type_encoding(content_type)
    early = html_body_declared_encoding(body)
    late = [] if early else [_resolved(match[1].decode()) for match in _META.finditer(body[:_FAR])][:1]
    return [_known(name) for name in (header, early, *late)]


def _resolved(name: str) -> str | None:
    return resolve_encoding(name)


def _known(name: str | None) -> str | None:
    """Return the Python name of the charset *name*; None if it is none that Python knows."""
    try:
        found = codecs.lookup(name or "").name
        b"a".decode(found, "replace")
    except (LookupError, ValueError, TypeError):
        return None
    return None if found in _NO_CHARSETS else found


def _guess(body: bytes) -> str | None:
    """Return the multi-byte charset that *body* is most likely in; None if it is in none."""
    shares = {name: share for name in _MULTI_BYTE for share, valid in [_plausibility(body, name)] if valid}
    if shares.get("cp949", 0.0) >= _KOREAN:
        return "cp949"
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best and shares[best] >= _PLAUSIBLE else None


def _plausibility(body: bytes, name: str) -> tuple[float, bool]:
    """Return the share of frequent characters if *body* is in the charset *name*, and whether it can be."""
    # Without the end, which may cut a character.
    text = codecs.getincrementaldecoder(name)("replace").decode(_sample(body))
    others = _ASCII.sub("", text)
    if len(others) < _FEWEST or others.count("\ufffd") * _RARE_ERRORS > len(others):
        return 0.0, False
    if name in {"euc_jp", "cp932"} and 10 * len(_KANA.findall(others)) < len(others):
        # Japanese without kana is Chinese.
        return 0.0, True
    frequent = _frequent(name)
    if len(frequent.intersection(others)) < _FEWEST_FREQUENT:
        return 0.0, True
    return sum(each in frequent or each in _COMMON for each in others) / len(others), True


def _sample(body: bytes) -> bytes:
    """Return *body* from its first byte that is not ASCII on."""
    if len(body) <= _SAMPLE:
        return body
    first = re.search(rb"[\x80-\xff]", body)
    begin = first.start() if first else 0
    return body[begin : begin + _SAMPLE]


@cache
def _frequent(name: str) -> frozenset[str]:
    """Return the frequent characters of texts in the charset *name*, as its standard ranks them."""
    leads, codec = {
        "gb18030": (range(0xB0, 0xD8), "gb2312"),  # level 1, by pronunciation
        "cp949": (range(0xB0, 0xC9), "euc_kr"),  # the syllables of KS X 1001
        "big5hkscs": (range(0xA4, 0xC7), "big5"),  # level 1, by strokes
        "euc_jp": (range(0xB0, 0xD0), "euc_jp"),  # level 1 of JIS X 0208
        "cp932": (range(0xB0, 0xD0), "euc_jp"),
    }[name]
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    found = {pair.decode(codec, "ignore")[:1] for pair in pairs}
    kana = map(chr, range(0x3041, 0x3100)) if codec == "euc_jp" else ()
    # A trail that is no part of a pair leaves ASCII.
    return frozenset({character for character in found if not character.isascii()}.union(kana))


def _is_cp1258(body: bytes) -> bool:
    """Return whether *body* is Vietnamese in windows-1258: its tones are where only Vietnamese has them."""
    text = _sample(body).decode("cp1258", "replace")
    tones, toned = len(_TONES.findall(text)), len(_TONED.findall(text))
    others = len(_ASCII.sub("", text))
    return (
        tones >= _FEWEST and toned >= 0.98 * tones and toned + len(_VIETNAMESE.findall(text)) >= 0.6 * others
    )


def _is_western(body: bytes) -> bool:
    """Return whether *body* is in windows-1252: its letters with accents are alone among ASCII letters."""
    text = _sample(body).decode("cp1252", "replace")
    others = _ASCII.sub("", text)
    known = sum(map(_WESTERN.__contains__, others))
    return bool(others) and known >= 0.95 * len(others) and len(_IN_A_ROW.findall(text)) <= 0.1 * len(others)
