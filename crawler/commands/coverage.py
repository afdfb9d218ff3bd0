"""`scrapy coverage`: what was announced, and what of it was had."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.addon import DEFAULTS
from crawler.console.command import known_states, one_line_errors
from crawler.extraction.dates import HO_CHI_MINH
from crawler.state.coverage import coverage

if TYPE_CHECKING:
    import argparse
    from datetime import timedelta

    from crawler.state import State
    from crawler.state.coverage import Day


class Command(ScrapyCommand):
    """Print by edition and day what was announced, captured, failed and missed."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {
        "LOG_ENABLED": False,
        "ARCHIVE_DIR": DEFAULTS["ARCHIVE_DIR"],
        "STATE_URL": DEFAULTS["STATE_URL"],
    }

    def syntax(self) -> str:
        return "[COLLECTION…] [--since DAY] [--json]"

    def short_desc(self) -> str:
        return "By publisher, edition and day: announced, captured, failed, missed, and how late"

    def long_desc(self) -> str:
        return (
            "A day is the one, in Vietnam, on which an article was first seen announced. Failed are those"
            " that could not be had so far, by reason; missed those that were not asked for yet. Median and"
            " worst are of the time from announcement to capture. Without COLLECTION: all in ARCHIVE_DIR, or"
            " all whose state STATE_URL has."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", help="leave out days before this one (2026-01-31)")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        since = _day(opts.since) if opts.since else None
        with one_line_errors():
            for root, state in known_states(self.settings, args):
                if not self._print(state, since, as_json=opts.json):
                    sys.stderr.write(f"coverage: {root}: nothing was announced\n")

    @staticmethod
    def _print(state: State, since: datetime | None, *, as_json: bool) -> bool:
        """Print the days of *state*; tell whether there were any."""
        site = ""
        has_days = False
        with closing(state):
            for day in coverage(state.database, since):
                has_days = True
                if as_json:
                    sys.stdout.write(f"{json.dumps(_fields(day))}\n")
                    continue
                if day.site != site:
                    site = day.site
                    sys.stdout.write(f"{site}\n  {'day':<12}{_HEAD}\n")
                sys.stdout.write(f"  {_line(day)}\n")
        return has_days


_HEAD = f"{'announced':>10}{'captured':>10}{'failed':>8}{'missed':>8}{'median':>9}{'worst':>9}"


def _day(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=HO_CHI_MINH)
    except ValueError as error:
        raise UsageError(f"--since {value}: not a day; allowed: 2026-01-31", print_help=False) from error


def _fields(day: Day) -> dict[str, Any]:
    publisher, _, edition = day.site.partition(":")
    return {
        "publisher": publisher,
        "edition": edition,
        "day": day.day.isoformat(),
        "announced": day.announced,
        "captured": day.captured,
        "failed": dict(day.failed),
        "missed": day.missed,
        "median_seconds": day.median.total_seconds() if day.median is not None else None,
        "worst_seconds": day.worst.total_seconds() if day.worst is not None else None,
    }


def _line(day: Day) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in day.failed.most_common())
    figures = (
        f"{day.announced:>10}{day.captured:>10}{day.failed.total():>8}{day.missed:>8}"
        f"{_span(day.median):>9}{_span(day.worst):>9}"
    )
    return f"{day.day.isoformat():<12}{figures}{f'  {reasons}' if reasons else ''}"


def _span(span: timedelta | None) -> str:
    """Return *span* for people: 42s, 7m, 3h05m, 2d04h."""
    if span is None:
        return "-"
    seconds = round(span.total_seconds())
    if seconds < 60:
        return f"{seconds}s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if hours < 1:
        return f"{minutes}m"
    return f"{hours}h{minutes % 60:02}m" if days < 2 else f"{days}d{hours % 24:02}h"
