"""A state that knows one page, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.state import AnnouncedArticle, FetchFacts, State

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


HOUR = timedelta(hours=1)


def wanted(dated: datetime | None, *, url: str = "https://a.vn/1", number: int = 1) -> AnnouncedArticle:
    return AnnouncedArticle(id=f"x:y:{number}", edition_key="x:y", url=url, date=dated)


def due_urls(state: State, now: datetime) -> list[str]:
    visits = state.frontier.lease(9, now)
    state.frontier.release_all()
    return [visit.url for visit in visits]


def had(state: State, now: datetime, date: datetime | None = None) -> None:
    state.visits.record_article("x:y:1", FetchFacts(requested=now, date=date), "job", "unchanged")
