"""The history of an article as text: its versions, when each was seen, and its removals."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from crawler.console.word_diff import word_diff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from crawler.state import Event, State, Visit

# Fields that repeat another field: a change is shown once, in the other.
_SHOWN_ELSEWHERE = {"body": "text"}
_SORTS = {
    "gone": "not served to us: 404 or 410",
    "soft": "not served to us: an error page with status 200",
    "redirected": "not served to us: the address leads elsewhere",
}
_OUTCOMES = {
    "unconfirmed": "unconfirmed: most of the text before is gone, and it was not looked at again so far",
    "confirmed": "most of the text before is gone; a second look confirmed it",
    "reverted": "most of the text before was gone; a second look found it back",
    "changed again": "most of the text before was gone; a second look found another version",
}


@dataclass(frozen=True, slots=True)
class History:
    """Everything the state knows about one article."""

    events: list[Event]
    #: The earliest first.
    visits: list[Visit]
    #: The looks that found it missing since it was there last, and whether its host was well then.
    missing: list[tuple[Visit, bool]]
    published: datetime | None
    #: Why the latest look failed, if it did, and since when all have.
    failing: tuple[str, datetime] | None
    #: Since when the host is known to call changed pages unchanged.
    distrusted: datetime | None


def history_of(state: State, article_id: str) -> History:
    """Return what *state* knows of the article."""
    standing = state.articles.standing(article_id)
    return History(
        events=list(state.articles.history(article_id)),
        visits=list(state.visits.of(article_id))[::-1],
        missing=state.removals.looks(article_id)[::-1],
        published=standing.published,
        failing=(standing.reason, standing.failing_since) if standing.reason else None,
        distrusted=state.visits.distrusted_since(standing.url),
    )


def history_lines(history: History, item_of: Callable[[Event], dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of *history*; *item_of* returns the item of a revision, empty if there is none."""
    if not history.events:
        yield "  not captured yet"
    before: dict[str, Any] = {}
    last: Event | None = None
    for event in history.events:
        if event.kind == "revision":
            after = item_of(event)
            yield from _revision(history, event, last, before, after)
            before, last = after, event
        elif event.kind == "removed":
            yield from _removal(history, event)
        else:
            yield f"{_time(event.seen)}  {event.kind}" + (f"  to {event.target}" if event.target else "")
    if history.failing:
        yield from _failing(history, *history.failing)


def _revision(
    history: History, event: Event, last: Event | None, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[str]:
    place = f"{event.file}:{event.offset}" if event.file else "not archived"
    yield f"{_time(event.seen)}  revision {event.number}  {place}"
    if event.number == 1 and after:
        yield f"    {after['headline']}"
    if event.number == 1 and history.published:
        yield f"    published {_time(history.published)}, {_span(event.seen - history.published)} before"
    if last is not None:
        begin = last.last_seen or last.seen
        yield f"    edited between {_time(begin)} and {_time(event.seen)} ({_span(event.seen - begin)})"
    for name in event.changed:
        if _SHOWN_ELSEWHERE.get(name) in event.changed:
            continue
        if before and after:
            yield f"    {name}: {word_diff(_text(before.get(name)), _text(after.get(name)))}"
        else:
            yield f"    {name}: changed; the JSONL with its values was deleted"
    if event.outcome:
        yield f"    {_OUTCOMES.get(event.outcome, event.outcome)}"
    yield from _last_seen(history, event)


def _last_seen(history: History, event: Event) -> Iterator[str]:
    """Yield when the version was last seen, and whether we read it then or only the server said so."""
    if event.last_seen is None or event.last_seen == event.seen:
        return
    looks = [visit for visit in history.visits if event.seen <= visit.seen <= event.last_seen]
    read = max((visit.seen for visit in looks if visit.kind == "article"), default=event.seen)
    line = f"    last seen {_time(event.last_seen)}"
    if read < event.last_seen:
        line += f"; last read {_time(read)}, after that the server says unchanged"
        if history.distrusted:
            line += f", as it did of a page that had changed ({_time(history.distrusted)})"
    yield line


def _removal(history: History, event: Event) -> Iterator[str]:
    yield f"{_time(event.seen)}  removed  {_SORTS.get(event.sort or '', 'not served to us')}"
    if event.target:
        yield f"    leads to {event.target}"
    if event.last_seen:
        gone = event.seen - event.last_seen
        yield f"    last served {_time(event.last_seen)}, first missing {_time(event.seen)} ({_span(gone)})"
    returned = next((each.seen for each in history.events if each.seen > event.seen), None)
    wells = {visit.seen: well for visit, well in history.missing}
    for visit in history.visits:
        if visit.seen < event.seen or (returned and visit.seen >= returned) or visit.has_article:
            continue
        answer = " ".join(str(each) for each in (visit.status, visit.kind) if each) or visit.outcome
        beside = {True: ", while other articles were served", False: ", and no other article was served"}
        yield f"    {_time(visit.seen)}: {answer}{beside[wells[visit.seen]] if visit.seen in wells else ''}"
    if event.outcome == "lasting":
        yield "    lasting: at each of these looks others of its host proved themselves"
    elif returned is None:
        yield "    not certain: it is looked at again"


def _failing(history: History, reason: str, since: datetime) -> Iterator[str]:
    looks = sum(visit.seen >= since for visit in history.visits)
    yield f"{_time(since)}  failing  {reason} at the latest of {looks or 1} looks; it is tried again"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _span(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    if seconds < 0:
        return f"minus {_span(-span)}"
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
