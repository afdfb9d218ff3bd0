"""Sitemaps and feeds, good and bad."""

from __future__ import annotations

import gzip
from datetime import datetime

import pytest

from crawler.discovery.sitemaps import read_xml
from crawler.extraction.dates import HO_CHI_MINH

BROKEN = """<urlset>
<url><loc>https://a.vn/1</loc><news:news><news:title>A</news:title></news:news></url>
<url><loc>https://a.vn/2</loc><title>Lãi suất < 5%</title></url>
<url><loc>https://a.vn/3</loc><title><![CDATA[open</title></url>
<url><loc>https://a.vn/4</loc></url>
</urlset>"""


def test_one_broken_entry_spoils_no_other() -> None:
    found = read_xml(BROKEN.encode(), "https://a.vn/")
    assert found is not None
    assert [each.url for each in found] == [f"https://a.vn/{number}" for number in range(1, 5)]


BASE = "https://a.vn/sitemap.xml"


NS = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


NEWS = "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


INDEX = f"<?xml version='1.0'?><sitemapindex {NS}><sitemap><loc>/s/1.xml</loc><lastmod>2026-01-02</lastmod></sitemap></sitemapindex>"


URLSET = f"""<urlset {NS} {NEWS}><url><loc> https://a.vn/1 </loc><lastmod>2026-01-02T03:04:05Z</lastmod></url>
<url><loc>https://a.vn/2</loc><news:news><news:publication_date>2026-01-03T00:00:00+07:00</news:publication_date>
<news:title>x</news:title></news:news></url><url><lastmod>2026</lastmod></url><url><loc>https://a.vn/3</loc></url></urlset>"""


RSS = """<rss version="2.0"><channel><link>https://a.vn/</link><item><link>https://a.vn/1</link>
<pubDate>Mon, 20 Jul 2026 06:31:56 +0700</pubDate></item></channel></rss>"""


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/><updated>2026-07-20T06:31:56Z</updated>
</entry></feed>"""


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (INDEX, [("sitemap", "https://a.vn/s/1.xml", datetime(2026, 1, 2, tzinfo=HO_CHI_MINH))]),
        (
            URLSET,
            [
                ("page", "https://a.vn/1", _moment("2026-01-02T03:04:05Z")),
                ("page", "https://a.vn/2", _moment("2026-01-03T00:00:00+07:00")),
                ("page", "https://a.vn/3", None),
            ],
        ),
        (RSS, [("page", "https://a.vn/1", _moment("2026-07-20T06:31:56+07:00"))]),
        (ATOM, [("page", "https://a.vn/1", _moment("2026-07-20T06:31:56Z"))]),
        (f"<urlset {NS}/>", []),
        (URLSET[:220], [("page", "https://a.vn/1", _moment("2026-01-02T03:04:05Z"))]),
        ("", None),
        ("<html><body>Not found</body></html>", None),
        ("\x1f\x8b broken", None),
    ],
    ids=["index", "urlset", "rss", "atom", "empty", "cut", "nothing", "html", "broken gzip"],
)
def test_reading(xml: str, expected: list[tuple[str, str, datetime | None]] | None) -> None:
    for body in (
        (xml.encode("latin-1"), gzip.compress(xml.encode())) if expected else (xml.encode("latin-1"),)
    ):
        found = read_xml(body, BASE)
        assert (found and [(a.kind, a.url, a.date) for a in found]) == expected


def test_entities_and_other_files_are_not_read() -> None:
    evil = """<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY a "aaaaaaaaaa">
    <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>https://a.vn/&f;&b;</loc></url></urlset>"""
    found = read_xml(evil.encode(), BASE)
    assert found is not None
    assert all("aaaa" not in a.url and len(a.url) < 50 for a in found)
