"""The seeds: what the documents say stands on their pages, and comes back out of them exactly."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest

from crawler import Article, extract
from crawler.extraction import extract_text
from crawler.extraction.markup.text import fold
from crawler.items import MediaBlock, TextBlock
from tests.support.crawls import SEEDS

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted(path.stem for path in SEEDS.glob("*.txt"))
G3_CAPTION = re.compile(r"(?P<alt>.* ảnh \d+)(?P<caption>.*)")


def _build() -> Any:
    spec = importlib.util.spec_from_file_location("seeds_build", SEEDS / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _labelled(name: str) -> list[tuple[str, str]]:
    """Return role and folded text of each labelled line."""
    roles = json.loads((SEEDS / f"{name}.roles.json").read_text("utf-8"))["roles"]
    lines = (SEEDS / f"{name}.txt").read_text("utf-8").split("\n")
    return [(role, fold(lines[int(number) - 1])) for number, role in roles.items()]


def _texts(name: str, *roles: str) -> list[str]:
    return [text for role, text in _labelled(name) if role in roles]


def _url(name: str) -> str:
    info = _build().CONFIG["documents"][name]
    return f"https://{info['host']}{info['path']}"


def _page_article(name: str) -> Article:
    article = extract((SEEDS / "pages" / f"{name}.html").read_bytes(), _url(name))
    assert article
    return article


def _text_blocks(article: Article) -> list[TextBlock]:
    return [block for block in article.body if isinstance(block, TextBlock)]


def test_there_are_five() -> None:
    assert len(DOCUMENTS) == 5


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_line_of_a_document_is_labelled(name: str) -> None:
    labels = json.loads((SEEDS / f"{name}.roles.json").read_text("utf-8"))
    lines = (SEEDS / f"{name}.txt").read_text("utf-8").split("\n")
    assert {str(n) for n, line in enumerate(lines, 1) if line.strip()} == set(labels["roles"])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_labelled_line_stands_on_its_page(name: str) -> None:
    tree = lxml.html.document_fromstring((SEEDS / "pages" / f"{name}.html").read_bytes())
    body = tree.find("body")
    alts = [fold(value) for value in body.xpath("//img/@alt")]
    texts = [fold(element.text_content()) for element in body.iter() if isinstance(element.tag, str)]
    texts += [fold(element.tail) for element in body.iter() if element.tail]
    visible = fold(body.text_content())
    for role, text in _labelled(name):
        if role == "caption" and (match := G3_CAPTION.fullmatch(text)):
            assert match["alt"] in alts
            assert match["caption"] in texts
        elif role in {"image_alt", "related_caption"}:
            assert text in alts
        elif role == "byline_date":
            source, day = text[:-10][: len(text[:-10]) // 2], text[-10:]
            assert text == f"{source}{source}{day}"
            assert source in alts
            assert source in texts
            assert day in texts
        else:
            assert text in texts or text in visible, (role, text)


def test_pages_and_archive_are_what_build_py_builds(tmp_path: Path) -> None:
    _build().build(tmp_path)
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert [str(path) for path in built] == [*(f"pages/{name}.html" for name in DOCUMENTS), "seeds.warc.gz"]
    for path in built:
        assert (SEEDS / path).read_bytes() == (tmp_path / path).read_bytes(), path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_body_is_the_labelled_text_and_nothing_else(name: str) -> None:
    article = _page_article(name)
    wanted = [(role, text) for role, text in _labelled(name) if role in {"paragraph", "heading"}]
    assert [(block.type, block.text) for block in _text_blocks(article)] == wanted
    assert article.text == "\n\n".join(text for _, text in wanted)
    assert article.headline == _texts(name, "headline")[0]
    assert article.description == _texts(name, "lead")[0]
    assert article.flags == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_captions_sit_with_their_images(name: str) -> None:
    article = _page_article(name)
    captions = []
    for text in _texts(name, "caption"):
        match = G3_CAPTION.fullmatch(text)
        captions.append(fold(match["caption"]) if match else text)
    assert [image.caption for image in article.images] == captions
    blocks = [block for block in article.body if isinstance(block, MediaBlock)]
    assert [(block.type, block.index) for block in blocks] == [("image", n) for n in range(len(captions))]
    for image in article.images:
        assert image.url
        assert image.url.startswith("https://")
    # Each stands where its caption does: after as many paragraphs as in the document.
    order = [role for role, _ in _labelled(name) if role in {"caption", "paragraph", "heading"}]
    assert ["caption" if isinstance(b, MediaBlock) else b.type for b in article.body] == order


@pytest.mark.parametrize("name", DOCUMENTS)
def test_cards_are_related_articles(name: str) -> None:
    related = _page_article(name).related
    assert [card.headline for card in related] == _texts(name, "related_headline")
    assert len({card.url for card in related}) == len(related)


FACTS = {
    "000_64e55b9a19bdb261": {"id": "vna:zh:268001", "date_published": "2025-12-02T21:05:00+07:00"},
    "001_9fddb8e8c64c1899": {"id": "vna:zh:196432", "date_published": "2023-05-22T19:30:00+07:00"},
    "002_d8ed9a4ad9967eb6": {
        "id": "vietnamvn:no:tang-cuong-quan-he-hop-tac-giua-dang-cong-san-viet-nam-va-dang-nhan-dan-"
        "cach-mang-lao",
        "date_published": "2025-12-02T18:12:45+07:00",
        "source": "Báo Nhân dân",
        "based_on": "https://nhandan.vn/tang-cuong-quan-he-hop-tac-giua-dang-communist-viet-nam-va-dang-"
        "nhan-dan-cach-mang-lao-post927490.html",
        "language": "no",
        "dateline": None,
        "extractor.page": "VietnamvnPage/page",
    },
    "003_9cf9db132889d0be": {"id": "vna:zh:114265", "date_published": "2020-05-19T20:11:00+07:00"},
    "004_6f535ffbc21a5a93": {"id": "vna:zh:175890", "date_published": "2022-10-30T08:20:00+07:00"},
}
OF_VNA = {
    "source": "越通社",
    "based_on": None,
    "language": "zh",
    "dateline.agency": "越通社",
    "dateline.place": "河内",
    "kind": "article",
    "authors": [],
    "extractor.page": "VnaPage/g4",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_other_fields(name: str) -> None:
    article = _page_article(name)
    defaults = OF_VNA if name != "002_d8ed9a4ad9967eb6" else {}
    for path, value in {**defaults, **FACTS[name]}.items():
        found: Any = article
        for part in path.split("."):
            found = getattr(found, part)
        assert found == value, path
    assert article.url == article.canonical_url == _url(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_itself_gives_the_same_as_its_page(name: str) -> None:
    page = _page_article(name)
    text = extract_text((SEEDS / f"{name}.txt").read_text("utf-8"))
    assert text
    for field in (
        "headline",
        "description",
        "text",
        "source",
        "based_on",
        "dateline",
        "publisher",
        "language",
    ):
        assert getattr(text, field) == getattr(page, field), field
    assert _text_blocks(text) == _text_blocks(page)
    assert [image.caption for image in text.images] == [image.caption for image in page.images]
    assert text.date_published is None
    # vietnam.vn's text does not say which of its languages it is in.
    heard = ["language_detected"] if text.edition == "und" else []
    assert text.flags == [*heard, "plain_text"]


def test_with_a_url_the_document_is_known_by_it() -> None:
    name = "002_d8ed9a4ad9967eb6"
    text = extract_text((SEEDS / f"{name}.txt").read_text("utf-8"), _url(name))
    assert text
    assert text.id == _page_article(name).id
    assert text.language == "no"
