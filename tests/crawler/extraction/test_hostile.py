"""Pages made to hurt: each gives an article or none, within its test's time, and never an exception."""

from __future__ import annotations

import pytest

from crawler import extract

PROSE = b"<p>Some words of a paragraph that is long enough to be read as prose, really.</p>" * 3
#: What makes a page of an unknown site an article.
NEWS = b"""<meta property="og:type" content="article"><meta name="date" content="2026-07-16T17:17:12Z">"""
KNOWN = "https://www.vietnamplus.vn/a-post1.vnp"
UNKNOWN = "https://example.com/news/a-story-of-some-words-12345"

PAGES = {
    "nested divs": b"<div>" * 10_000 + PROSE,
    "nested inline": b"<b>" * 10_000 + PROSE,
    "nested tables": b"<div class='cms-body'>" + b"<table><tr><td>a<td>" * 3_000 + b"text",
    "50 MB of text": b"<p>" + b"word " * 10_000_000,
    "a million attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(1_000_000)) + b">" + PROSE,
    "attributes behind a quoted bracket": b"<p x='>' y=\"<\" "
    + b" ".join(b"a%d='>'" % n for n in range(300_000))
    + b">"
    + PROSE,
    "attributes of a tag that never ends": PROSE
    + b"<p x='<' "
    + b" ".join(b"a%d" % n for n in range(300_000)),
    "a hundred thousand classes": b"<p class='"
    + b" ".join(b"a%d" % n for n in range(100_000))
    + b"'>"
    + PROSE,
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><p>&b;&b;' + PROSE,
    "short paragraphs": b"<p>short</p>" * 60_000,
    "cards": b"<ul>"
    + b"<li><a href=/x>A headline of some length, for a card</a></li>" * 10_000
    + b"</ul>"
    + PROSE,
    "line breaks": b"<div class='cms-body'>" + b"text<br>" * 50_000 + b"</div>",
    "caption without end": b"<div class=cms-body><figure><img src=a.jpg><figcaption>"
    + b"Photo: " * 1_000_000
    + b"</figcaption></figure><p>x</p></div>",
    "nested JSON-LD": b"<script type='application/ld+json'>"
    + b"[" * 100_000
    + b"]" * 100_000
    + b"</script>"
    + PROSE,
    "odd JSON-LD": b"""<script type="application/ld+json">[{"@type": ["NewsArticle", 1], "headline": {"a": 1},
        "author": [[], 1, null, {"name": {"x": 1}}, {"@id": 7}], "datePublished": 7, "publisher": "x",
        "description": "\\ud800"}, {"@type": "VideoObject", "duration": "\\udfff"}, 3, null]</script>"""
    + PROSE,
    "odd addresses": b"<base href='javascript:1'><link rel=canonical href='http://['><a href='http://[::x'>y</a>"
    b"<div class=cms-body><img src='http://['><img src='data:x'><iframe src='javascript:1'></iframe></div>"
    + PROSE,
    "control characters where text is rewritten": b"<p>a<sup>\x01\x02</sup><sub>2\x1f</sub><math>\x08<mi>\xef\xbf\xbf</mi></math>"
    b"<sup>\x7f1</sup><script type='math/tex'>\x03</script>" + PROSE,
    "control characters where elements are too deep": b"<div>\x01" * 400 + b"\x02</div>\x03" * 400 + PROSE,
    "a picture of 40 MB": b"<img src='data:image/png;base64," + b"A" * 40_000_000 + b"'>" + PROSE,
    "quotes in JSON-LD": b'<script type="application/ld+json">{"a": "'
    + b'x "y" ' * 200_000
    + b"</script>"
    + PROSE,
    "elements that HTML does not know": b"<p>" + b"<x-a>b</x-a>" * 50_000 + PROSE,
    "hidden elements": b"<div style='display:none'>x</div>" * 20_000 + PROSE,
    "figures": b"<article>" + b"<figure><img src=a.jpg></figure>" * 3_000 + PROSE,
    "codecs that are no charsets": b"<meta charset='rot_13'>\xff\xfe" + PROSE,
    "many names": b'<script type=\'application/ld+json\'>{"@type": "NewsArticle", "author": "'
    + b"A and " * 100_000
    + b'"}</script>'
    + PROSE,
}


@pytest.mark.parametrize("url", [KNOWN, UNKNOWN], ids=["known", "unknown"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_the_extractor(name: str, url: str) -> None:
    article = extract(PAGES[name], url)
    if article:
        article.to_json().encode()
        assert all(image.url.startswith("http") for image in article.images if image.url)
        assert article.canonical_url == url


@pytest.mark.parametrize(
    "charset",
    [
        "idna",
        "undefined",
        "punycode",
        "hex",
        "base64",
        "zlib",
        "bz2",
        "uu",
        "quopri",
        "unicode_escape",
        "mbcs",
    ],
)
def test_what_pages_name_as_their_charset(charset: str) -> None:
    for content_type in (f"text/html; charset={charset}", None):
        page = f"<meta charset='{charset}'>".encode() + NEWS + b"\xff" + PROSE
        assert extract(page, UNKNOWN, content_type=content_type)


@pytest.mark.parametrize(
    "page",
    [
        PROSE.replace(b"Some", b"S\xff\xfeome"),
        PROSE.replace(b"Some", "đoạn văn tiếng Việt".encode()[:-2] + b" Some"),
        PROSE.replace(b"Some", b"S\x00ome"),
        ("<meta charset=utf-8><p>" + "chữ " * 100).encode()[:-3],
    ],
    ids=["no UTF-8", "truncated character", "NUL", "cut at its end"],
)
def test_what_cannot_be_decoded_is_replaced_and_flagged(page: bytes) -> None:
    article = extract(b"<title>T</title><meta charset=utf-8>" + NEWS + page, UNKNOWN)
    assert article
    assert "undecodable_characters" in article.flags
    assert "\x00" not in article.to_json()


def test_utf_16_is_told_by_its_mark_and_by_its_header() -> None:
    prose = f"{PROSE.decode()}<p>Đoạn văn tiếng Việt, đủ dài để được coi là văn xuôi ở đây.</p>"
    page = f"<title>Tiêu đề</title>{NEWS.decode()}{prose}"
    for body, content_type in (
        (page.encode("utf-16"), None),
        (page.encode("utf-16-le"), "text/html; charset=utf-16le"),
    ):
        article = extract(body, UNKNOWN, content_type=content_type)
        assert article
        assert article.headline == "Tiêu đề"
        assert "undecodable_characters" not in article.flags


@pytest.mark.parametrize("url", ["", "no address", "http://", "mailto:x@y.vn"])
def test_a_page_of_no_address_is_read_all_the_same(url: str) -> None:
    article = extract(NEWS + PROSE, url)
    assert article
    assert article.publisher == "unknown"


def test_what_is_no_address_at_all_has_no_article() -> None:
    assert extract(PROSE, "http://[") is None


def test_what_looks_like_a_long_tag_in_a_script_stays() -> None:
    numbers = b",".join(b"%d" % n for n in range(40_000))
    data = b'{"@type": "NewsArticle", "headline": "1 <b 2", "x": [' + numbers + b'], "author": "Lan Anh"}'
    script = b'<script type="application/ld+json">' + data + b"</script>"
    article = extract(b"<html><body>" + script + NEWS + b"<h1>1 &lt;b 2</h1>" + PROSE, UNKNOWN)
    assert article
    assert article.authors == ["Lan Anh"]


@pytest.mark.parametrize("tag", [b'<a title="x" y">', b"<a title='it's'>", b'<a title=it"s>', b"<b"])
def test_an_odd_quote_takes_nothing_away(tag: bytes) -> None:
    page = (
        NEWS
        + b"<html><body>"
        + b"<nav><a href='/x'>y</a></nav>" * 3_000
        + tag
        + b"<h1>A headline</h1>"
        + PROSE
    )
    article = extract(page + b"<footer>" + b"<i>x</i>" * 10_000 + b"</footer>", UNKNOWN)
    assert article
    assert article.text.count("Some words of a paragraph") == 3
