"""robots.txt is obeyed, fetched, kept, and missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.crawls import FAST, crawl
from tests.support.site import Site, answer
from tests.support.wire_server import Answer

if TYPE_CHECKING:
    from pathlib import Path


def test_a_robots_txt_that_cannot_be_had_is_told_in_a_line(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path, FAST, urls="http://127.0.0.1:1/a-post1.vnp")
    told = "http://127.0.0.1:1/robots.txt cannot be fetched (DownloadConnectionRefusedError): nothing of its host is"
    assert told in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("failing", ["503", "reset"])
def test_a_robots_txt_that_cannot_be_had_forbids_all_until_it_can(site: Site, failing: str) -> None:
    site.robots = answer(b"", b"503 Busy") if failing == "503" else Answer(b"", "reset")
    first = site.crawl(edition="zh")
    assert first.items == []
    assert set(site.asked()) == {"/robots.txt"}
    assert "nothing of its host is fetched" in first.err
    site.robots = answer(b"User-agent: *\nDisallow: /a-post1.vnp\n")
    assert len(site.crawl(edition="zh", later=900).items) == 2
    # It is good for a day, and its last copy for a month.
    count = len(site.asked("/robots.txt"))
    site.crawl(edition="zh", later=1800)
    assert len(site.asked("/robots.txt")) == count
    site.robots = answer(b"", b"503 Busy") if failing == "503" else Answer(b"", "reset")
    last = site.crawl(edition="zh", later=2 * 86_400)
    assert "using its last copy" in last.err
    assert "/a-post1.vnp" not in site.asked()


def test_without_a_robots_txt_all_is_allowed(site: Site) -> None:
    site.robots = answer(b"", b"404 Not Found")
    assert len(site.crawl(edition="zh").items) == 3
