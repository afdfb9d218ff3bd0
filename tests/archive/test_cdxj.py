"""Index keys and lines are the ones that the field's tools make."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from surt import surt

from archive.cdxj import merged, urlkey
from tests.support.crawls import SEEDS, crawl

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


def test_the_index_is_that_of_cdxj_indexer(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    theirs = subprocess.run(
        # Without its metadata records: they are no answers, and the crawl's own index leaves them out.
        [
            sys.executable,
            "-m",
            "cdxj_indexer.main",
            "-s",
            "--records=response,revisit",
            *map(str, ended.warcs),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    ours = (ended.root / "indexes" / "index.cdxj").read_text()
    assert len(ours.splitlines()) == 13
    assert ours == theirs.stdout


def test_merging_keeps_order_and_drops_doubles() -> None:
    assert list(merged(["a 1", "c 1"], ["b 1", "a 1", "a 0"])) == ["a 0", "a 1", "b 1", "c 1"]
