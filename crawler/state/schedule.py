"""When a page is asked for again: ages of a page that was had, waits after one that failed. Pure.

Times are milliseconds since 1970, spans are in the unit that their name tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

_SECOND = 1000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
DAY = 24 * _HOUR
#: The ages at which a page is fetched again, in seconds: 1 h, 6 h, 1 d, 7 d, 30 d.
RECRAWL_AGES = (3_600, 21_600, 86_400, 604_800, 2_592_000)
#: Days between visits after the last of these ages.
RECRAWL_TAIL = 180
#: A version that lost much of its text is looked at again after this time, in milliseconds.
SECOND_LOOK = 10 * _MINUTE
# The waits after the first looks that did not get an article; the last one is repeated.
_MISSING = (_HOUR, 6 * _HOUR, DAY)
# The wait before a retry doubles with each failure; retries end after a month.
_FIRST_WAIT = 10 * _MINUTE
_LONGEST_WAIT = DAY
_GIVE_UP = 30 * DAY


class Due(NamedTuple):
    """The next visit: when, None for never; an unconditional one sends no validators."""

    at: int | None
    unconditional: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """Visits at each of *ages* (seconds) after the first, then every *tail* days; 0: never again."""

    ages: tuple[int, ...] = RECRAWL_AGES
    tail: int = RECRAWL_TAIL

    def after(self, first: int, now: int) -> Due:
        """Return the visit that follows one at *now* of a page first fetched at *first*.

        That at the last age and all later ones are unconditional: what a server calls unchanged may not be.
        """
        last = max(self.ages, default=0)
        for age in sorted(self.ages):
            if first + age * _SECOND > now:
                return Due(first + age * _SECOND, unconditional=age == last)
        return Due(now + self.tail * DAY, unconditional=True) if self.tail else Due(None)

    def after_failure(self, now: int, failures: int, since: int | None, *, captured: bool) -> Due:
        """Return the retry after one more than *failures* in a row, the first of them at *since*.

        A page that was *captured* before is asked for again even when retries have ended.
        """
        if since is not None and now - since > _GIVE_UP:
            return Due(now + self.tail * DAY, unconditional=True) if captured and self.tail else Due(None)
        return Due(now + min(_FIRST_WAIT << min(failures, 16), _LONGEST_WAIT))

    def after_missing(self, now: int, looks: int) -> Due:
        """Return the visit that follows the last of *looks* in a row that did not get the article."""
        return Due(now + _MISSING[min(max(looks, 1), len(_MISSING)) - 1], unconditional=True)
