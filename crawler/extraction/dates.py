"""Parses dates as news sites write them into ISO 8601 with offset; an assumed zone is always reported."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

#: Zone of every publisher known here; no daylight saving since 1975.
HO_CHI_MINH = ZoneInfo("Asia/Ho_Chi_Minh")

_LONGEST = 200  # characters; a longer value is not a date
_FIRST_YEAR = 1991  # the web is not older; content systems write 1970 and year 1 for "unknown"

_TIME = r"(?P<hour>\d\d?)[:：h.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,6})\d*)?)?"
_CLOCK = re.compile(rf"(?<![\d.:+-]){_TIME}(?![\d/])")
_PM = re.compile(r"(?:\d\s?|\b)(?:pm|p\.m\.?|ch|chiều|tối)\b|下午|晚上|오후", re.IGNORECASE)
_AM = re.compile(r"(?:\d\s?|\b)(?:am|a\.m\.?|sa|sáng)\b|上午|오전", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?<=[\d. )(T])(?:GMT|UTC)?\s?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?\)?\s*$"
)
_UTC = re.compile(r"(?:\d\s?Z|\b(?:GMT|UTC))\)?\s*$")

_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)(?!\d)"),
    re.compile(r"(?P<year>\d{4})/(?P<month>\d\d?)/(?P<day>\d\d?)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d\d?)[/.-](?P<month>\d\d?)[/.-](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[年년]\s?(?P<month>\d\d?)[月월]\s?(?P<day>\d\d?)[日일]"),
    # "Vendredi 17 septembre 2021", "17 de septiembre de 2021", "17 сентября 2021", "17 tháng 9 năm 2021"
    re.compile(r"(?<!\d)(?P<day>\d\d?) (?:de |tháng )?(?P<month>\w{1,12})\.?,? (?:de |năm )?(?P<year>\d{4})"),
    # "on Friday, September 17, 2021"
    re.compile(r"\b(?P<month>[^\W\d]{3,9})\.? (?P<day>\d\d?),? (?P<year>\d{4})"),
    re.compile(
        r"\b(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)"
    ),
)
# Beginnings of each month's names, just long enough to distinguish them from other months.
_MONTHS = (
    "jan ene янв", "feb fév фев", "mar март", "apr avr abr апр", "may mai мая май", "jun juin июн",
    "jul juil июл", "aug aoû ago авг", "sep сен", "oct окт", "nov ноя", "dec déc dic дек",
)  # fmt: skip


def parse_date(value: str | None, zone: tzinfo | None = None) -> tuple[str | None, bool]:
    """Return *value* as ISO 8601 with offset, and whether it lacks a zone.

    A missing zone is taken to be *zone*. The date is None if *value* is not an instant: it has no day or no
    time, or it lacks a zone and *zone* is None.
    """
    value = (value or "").replace("\u2212", "-").strip()
    if len(value) > _LONGEST:
        return None, False
    parts = _parts(value)
    if parts is None or parts[0] < _FIRST_YEAR:
        return None, False
    offset = _offset(value)
    if offset is None and zone is None:
        return None, True
    try:
        moment = datetime(*parts).replace(tzinfo=zone)  # type: ignore[arg-type]  # noqa: DTZ001
        if offset is not None:
            moment = datetime.fromisoformat(f"{moment.replace(tzinfo=None).isoformat()}{offset}")
    except (ValueError, OverflowError):
        return None, False
    return moment.isoformat(), offset is None


def _parts(value: str) -> tuple[int, ...] | None:
    """Return the year, month, day, hour, minute, second and microsecond; None without a day or a time."""
    day = next(
        (match for pattern in _DAYS if (match := pattern.search(value)) and _month(match["month"])), None
    )
    if day is None:
        return None
    found = day.groupdict()
    if "hour" not in found:
        rest = f"{value[: day.start()]} {value[day.end() :].lstrip('T')}"
        clock = _CLOCK.search(rest)
        if clock is None:
            return None
        found |= clock.groupdict()
    hour = _hour(int(found["hour"]), value)
    fraction = int(f"{found.get('fraction') or '0':0<6}")
    second = int(found.get("second") or 0)
    return (
        int(found["year"]),
        _month(found["month"]),
        int(found["day"]),
        hour,
        int(found["minute"]),
        second,
        fraction,
    )


def _month(name: str) -> int:
    """Return the number of the month *name*, in figures or letters; 0 if it is not a month."""
    if name.isdecimal():
        return int(name)
    starts = ((number, tuple(words.split())) for number, words in enumerate(_MONTHS, 1))
    return next((number for number, words in starts if name.lower().startswith(words)), 0)


def _hour(hour: int, value: str) -> int:
    """Return *hour* in 24-hour time, by the am or pm in *value*."""
    if hour < 12 and _PM.search(value):
        return hour + 12
    return 0 if hour == 12 and _AM.search(value) else hour


def _offset(value: str) -> str | None:
    if match := _OFFSET.search(value):
        return f"{match['sign']}{match['hours']:0>2}:{match['minutes'] or '00'}"
    return "+00:00" if _UTC.search(value) else None


def parse_moment(value: str | None, zone: tzinfo = HO_CHI_MINH) -> datetime | None:
    """Return the date of a sitemap (ISO 8601) or feed (RFC 2822) as an aware datetime; None if it is not one.

    A day alone is its first instant. *zone* applies if *value* has none.
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
    # Years 1 and 9999 can overflow when converted to another zone.
    return moment if 1 < moment.year < 9999 else None
