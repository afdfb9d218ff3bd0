"""A failed monitor sets the exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.site import PAGE, Site, answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.wire_server import Answer


def test_a_failed_monitor_sets_the_exit_status(tmp_path: Path) -> None:
    site = Site(tmp_path, count=120)
    with site.server:
        assert site.crawl(edition="zh").status == 0
        bare = PAGE.replace(b"article__title cms-title", b"").replace(b"A title", b"")

        def without_headlines(host: str, path: str) -> Answer | None:
            if "-post" not in path or not host.startswith("en."):
                return None
            # Where the rule finds no headline, a page must name itself.
            return answer(f'<link rel="canonical" href="https://{host}{path}">'.encode() + bare)

        site.special = without_headlines
        ended = site.crawl(edition="en", later=60)
    assert ended.status == 3
    assert "vna: articles with headline: 0% of 120, 100% before; for example vna-" in ended.err
