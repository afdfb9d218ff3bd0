"""robots.txt as RFC 9309 has it: what each answer means for its host."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred

from crawler.downloader.robots import RobotsMiddleware
from crawler.failures import RobotsError

ROBOTS = "https://a.vn/robots.txt"
PAGE = Request("https://a.vn/secret/1")


def _answered(response: Response) -> RobotsMiddleware:
    """Return the middleware when it has got *response* for a robots.txt."""
    middleware = RobotsMiddleware(get_crawler(settings_dict={"ROBOTSTXT_OBEY": True}))
    middleware._parsers["a.vn"] = Deferred()
    asyncio.run(middleware._parse_robots(response, "a.vn", PAGE))
    return middleware


def _is_allowed(middleware: RobotsMiddleware, request: Request = PAGE) -> bool:
    parser: Any = middleware._parsers["a.vn"]
    try:
        middleware.process_request_2(parser, request)
    except RobotsError:
        return False
    return True


RULES = b"User-agent: *\nDisallow: /secret/\n"


@pytest.mark.parametrize(
    ("status", "body", "is_allowed"),
    [
        (200, RULES, False),
        (200, b"User-agent: *\nDisallow: /other/\n", True),
        (200, b"\xff\xfe\0 nothing of the kind", True),
        # Rules beyond what a parser must read do not count.
        (200, b"#" * 600_000 + b"\n" + RULES, True),
        (404, RULES, True),
        (403, RULES, True),
        (500, b"", False),
        (503, RULES.replace(b"/secret/", b"/other/"), False),
    ],
)
def test_what_an_answer_means(status: int, body: bytes, *, is_allowed: bool) -> None:
    middleware = _answered(TextResponse(ROBOTS, status=status, body=body))
    assert _is_allowed(middleware) == is_allowed


def test_a_failure_says_which_it_was() -> None:
    forbidden = _answered(TextResponse(ROBOTS, body=RULES))
    unreachable = _answered(TextResponse(ROBOTS, status=503))
    with pytest.raises(RobotsError, match=r"forbidden by robots\.txt"):
        forbidden.process_request_2(forbidden._parsers["a.vn"], PAGE)  # type: ignore[arg-type]
    with pytest.raises(RobotsError, match=r"robots\.txt unreachable"):
        unreachable.process_request_2(None, PAGE)
    # Other hosts are not concerned.
    unreachable.process_request_2(None, Request("https://b.vn/"))
