"""`scrapy coverage`: count announced articles and how many of them were captured."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.console.command import ArchiveCommand, refuse
from crawler.extraction.dates import HO_CHI_MINH
from crawler.state.coverage import coverage

if TYPE_CHECKING:
    import argparse
    from collections import Counter
    from collections.abc import Iterator
    from datetime import timedelta

    from crawler.state import State
    from crawler.state.coverage import Day


class Command(ArchiveCommand):
    """Print by edition and day how many articles were announced, captured, failed and missed."""

    reads = ("ARCHIVE_DIR", "STATE_URL")

    def syntax(self) -> str:
        return "[COLLECTION…] [--since DAY] [--json]"

    def short_desc(self) -> str:
        return "Count announced, captured, failed and missed articles by edition and day, and how late"

    def long_desc(self) -> str:
        return (
            "An article counts on the day, in Vietnam, on which it was first seen announced. `failed`:"
            " requested but not fetched yet, with the reasons. `missed`: not requested yet. `median` and"
            " `worst`: time from announcement to capture; `published`: median time from the article's own"
            " date to capture. Then what is known since: other pages at the addresses, articles that are not"
            " served any more, and edits with the median interval in which they happened. Without"
            " COLLECTION: all collections in ARCHIVE_DIR, or all in the database at STATE_URL."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", help="leave out days before this one (2026-01-31)")
        parser.add_argument("--json", action="store_true", help="print one JSON object a line")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        since = _day(opts.since) if opts.since else None
        for root, state in self.known_states(args):
            if not self._print(state, since, as_json=opts.json):
                sys.stderr.write(f"coverage: {root}: nothing was announced\n")

    @staticmethod
    def _print(state: State, since: datetime | None, *, as_json: bool) -> bool:
        """Print the days of *state*; return whether there were any."""
        edition_key = ""
        has_days = False
        with closing(state):
            for day in coverage(state.database, since):
                has_days = True
                if as_json:
                    sys.stdout.write(f"{json.dumps(_fields(day))}\n")
                    continue
                if day.edition_key != edition_key:
                    edition_key = day.edition_key
                    sys.stdout.write(f"{edition_key}\n  {'day':<12}{_HEAD}\n")
                sys.stdout.write(f"  {_line(day)}\n")
        return has_days


_HEAD = (
    f"{'announced':>10}{'captured':>10}{'failed':>8}{'missed':>8}{'median':>9}{'worst':>9}{'published':>11}"
)


def _day(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=HO_CHI_MINH)
    except ValueError:
        refuse(f"--since {value}: not a day; allowed: 2026-01-31")


def _fields(day: Day) -> dict[str, Any]:
    publisher, _, edition = day.edition_key.partition(":")
    return {
        "publisher": publisher,
        "edition": edition,
        "day": day.day.isoformat(),
        "announced": day.announced,
        "captured": day.captured,
        "failed": dict(day.failed),
        "missed": day.missed,
        "median_seconds": _seconds(day.median),
        "worst_seconds": _seconds(day.worst),
        "published_seconds": _seconds(day.since_published),
        "failing": dict(day.failing),
        "not_served": dict(day.missing),
        "removed": day.removed,
        "edits": day.edits,
        "edited_within_seconds": _seconds(day.edited_within),
        "unconfirmed": day.unconfirmed,
    }


def _seconds(span: timedelta | None) -> float | None:
    return span.total_seconds() if span is not None else None


def _line(day: Day) -> str:
    figures = (
        f"{day.announced:>10}{day.captured:>10}{day.failed.total():>8}{day.missed:>8}"
        f"{_span(day.median):>9}{_span(day.worst):>9}{_span(day.since_published):>11}"
    )
    notes = "; ".join(_notes(day))
    return f"{day.day.isoformat():<12}{figures}{f'  {notes}' if notes else ''}"


def _notes(day: Day) -> Iterator[str]:
    if day.failed:
        yield _counted(day.failed)
    if day.failing:
        yield f"now other pages: {_counted(day.failing)}"
    if day.missing:
        yield f"not served: {_counted(day.missing)}, {day.removed} for good"
    if day.edits:
        yield f"edits: {day.edits}, within {_span(day.edited_within)}"
    if day.unconfirmed:
        yield f"unconfirmed: {day.unconfirmed}"


def _counted(reasons: Counter[str]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())


def _span(span: timedelta | None) -> str:
    """Return *span* in readable form: 42s, 7m, 3h05m, 2d04h."""
    if span is None:
        return "-"
    seconds = round(span.total_seconds())
    if seconds < 60:
        return f"{seconds}s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if hours < 1:
        return f"{minutes}m"
    return f"{hours}h{minutes % 60:02}m" if days < 2 else f"{days}d{hours % 24:02}h"
