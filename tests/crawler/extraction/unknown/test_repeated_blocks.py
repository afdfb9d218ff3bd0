"""What a site prints on many pages is learned."""

from __future__ import annotations

from crawler import Article, extract
from crawler.extraction import RepeatedBlocks, parse_html
from crawler.items import TextBlock

P1 = "Hà Nội (TTXVN) - Sáng 12/7, Bộ Giao thông Vận tải tổ chức lễ khánh thành cầu mới bắc qua sông Hồng."


P2 = "Công trình có tổng mức đầu tư hơn 2.500 tỷ đồng; hàng nghìn người dân đã đến xem từ rất sớm."


def _texts(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, TextBlock)]


PARAGRAPHS = f"<p>{P1}</p><p>{P2}</p>"


def test_what_was_learned_leaves_an_article_under_several_addresses_alone() -> None:
    boilerplate = RepeatedBlocks()
    html = f"<title>T</title><h1>Tiêu đề</h1><article>{PARAGRAPHS}</article>".encode()
    addresses = [
        f"https://paper.example/{path}" for path in ("a", "a?utm_source=fb", "a?print=1", "amp/a", "a/")
    ]
    for address in addresses:
        tree = parse_html(html)
        assert tree is not None
        boilerplate.learn(tree, address)
    article = extract(html, addresses[0], repeated=boilerplate)
    assert article
    assert _texts(article) == [P1, P2]
