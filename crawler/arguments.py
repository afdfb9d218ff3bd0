"""Spider arguments: text in, checked values out. Pure; an ArgumentError names the allowed values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.errors import ArgumentError
from crawler.extraction.dates import HO_CHI_MINH
from crawler.state import DueFilter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NAMES = ("edition", "since", "until", "sections", "urls")

_DAY = re.compile(r"\d{4}-?\d\d-?\d\d")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlArguments:
    """The checked arguments of one crawl: they limit what it fetches. Empty: no limit."""

    editions: tuple[str, ...]
    #: Only articles from this moment on, and before `until`; aware.
    since: datetime | None = None
    until: datetime | None = None
    sections: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    def due_filter(self, publisher: str, crawl: str) -> DueFilter:
        """Return the filter of the due pages of *publisher* that the crawl named *crawl* fetches."""
        return DueFilter(
            edition_keys=tuple(f"{publisher}:{edition}" for edition in self.editions),
            crawl=crawl if self.since or self.until or self.sections else "",
            since=self.since,
            until=self.until,
        )


def parse_arguments(
    given: Mapping[str, str],
    *,
    editions: Collection[str],
    any_edition: bool,
    sections: Mapping[str, Collection[str]],
) -> CrawlArguments:
    """Check the arguments *given* to a spider that has *editions* and, by edition, *sections*.

    With *any_edition*, every language tag names an edition. *sections* has the key "" for editions without
    an entry of their own.
    """
    for name in given:
        if name not in NAMES:
            raise ArgumentError(f"unknown argument {name!r}; allowed: {', '.join(NAMES)}")
    chosen = _editions(given.get("edition", ""), editions, any_edition=any_edition)
    since = _moment("since", given.get("since", ""), end_of_day=False)
    until = _moment("until", given.get("until", ""), end_of_day=True)
    if since and until and since >= until:
        raise ArgumentError(f"since={given['since']} is not before until={given['until']}")
    known = {s for edition in chosen or editions for s in sections.get(edition, sections.get("", ()))}
    return CrawlArguments(
        editions=chosen,
        since=since,
        until=until,
        sections=_choices("sections", given.get("sections", ""), known),
        urls=_urls(given["urls"]) if "urls" in given else (),
    )


def _split(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _choices(name: str, value: str, allowed: Collection[str]) -> tuple[str, ...]:
    for choice in _split(value):
        if choice not in allowed:
            names = ", ".join(sorted(allowed)) or "none: this spider has no sections"
            raise ArgumentError(f"{name}={choice}: not known; allowed: {names}")
    return _split(value)


def _editions(value: str, known: Collection[str], *, any_edition: bool) -> tuple[str, ...]:
    if not any_edition:
        return _choices("edition", value, known)
    for choice in _split(value):
        if not _LANGUAGE.fullmatch(choice):
            raise ArgumentError(f"edition={choice}: not a language tag; allowed: vi, en, no, zh-CN, …")
    return _split(value)


def _moment(name: str, value: str, *, end_of_day: bool) -> datetime | None:
    """Return the moment that *value* names, in Vietnam's time zone by default.

    A date without a time is the start of its day; with *end_of_day*, the start of the next.
    """
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if _DAY.fullmatch(value):
            moment = datetime.combine(moment, time.min) + timedelta(days=end_of_day)
    except (ValueError, OverflowError) as error:
        raise ArgumentError(
            f"{name}={value}: not a date; allowed: 2025-12-01, 2025-12-01T08:00, 2025-12-01T01:00Z"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=HO_CHI_MINH)


def _urls(value: str) -> tuple[str, ...]:
    if value and not re.match(r"https?://", value):
        try:
            lines = Path(value).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ArgumentError(
                f"urls={value}: {error}; allowed: a file with one http(s) URL a line, or a comma list"
            ) from error
        value = ",".join(line for line in lines if not line.lstrip().startswith("#"))
    for url in _split(value):
        if not _is_web_address(url):
            raise ArgumentError(f"urls={url}: not an http(s) URL")
    if not _split(value):
        raise ArgumentError("urls: names no URL; leave it out to crawl all that is announced")
    return _split(value)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
