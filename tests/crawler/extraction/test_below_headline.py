"""Very short pages: what stands below the headline, and nothing around it."""

from __future__ import annotations

from crawler.extraction import ArticlePage, parse_html
from crawler.items import Article, TextBlock

HEAD = '<meta property="article:published_time" content="2026-07-16T17:17:12+07:00"><title>Thời tiết ngày 26/11</title>'
LATEST = "".join(
    f"<li><a href=/x{n}>Một tiêu đề khác, dài vừa phải, số {n}</a> <i>{n}/11/2026</i></li>"
    for n in range(1, 20)
)
AROUND = (
    f"<aside><ul>{LATEST}</ul></aside><footer><p>Giấy phép số 123/GP-BTTTT cấp ngày 11/9/2018</p></footer>"
)


def _article(inside: str) -> Article | None:
    top = "<header><div>Thứ Năm, 26/11/2026 08:15</div></header>"
    page = f"<html><head>{HEAD}</head><body>{top}<main>{inside}</main>{AROUND}</body></html>"
    tree = parse_html(page.encode())
    assert tree is not None
    return ArticlePage(tree, "https://example.com/tin/thoi-tiet-1234567.html").to_item()


def test_one_sentence() -> None:
    sentence = "Hà Nội có mưa rào, nhiệt độ 18-22 độ C."
    article = _article(
        f"<h1>Thời tiết ngày 26/11</h1><div>25/11/2026 17:17</div><p>{sentence} Miền Trung mưa.</p>"
    )
    assert article
    assert article.body == [TextBlock(type="paragraph", text=f"{sentence} Miền Trung mưa.")]


def test_a_longer_text_is_left_to_the_finders() -> None:
    sentence = "Hà Nội có mưa rào, nhiệt độ 18-22 độ C, gió đông bắc cấp hai đến cấp ba, độ ẩm trên tám mươi phần trăm."
    article = _article(f"<h1>Thời tiết ngày 26/11</h1><p>{sentence}</p><p>{sentence} Hết.</p>")
    assert article
    assert len(article.body) == 2


def test_a_film_without_a_word() -> None:
    article = _article('<h1>Thời tiết ngày 26/11</h1><video><source src="/v.mp4"></video><img src="/a.jpg">')
    assert article
    assert [video.url for video in article.videos] == ["https://example.com/v.mp4"]
    assert article.images == []
