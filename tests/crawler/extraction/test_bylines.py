"""Bylines, datelines and credits."""

from __future__ import annotations

import pytest

from crawler.extraction.bylines import agency, caption_credit, credit_at_end, dateline, people_and_source
from crawler.items import Dateline


@pytest.mark.parametrize(
    ("text", "people", "source"),
    [
        ("TP", ["TP"], None),
        ("越通社", [], "越通社"),
        (" (TTXVN/Vietnam+) ", [], "TTXVN/Vietnam+"),
        ("MINH NGUYỆT (TTXVN/VIETNAM+)", ["MINH NGUYỆT"], "TTXVN/VIETNAM+"),
        ("Tâm HằngTTXVN", ["Tâm Hằng"], "TTXVN"),
        ("Tâm HằngTTXVN/Vietnam+", ["Tâm Hằng"], "TTXVN/Vietnam+"),
        ("", [], None),
    ],
)
def test_bylines(text: str, people: list[str], source: str | None) -> None:
    assert people_and_source(text) == (people, source)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("越通社河内——据越通社", ("越通社", "河内")),
        ("越通社河内 ——5月22日", ("越通社", "河内")),
        ("Hà Nội (TTXVN) - Ngày", ("TTXVN", "Hà Nội")),
        ("Hanoi (VNA) – The", ("VNA", "Hanoi")),
        ("Ханой (ВИА) – В", ("ВИА", "Ханой")),
        ("Ngày 16/7, theo TTXVN - x", None),
    ],
)
def test_datelines(text: str, expected: tuple[str, str] | None) -> None:
    assert dateline(text) == (Dateline(agency=expected[0], place=expected[1]) if expected else None)


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("会谈场景。图自越通社", "越通社"),
        ("泰国遭受洪涝。图自新华社/越通社", "新华社/越通社"),
        ("Cầu thủ. (Ảnh: FIFA)", "FIFA"),
        ("Toàn cảnh. Ảnh tư liệu: AFP/TTXVN", "AFP/TTXVN"),
        ("Ảnh minh họa. (Nguồn: Vietnam+)", "Vietnam+"),
        ("Møtet. (Foto: Thong Nhat/VNA)", "Thong Nhat/VNA"),
        ("No credit here", None),
    ],
)
def test_caption_credits(caption: str, credit: str | None) -> None:
    assert caption_credit(caption) == credit


def test_a_byline_that_was_made_to_take_for_ever_does_not() -> None:
    for name in ("TTXVN", "Minh Anh"):
        evil = name + " / a" * 5000 + " ("
        assert people_and_source(evil) == ([], None)
        assert people_and_source(evil[:190])
        assert agency(evil[:190]) is None
        assert credit_at_end(evil)[1] is None


@pytest.mark.parametrize(
    ("text", "people", "source"),
    [
        ("Minh Anh (TTXVN) - Lan Hương (VOV)", ["Minh Anh", "Lan Hương"], "TTXVN, VOV"),
        ("Minh Anh, Lan Hương", ["Minh Anh", "Lan Hương"], None),
        ("Minh Anh/TTXVN", ["Minh Anh"], "TTXVN"),
        ("Tin, ảnh: Minh Anh", ["Minh Anh"], None),
        ("Bài và ảnh: Minh Anh - Lan Hương", ["Minh Anh", "Lan Hương"], None),
        ("Theo TTXVN", [], "TTXVN"),
        ("TTXVN, VOV", [], "TTXVN, VOV"),
        ("(Vietnam+)", [], "Vietnam+"),
        ("Nguyễn Văn A (Hà Nội)", ["Nguyễn Văn A"], None),
        ("VNS/VLLF", [], "VNS/VLLF"),
        ("Anne-Marie O'Neill", ["Anne-Marie O'Neill"], None),
    ],
)
def test_bylines_of_several(text: str, people: list[str], source: str | None) -> None:
    assert people_and_source(text) == (people, source)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("越通社河内7月12日电 据越通社", ("越通社", "河内")),
        ("（越通社）河内—据", ("越通社", "河内")),
        ("新华社北京——据", ("新华社", "北京")),
        ("Hà Nội (TTXVN): Ngày", ("TTXVN", "Hà Nội")),
        ("Hà Nội (TTXVN/Vietnam+) - Ngày", ("TTXVN", "Hà Nội")),
        ("Hanoi, July 12 (VNA) – The", ("VNA", "Hanoi")),
        ("TP. Hồ Chí Minh, ngày 12/7 (TTXVN) - Sáng", ("TTXVN", "TP. Hồ Chí Minh")),
        ("越通社驻华盛顿记者——据", None),
        ("Theo phóng viên TTXVN tại Đông Âu (TTXVN) - x", None),
    ],
)
def test_more_datelines(text: str, expected: tuple[str, str] | None) -> None:
    assert dateline(text) == (Dateline(agency=expected[0], place=expected[1]) if expected else None)
