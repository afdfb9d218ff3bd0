"""`scrapy history`, after crawls of a site that changes."""

from __future__ import annotations

from tests.support.crawls import all_printed
from tests.support.site import PAGE, Site, answer


def test_history_tells_revisions_removals_and_returns(site: Site) -> None:
    hour = 3600
    site.crawl(edition="zh")
    changed = PAGE.replace(b"and then some more", b"but not much more")
    site.special = lambda _host, path: answer(changed) if "-post1." in path else None
    site.crawl(edition="zh", later=1.1 * hour)
    site.special = lambda _host, path: answer(b"", b"410 Gone") if "-post1." in path else None
    assert "1, restored 0" in site.crawl(edition="zh", later=7 * hour).out
    site.special = lambda _host, _path: None
    back = site.crawl(edition="zh", later=25 * hour)
    assert "0, restored 1" in back.out
    folder = site.folder / "c"
    told = all_printed("history", "vna:zh:1", "--collection", folder)
    lines = told.splitlines()
    assert lines[0].startswith("vna:zh:1, ")
    assert [line.split("  ")[1].strip() for line in lines if " UTC  " in line] == [
        "revision 1", "revision 2", "removed", "returned", "revision 3",
    ]  # fmt: skip
    shown = "text: … enough to be a paragraph of an article, [-and then some-]{+but not much+} more of it."
    assert shown in told
    for item in back.items:
        if item["id"] == "vna:zh:1":
            assert f"{item['capture']['file']}:{item['capture']['offset']}" in told
    url = "https://zh.vietnamplus.vn/other-slug-post1.vnp"
    assert all_printed("history", url, "--collection", folder) == told
    assert "not found in" in all_printed("history", "vna:zh:99", "--collection", folder, status=2)
