"""The links of a page."""

from __future__ import annotations

from crawler.discovery.links import read_links


def test_links_of_a_page() -> None:
    page = b"<a href='/1'>x</a><a href='https://b.vn/2#x'>y</a><a href='/1'>x</a><a href='javascript:1'></a><a>z</a>"
    assert list(read_links(page, "https://a.vn/x/")) == ["https://a.vn/1", "https://b.vn/2#x"]
    assert list(read_links(b"", "https://a.vn/")) == []
