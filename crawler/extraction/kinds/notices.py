"""Notices: texts that say nothing but that a page is missing, a site is closed, or readers must log in.

News tell of such things, too ("Bank systems under maintenance for three days"), but say whose, when or why.
So a title, a headline or a sentence is a notice only if it is made of the words of a notice alone: those that
name it, those that such texts use besides (*filler*), and the names of the site itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.kinds import words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Between the parts of a title, and between sentences.
_PARTS = re.compile(r"\s+[-–—|•·»«]+\s+|[|»]")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n")
_WORD = re.compile(r"[^\W_]+")
_STATUS = re.compile(r"\b(?:40[01345]|410|429|451|50[02-4])\b")
_ONE_IN = 8  # one foreign word in so many is let pass
_LONGEST = 300  # characters of a sentence or a part


def is_notice(text: str, named: re.Pattern[str], own: Iterable[str] = ()) -> bool:
    """Return whether *text*, in lower case, is a notice of what *named* names; *own* are the site's names."""
    if len(text) > _LONGEST or not (named.search(text) or (named is words.ERROR and _is_status(text))):
        return False
    total = _count(text)
    left = _STATUS.sub(" ", named.sub(" ", text))
    left = words.FILLER_CJK.sub(" ", words.FILLER.sub(" ", left))
    for name in own:
        if len(name) > 1:
            left = left.replace(name, " ")
    return _count(left) <= total // _ONE_IN


def has_notice(text: str, named: re.Pattern[str], own: Iterable[str] = ()) -> bool:
    """Return whether a part of the title or headline *text* is a notice."""
    return any(is_notice(part, named, own) for part in (text, *_PARTS.split(text)))


def share_of_notices(text: str, named: re.Pattern[str], own: Iterable[str] = ()) -> float:
    """Return the share of *text* that is in sentences which are notices."""
    sentences = _SENTENCES.split(text)
    total = sum(map(words.size, sentences)) or 1
    return sum(words.size(each) for each in sentences if is_notice(each.strip(), named, own)) / total


def _is_status(text: str) -> bool:
    """Return whether *text* has the number of an HTTP error and hardly anything else."""
    return _STATUS.search(text) is not None and _count(text) <= 2 * _ONE_IN


def _count(text: str) -> int:
    """Return the number of words in *text*; a CJK character is one."""
    return len(words.CJK.findall(text)) + len(_WORD.findall(words.CJK.sub(" ", text)))
