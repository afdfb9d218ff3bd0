"""A window excludes the sitemaps that cannot matter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.discovery.announcements import Announcement, Window


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


MAY = Window(since=datetime(2023, 5, 1, tzinfo=UTC), until=datetime(2023, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("url", "date", "excluded"),
    [
        ("https://a.vn/sitemaps/news-2023-5.xml", None, False),
        ("https://a.vn/sitemaps/news-2023-4.xml", None, True),
        ("https://a.vn/sitemaps/news-2023-4.xml", "2023-05-20T00:00Z", False),
        ("https://a.vn/sitemaps/news-2023-7.xml", None, True),
        ("https://a.vn/sitemap-post/2023-05-31.xml", None, False),
        ("https://a.vn/sitemap-post/2023-06-02.xml", None, True),
        ("https://a.vn/categories.xml", None, False),
        ("https://a.vn/categories.xml", "2020-01-01T00:00Z", True),
        ("https://a.vn/news-2023-99.xml", None, False),
    ],
)
def test_only_sitemaps_that_can_matter_are_followed(url: str, date: str | None, excluded: bool) -> None:  # noqa: FBT001
    announcement = Announcement(kind="sitemap", url=url, date=_moment(date) if date else None)
    assert bool(MAY.excludes(announcement)) == excluded
