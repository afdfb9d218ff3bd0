"""What a server's own log says of our manners: how often, how many at once, and when not at all."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.support.site import Site, answer

if TYPE_CHECKING:
    from tests.support.wire_server import Answer


CHALLENGE = b"<html><body><script>document.cookie='D1N=1234567890abcdef';window.location.reload()</script></body></html>"


def test_crawl_delay_is_kept(site: Site) -> None:
    site.robots = answer(b"User-agent: *\nCrawl-delay: 0.7\n")
    site.crawl({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": True}, edition="zh")
    times = [moment for moment, _, path in site.log if path != "/robots.txt"]
    assert len(times) >= 6
    # Between the sockets of two processes a request may be a moment late, and the next one on time.
    assert min(b - a for a, b in pairwise(times)) > 0.65


def test_no_more_at_once_than_allowed_over_all_editions(site: Site) -> None:
    site.slow = 0.15
    ended = site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 2})
    assert len(ended.items) == 6
    assert site.most == 2


def test_a_short_retry_after_is_waited_for(site: Site) -> None:
    answered: list[float] = []

    def busy_once(_host: str, path: str) -> Answer | None:
        if "-post" in path and not answered:
            answered.append(time.monotonic())
            return answer(b"", b"429 Too Many Requests", b"Retry-After: 2\r\n")
        return None

    site.special = busy_once
    ended = site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    assert len(ended.items) == 6
    following = [moment for moment, _, _ in site.log if moment > answered[0]]
    assert min(following) - answered[0] > 1.9


def test_a_long_retry_after_outlasts_the_crawl(site: Site) -> None:
    site.special = lambda _host, path: (
        answer(b"", b"503 Busy", b"Retry-After: 3600\r\n") if "-post" in path else None
    )
    first = site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    assert first.items == []
    assert "left alone until" in first.err
    assert len(site.asked("-post")) == 1
    site.special = lambda _host, _path: None
    before = len(site.log)
    assert site.crawl(later=1800).items == []
    assert len(site.log) == before
    assert len(site.crawl(later=3700).items) == 6


def test_a_site_that_refuses_is_left_alone_and_asked_again(site: Site) -> None:
    site.special = lambda _host, path: answer(b"", b"403 Forbidden") if path != "/robots.txt" else None
    site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    refused = len([path for _, _, path in site.log if path != "/robots.txt"])
    assert refused == 3
    site.crawl(later=60)
    assert len([path for _, _, path in site.log if path != "/robots.txt"]) == 3
    # One more refusal, and it rests longer than before.
    site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1}, later=400)
    assert len([path for _, _, path in site.log if path != "/robots.txt"]) == 4
    site.crawl(later=800)
    assert len([path for _, _, path in site.log if path != "/robots.txt"]) == 4
    site.special = lambda _host, _path: None
    assert len(site.crawl(later=1200).items) == 6


def test_a_challenge_is_no_article_and_no_removal(site: Site) -> None:
    site.special = lambda _host, path: answer(CHALLENGE) if "-post1." in path else None
    first = site.crawl(edition="zh")
    assert sorted(item["id"] for item in first.items) == ["vna:zh:0", "vna:zh:2"]
    site.special = lambda _host, _path: None
    again = site.crawl(edition="zh", later=900)
    assert sorted(item["id"] for item in again.items) == ["vna:zh:0", "vna:zh:1", "vna:zh:2"]


def test_challenges_alone_are_refusals(site: Site) -> None:
    site.special = lambda _host, path: answer(CHALLENGE) if "-post" in path else None
    site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    assert 3 <= len(site.asked("-post")) < 6
    count = len(site.log)
    site.crawl(later=60)
    assert len(site.log) == count


def test_challenges_in_place_of_sitemaps_and_feeds_are_refusals(site: Site) -> None:
    site.special = lambda _host, path: None if path == "/robots.txt" else answer(CHALLENGE)
    first = site.crawl({"CONCURRENT_REQUESTS_PER_DOMAIN": 1}, since="2025-01-01")
    assert "left alone until" in first.err
    count = len(site.log)
    assert len([path for path in site.asked() if path != "/robots.txt"]) == 3
    site.crawl(since="2025-01-01", later=60)
    assert len(site.log) == count
