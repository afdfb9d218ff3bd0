"""What proves a known publisher's page, and what speaks against it."""

from __future__ import annotations

import pytest

from crawler.extraction import classify, load_publishers, page_class, parse_html
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


def test_a_translation_may_name_its_original_where_editions_share_ids() -> None:
    body = b"<h1>A bridge</h1><p>%b</p></body></html>" % (b"The bridge was opened on Monday. " * 9)
    head = b"<html><head><link rel=canonical href='https://www.vietnam.vn/%b'></head><body>"
    url = "https://www.vietnam.vn/en/khanh-thanh-cau-moi"
    assert classify(head % b"khanh-thanh-cau-moi" + body, url).kind == "article"
    assert classify(head % b"khanh-thanh-cau-cu-khac" + body, url).kind == "other"


def test_a_form_field_with_the_id_names_the_article() -> None:
    page = b"<html><body><form><input type=hidden id=hdNewsId value=%b></form><h1>A bridge</h1><p>%b</p></body></html>"
    url = "https://baotintuc.vn/thoi-su/cau-moi-20260716171712046.htm"
    text = b"The bridge was opened on Monday. " * 9
    assert classify(page % (b"20260716171712046", text), url).kind == "article"
    assert classify(page % (b"20260716171712999", text), url).kind == "other"
