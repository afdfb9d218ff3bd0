"""`scrapy coverage`, after crawls of a site that changes."""

from __future__ import annotations

import json

from tests.support.crawls import all_printed
from tests.support.site import Site, answer


def test_coverage_tells_what_was_announced_and_what_became_of_it(site: Site) -> None:
    def failing(_host: str, path: str) -> object:
        answers = {"/a-post1.vnp": b"500 Oops", "/a-post2.vnp": b"404 Not Found"}
        return answer(b"", answers[path]) if path in answers else None

    site.special = failing  # type: ignore[assignment]
    site.crawl(edition="zh")
    (line,) = all_printed("coverage", site.folder / "c", "--json").splitlines()
    figures = json.loads(line)
    assert (figures["publisher"], figures["edition"]) == ("vna", "zh")
    assert (figures["announced"], figures["captured"], figures["missed"]) == (3, 1, 0)
    assert figures["failed"] == {"404": 1, "500": 1}
    assert 0 <= figures["median_seconds"] <= figures["worst_seconds"] < 60
    site.special = lambda _host, _path: None
    site.crawl(edition="zh", later=900)
    (line,) = all_printed("coverage", site.folder / "c", "--json").splitlines()
    assert (json.loads(line)["captured"], json.loads(line)["failed"]) == (3, {})
    assert json.loads(line)["worst_seconds"] > 890
    table = all_printed("coverage", site.folder / "c")
    assert "announced  captured" in table
    assert "15m" in table
    nothing = all_printed("coverage", site.folder / "c", "--since", "2100-01-01")
    assert nothing.endswith("/c/vna: nothing was announced\n")
    assert "not a day" in all_printed("coverage", site.folder / "c", "--since", "yesterday", status=2)
