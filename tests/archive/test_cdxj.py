"""Index keys and lines are the ones that the field's tools make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from surt import surt

from archive.cdxj import found, merged, urlkey

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "url",
    [
        "https://www.Example.com/A?b&a",
        "http://x.vn",
        "http://x.vn/",
        "https://zh.vietnamplus.vn/article-post268001.vnp",
        "http://x.vn:8080/a/",
        "https://x.vn:443/a/",
        "https://www.vietnamplus.vn/%e8%b6%8a%E5%8D%97/1.vnp",
        "https://nhandan.vn/越南/?q=ä",
        "http://127.0.0.1:8000/a?x=1&B=2",
        "http://[::1]:80/x",
        "http://a.b/c//d/../e?",
        "http://a.b/./c/.",
        "http://a.b/?q=a%20b&a=%26",
        "http://a.b/x?phpsessid=0123456789abcdef0123456789abcdef&a=1",
        "http://a.b/x?a=1&sid=0123456789abcdef0123456789abcdef",
        "http://user:pw@h.vn/x#frag",
        "http://h.vn/a+b?c+d=e%2Bf",
        "http://www2.h.vn/a%25b",
        "https://h.vn/a?&&b",
        "http://h.vn/~x!$'()*,;=:@",
        "http://h.vn/a%2fb?x=%3d",
        "http://h.vn/a b",
    ],
)
def test_keys_are_those_of_surt(url: str) -> None:
    assert urlkey(url) == surt(url)


def test_merging_keeps_order_and_drops_doubles() -> None:
    assert list(merged(["a 1", "c 1"], ["b 1", "a 1", "a 0"])) == ["a 0", "a 1", "b 1", "c 1"]


def test_looking_up_an_index_finds_every_line_and_no_other(tmp_path: Path) -> None:
    urls = [f"https://a.vn/{n}{'x' * (n % 7 * 30)}" for n in range(60)]
    entries = [(url, f"20260601{hour:02}0000") for url in urls for hour in range(len(url) % 3 + 1)]
    lines = sorted(
        f'{urlkey(url)} {date} {{"url": "{url}", "offset": "{n}"}}' for n, (url, date) in enumerate(entries)
    )
    path = tmp_path / "index.cdxj"
    path.write_text("".join(f"{line}\n" for line in lines))
    for url in urls:
        assert [each["url"] for each in found(path, url)] == [u for u, _ in entries if u == url]
    assert [e["url"] for e in found(path, urls[1], "2026-06-01T01:00:00Z")] == [
        u for u, d in entries if u == urls[1] and d == "20260601010000"
    ]
    assert list(found(path, "https://a.vn/none")) == []
    path.write_text("")
    assert list(found(path, urls[0])) == []
