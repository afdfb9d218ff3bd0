"""Dates as these sites write them, to ISO 8601 with offset. Nothing is guessed in silence."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

#: Where every publisher known here lives; no daylight saving since 1975.
HO_CHI_MINH = ZoneInfo("Asia/Ho_Chi_Minh")

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?)?\s*(Z|[+-]\d\d:?\d\d)?"
)
_TIME = r"(?:\D{1,8}?(\d\d?)[:：h](\d\d))?"
_DAY_FIRST = re.compile(rf"(\d\d?)[/.-](\d\d?)[/.-](\d{{4}}){_TIME}")
_CHINESE = re.compile(r"(\d{4})[年년]\s?(\d\d?)[月월]\s?(\d\d?)[日일](?:\D{0,8}(\d\d?)[:：](\d\d))?")
# "Vendredi 17 septembre 2021 - 11:16", "17 de septiembre de 2021", "17 сентября 2021", "17 tháng 9, 2021".
_NAMED = re.compile(rf"(\d\d?) (?:de |tháng )?(\w{{1,12}}\.?),? (?:de |năm )?(\d{{4}}){_TIME}")
# The same as in "on Friday, September 17, 2021 at 11:16".
_NAMED_FIRST = re.compile(rf"\b([^\W\d]{{3,9}})\.? (\d\d?), (\d{{4}}){_TIME}")
_OFFSET = re.compile(r"(?:GMT|UTC)\s?([+-])(\d\d?)(?::?(\d\d))?\s*$")
# How each language's month begins, as far as it takes to tell it from the others.
_MONTHS = (
    "jan ene янв", "feb fév фев", "mar март", "apr avr abr апр", "may mai мая май", "jun juin июн",
    "jul juil июл", "aug aoû ago авг", "sep сен", "oct окт", "nov ноя", "dec déc dic дек",
)  # fmt: skip


def parse_date(value: str | None, zone: tzinfo | None = None) -> tuple[str | None, bool]:
    """Return *value* as ISO 8601 with offset, and whether its zone had to be assumed to be *zone*.

    None comes back for what is no instant: a date without a time, or one without zone where *zone*
    is None; then the flag tells whether only the zone was missing.
    """
    parts, offset = _parts(value or "")
    if parts is None or len(parts) < 5:
        return None, False
    if offset is None and zone is None:
        return None, True
    try:
        moment = datetime(*parts[:7]).replace(tzinfo=zone)  # type: ignore[arg-type]  # noqa: DTZ001
        if offset is not None:
            moment = datetime.fromisoformat(f"{moment.replace(tzinfo=None).isoformat()}{offset}")
    except (ValueError, OverflowError):
        return None, False
    return moment.isoformat(), offset is None


def _parts(value: str) -> tuple[tuple[int, ...] | None, str | None]:
    """Return year, month, day and, where given, hour to microsecond; and the offset as written."""
    if match := _ISO.search(value):
        numbers = [int(group) for group in match.groups()[:6] if group]
        if match[7]:
            numbers.append(int(f"{match[7]:0<6}"))
        return tuple(numbers), match[8]
    named = _month_named(value)
    match = _OFFSET.search(value)
    offset = f"{match[1]}{match[2]:0>2}:{match[3] or '00'}" if match else None
    if named:
        return named, offset
    if match := _DAY_FIRST.search(value):
        day, month, *rest = (int(group) for group in match.groups() if group)
        return (rest[0], month, day, *rest[1:]), offset
    if match := _CHINESE.search(value):
        return tuple(int(group) for group in match.groups() if group), offset
    return None, None


def _month_named(value: str) -> tuple[int, ...] | None:
    if match := _NAMED.search(value):
        day, name, year, *time = match.groups()
    elif match := _NAMED_FIRST.search(value):
        name, day, year, *time = match.groups()
    else:
        return None
    month = int(name) if name.isdigit() else _month(name.lower())
    return (int(year), month, int(day), *(int(part) for part in time if part)) if month else None


def _month(name: str) -> int | None:
    return next((n for n, starts in enumerate(_MONTHS, 1) if name.startswith(tuple(starts.split()))), None)


def parse_moment(value: str | None, zone: tzinfo = HO_CHI_MINH) -> datetime | None:
    """Return the aware moment of a sitemap's or feed's date; a day alone is its first instant.

    *zone* holds where *value* has none. None when it is no date.
    """
    value = (value or "").strip()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    # Moments at the edges of time cannot be turned into another zone.
    return moment if 1 < moment.year < 9999 else None
