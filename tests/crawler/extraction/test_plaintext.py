"""Plain-text captures of the table's pages, as text extractors print them, are segmented exactly.

Two ways of printing: the article with its alt texts and the cards after it, as the seed documents have it; and
all visible text of the page from its title to its footer, as WET records have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lxml.html
import pytest

from crawler import Article
from crawler.extraction import extract_text
from crawler.items import Image, Kind, MediaBlock, Related, TextBlock
from tests.support.pages import STORIES, Story, elements, page

if TYPE_CHECKING:
    from crawler import Article


DATES = {
    "vi": "Thứ Năm, ngày 16/07/2026 - 17:17",
    "zh": "2026年07月16日星期四 17:17",
    "en": "Thursday, July 16, 2026 - 17:17",
}


MORE = {"vi": "Tin liên quan", "zh": "更多", "en": "Related News"}


CARDS = [
    Related(url=None, headline="Hai nước thúc đẩy hợp tác"),
    Related(url=None, headline="Khai mạc hội chợ mùa thu"),
]


@dataclass(frozen=True)
class Print:
    """What a way of printing shows of a page besides its text."""

    template: str
    kind: Kind
    language: str
    #: Where the date stands: 1 before the lead, 2 after it, 0 nowhere.
    date: int = 0
    authors: int = 0
    credit: bool = True
    cards: bool = True

    def __str__(self) -> str:
        return f"{self.template}-{self.kind}-{self.language}"


PRINTS = [
    Print("g3", "article", "vi", date=1),
    Print("g3", "photo", "zh", date=1),
    Print("g3", "longform", "en"),
    Print("g3b", "article", "vi", date=2, authors=1, credit=False),
    Print("g3b", "photo", "vi", date=2, authors=1, credit=False),
    Print("g3b", "article", "zh", cards=False),
    Print("g4", "article", "vi", date=2, authors=2),
    Print("g4", "article", "zh", authors=2),
    Print("g4", "article", "en", date=2, authors=1),
    Print("g4", "live", "en", date=2),
    Print("g4", "longform", "zh", date=2, authors=2),
    Print("g4", "infographic", "vi", cards=False),
    Print("g4", "video", "zh", cards=False),
]


def _printed(how: Print) -> str:
    """Return the page of *how* as a text extractor prints an article."""
    story = STORIES[how.language]
    head = [story.headline, story.lead]
    if how.date:
        head.insert(how.date, DATES[how.language])
    lines = [line for name, values in elements(how.kind, story) for line in _lines(how, story, name, values)]
    end = list(story.authors[: how.authors]) + [f"({story.agency})"] * how.credit
    cards = ["Ảnh minh họa. (Ảnh: TTXVN)", "", "Chi tiết của bài báo liên quan, dài hơn một tiêu đề."]
    if how.cards:
        end += [MORE[how.language]]
        end += [cards[0], CARDS[0].headline, cards[2], cards[0], CARDS[1].headline, cards[2]]
    return "\n\n".join([*head, *lines, *end])


def _lines(how: Print, story: Story, name: str, values: dict[str, str]) -> list[str]:
    """Return the lines of one element; what extractors leave out has none."""
    caption = values.get("caption", "")
    numbered = [f"{story.headline} ảnh {values.get('n')}{caption}"]
    return {
        "image": [caption, caption] if how.template == "g4" else numbered,
        "gallery": [caption, caption, caption] if how.template == "g4" else numbered,
        "bare image": [f"picture-{values.get('n')}.jpg"],
        "list": [f"- {text}" for text in story.items],
        "table": [f"| {' | '.join(row)} |" for row in story.cells],
    }.get(name, [] if name in {"ad", "poll", "card", "video", "embed"} else [values.get("text", "")])


def _expected(how: Print) -> list[TextBlock | str | None]:
    """Return the blocks that the text has, a picture as its caption."""
    story = STORIES[how.language]
    blocks: list[TextBlock | str | None] = []
    for name, values in elements(how.kind, story):
        if name in {"image", "gallery"}:
            # Pictures under one caption can be counted where each prints its alt text.
            blocks += [values["caption"]] * (2 if name == "gallery" and how.template == "g4" else 1)
        elif name == "bare image":
            # Its file's name says that there is a picture.
            blocks.append(None)
        elif name == "list":
            blocks += [TextBlock(type="list_item", text=text) for text in story.items]
        elif name == "table":
            blocks.append(TextBlock(type="table", text="\n".join(" | ".join(row) for row in story.cells)))
        elif name in {"heading", "bold", "time"}:
            blocks.append(TextBlock(type="heading", text=values["text"]))
        elif name in {"paragraph", "note", "quote"}:
            # A text does not say which paragraph is a quotation.
            blocks.append(TextBlock(type="paragraph", text=values["text"]))
    return blocks


def _blocks(article: Article) -> list[TextBlock | str | None]:
    return [
        article.images[block.index].caption if isinstance(block, MediaBlock) else block
        for block in article.body
    ]


@pytest.mark.parametrize("how", PRINTS, ids=str)
def test_an_article_as_extractors_print_it(how: Print) -> None:
    story = STORIES[how.language]
    whole = page(how.template, how.kind, story)
    article = extract_text(_printed(how), whole.url)
    assert article
    assert (article.headline, article.description) == (story.headline, story.lead)
    assert _blocks(article) == _expected(how)
    assert article.authors == list(story.authors[: how.authors])
    assert article.source == (story.agency if how.credit else None)
    assert article.dateline == story.dateline
    assert article.related == (CARDS if how.cards else [])
    assert article.date_published is None
    short = ["short_body"] if len(article.text) < 120 else []
    assert (article.id, article.language, article.flags) == (
        whole.article.id,
        how.language,
        ["plain_text", *short],
    )
    credits_ = {story.caption: story.caption_credit, story.gallery: None, None: None}
    assert article.images == [
        Image(url=None, caption=image.caption, credit=credits_[image.caption]) for image in article.images
    ]


def _wet(html: str) -> str:
    """Return all visible text of a page, a line for each element that has text of its own, title first."""
    tree = lxml.html.document_fromstring(html)
    for element in tree.xpath("//script | //style"):
        element.drop_tree()
    lines = []
    for element in tree.iter():
        own = [element.text, *(child.tail for child in element)]
        lines += [" ".join(text.split()) for text in own if text and text.strip()]
    return "\n".join(lines)


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("template", ["g3", "g4"])
@pytest.mark.parametrize("kind", ["video", "infographic"])
def test_a_whole_page_as_wet_records_have_it(template: str, kind: Kind, language: str) -> None:
    story = STORIES[language]
    menu = "<ul><li><a href='/'>Politics</a></li><li><a href='/world/'>World</a></li></ul>"
    whole = page(template, kind, story)
    article = extract_text(_wet(whole.html.replace('<h1 class="', menu + '<h1 class="')), whole.url)
    assert article
    assert (article.headline, article.description) == (story.headline, story.lead)
    assert article.text == whole.article.text
    assert (article.authors, article.source) == (whole.article.authors, story.agency)
    assert (article.dateline, article.related) == (story.dateline, [])
    assert article.id == whole.article.id


URL = "https://www.vietnamplus.vn/mot-bai-post7.vnp"


P1 = "Hà Nội (TTXVN) - Sáng 12/7, Bộ Giao thông Vận tải tổ chức lễ khánh thành cầu mới bắc qua sông Hồng."


P2 = "Công trình có tổng mức đầu tư hơn 2.500 tỷ đồng; hàng nghìn người dân đã đến xem từ rất sớm."


def _texts(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, TextBlock)]


def test_plain_text_of_other_pages_is_no_article_and_of_no_address_neither() -> None:
    text = f"Tiêu đề\n{P1}\n{P2}\n"
    assert extract_text(text, URL)
    assert extract_text(text, "https://www.vietnamplus.vn/tag/x-tag1.vnp") is None
    assert extract_text(text, "http://[::1/x") is None


def test_plain_text_goes_on_after_a_line_that_leads_elsewhere() -> None:
    text = (
        f"Tiêu đề\r\nSapo của bài.\r\n{P1}\r\nXem thêm\r\n{P2}\r\nHết./.\r\n(TTXVN/Vietnam+)\r\nTin khác\r\n"
    )
    article = extract_text(text, URL)
    assert article
    assert _texts(article) == [P1, P2, "Hết./."]
    assert article.source == "TTXVN/Vietnam+"
