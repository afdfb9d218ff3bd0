"""The language that a page declares is checked against its text."""

from __future__ import annotations

import pytest

from crawler import extract
from crawler.extraction.language import detected, is_same
from tests.support.pages import STORIES, page


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (" ".join(STORIES["vi"].paragraphs), "vi"),
        ("".join(STORIES["zh"].paragraphs), "zh"),
        (" ".join(STORIES["en"].paragraphs), "en"),
        (
            "Мост длиной более трёх километров открылся утром двенадцатого июля, на два месяца раньше срока.",
            "ru",
        ),
        (
            "Le pont, long de plus de trois kilomètres, a ouvert le 12 juillet au matin, deux mois avant le terme.",
            "fr",
        ),
        (
            "El puente, de más de tres kilómetros, se abrió el 12 de julio, dos meses antes de lo previsto, dijo el ministro.",
            "es",
        ),
        (
            "홍강을 가로지르는 새 다리가 계획보다 두 달 앞당겨 7월 12일 오전에 개통되었다고 교통부가 밝혔습니다.",
            "ko",
        ),
        (
            "Broen, som er over tre kilometer lang, åpnet om morgenen 12. juli, to måneder før planen, sa ministeren.",
            "no",
        ),
        ("too short", None),
        ("2,500 3,700 12/7 - 4.5 " * 20, None),
        ("\x00\x01" * 200, None),
    ],
)
def test_what_is_heard(text: str, language: str | None) -> None:
    assert detected(text) == language


def test_tags_that_name_one_language() -> None:
    assert is_same("nb-NO", "no")
    assert is_same("zh-Hant-TW", "zh")
    assert is_same("en-US", "en")
    assert not is_same("vi", "en")


def test_a_page_in_another_language_than_its_edition_says_so() -> None:
    vietnamese = page("g4", "article", STORIES["vi"])
    url = "https://en.vietnamplus.vn/a-post1.vnp"
    article = extract(vietnamese.html.replace(vietnamese.url, url).encode(), url)
    assert article
    assert (article.language, article.flags) == ("en", ["language_mismatch"])


@pytest.mark.parametrize(
    ("lang", "language", "flags"),
    [
        ('lang="vi-VN"', "vi-VN", ["fallback_extractor"]),
        ("", "vi", ["fallback_extractor", "language_detected"]),
        ('lang="en"', "en", ["fallback_extractor", "language_mismatch"]),
        ('lang="?"', "vi", ["fallback_extractor", "language_detected"]),
    ],
)
def test_unknown_pages(lang: str, language: str, flags: list[str]) -> None:
    prose = "".join(f"<p>{text}</p>" for text in STORIES["vi"].paragraphs)
    head = f'<title>{STORIES["vi"].headline}</title><meta name="date" content="2026-01-02T03:04:05Z">'
    article = extract(
        f"<html {lang}><head>{head}</head><body>{prose}</body></html>".encode(), "https://x.example/a"
    )
    assert article
    assert (article.language, article.flags) == (language, flags)
