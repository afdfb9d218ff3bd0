"""What proves a known publisher's page, and what speaks against it."""

from __future__ import annotations

import pytest

from crawler.extraction import load_publishers, page_class, parse_html
from crawler.extraction.kinds.proof import prove

URL = "https://www.vietnamplus.vn/mot-bai-post7.vnp"
SAME = "https://www.vietnamplus.vn/ten-khac-post7.vnp"
OTHER = "https://www.vietnamplus.vn/bai-khac-post8.vnp"
PROSE = (
    "Sáng 12/7, Bộ Giao thông Vận tải tổ chức lễ khánh thành cầu mới bắc qua sông Hồng, ông Bình cho biết."
)
RULED = f'<h1 class="article__title cms-title">Tiêu đề</h1><div class="article__body cms-body"><p>{PROSE}</p></div>'
CANONICAL = '<link rel="canonical" href="{}">'
OG = '<meta property="og:url" content="{}">'
LD = '<script type="application/ld+json">{{"@type": "NewsArticle", "mainEntityOfPage": {{"@id": "{}"}}}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "is_proven", "other"),
    [
        (CANONICAL.format(SAME), "", True, None),
        (OG.format(URL), "", True, None),
        (LD.format(URL), "", True, None),
        ("", RULED, True, None),
        ("", f"<h1>Tiêu đề</h1><p>{PROSE}</p>", False, None),
        ("", RULED.replace(PROSE, "Không có gì."), False, None),
        ("", RULED.replace(PROSE, '<img src="/a.jpg">'), True, None),
        (CANONICAL.format(OTHER), RULED, False, OTHER),
        (OG.format(OTHER), RULED, False, OTHER),
        # The canonical address is more reliable than what a template may have left behind.
        (CANONICAL.format(URL) + OG.format(OTHER), "", True, None),
        (CANONICAL.format("https://www.vietnamplus.vn/"), RULED, False, None),
        (CANONICAL.format("/"), RULED, False, None),
        (CANONICAL.format("http://["), RULED, True, None),
    ],
)
def test_proofs(head: str, body: str, is_proven: bool, other: str | None) -> None:  # noqa: FBT001
    load_publishers()
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert tree is not None
    proof = prove(page_class(URL)(tree, URL))
    assert (proof.is_proven, proof.other) == (is_proven, other)
    assert proof.reasons
