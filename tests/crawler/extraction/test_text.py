"""Folding, bylines, datelines, credits and dates."""

from __future__ import annotations

import pytest

from crawler.extraction.bylines import agency, caption_credit, credit_at_end, dateline, people_and_source
from crawler.extraction.dates import HO_CHI_MINH, parse_date
from crawler.extraction.markup.text import fold
from crawler.items import Dateline


def test_fold() -> None:
    assert fold("  a\u00a0\n b\u200b\tc\x00 ") == "a b c"
    assert fold("e\u0301") == "é"
    assert fold("越 通社。（完）") == "越 通社。（完）"
    assert fold(None) == ""


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


@pytest.mark.parametrize(
    ("value", "expected", "naive"),
    [
        ("2026-07-20T06:31:56+07:00", "2026-07-20T06:31:56+07:00", False),
        ("2026-07-20T06:31:56+0700", "2026-07-20T06:31:56+07:00", False),
        ("2026-07-20T06:31:56.123Z", "2026-07-20T06:31:56.123000+00:00", False),
        ("2026-07-20T06:31:56.1234567Z", "2026-07-20T06:31:56.123456+00:00", False),
        ("2026-07-20T06:31:56.000Z", "2026-07-20T06:31:56+00:00", False),
        ("2021-10-22 08:35", "2021-10-22T08:35:00+07:00", True),
        ("Thứ Hai, ngày 20/07/2026 - 06:31", "2026-07-20T06:31:00+07:00", True),
        ("2026年07月29日星期三 10:05", "2026-07-29T10:05:00+07:00", True),
        ("04/12/2017 07:23 GMT+7", "2017-12-04T07:23:00+07:00", False),
        ("Thứ năm, 25/03/2021 17:24 GMT+7", "2021-03-25T17:24:00+07:00", False),
        ("Vendredi 17 septembre 2021 - 11:16", "2021-09-17T11:16:00+07:00", True),
        ("Friday, September 17, 2021 11:16 GMT+07:00", "2021-09-17T11:16:00+07:00", False),
        ("viernes, 17 de septiembre de 2021 - 11:16", "2021-09-17T11:16:00+07:00", True),
        ("Пятница, 17 сентября 2021 - 11:16", "2021-09-17T11:16:00+07:00", True),
        ("Thứ Sáu, ngày 17 tháng 9 năm 2021, 11:16", "2021-09-17T11:16:00+07:00", True),
        ("17 tháng 9, 2021 | 11:16", "2021-09-17T11:16:00+07:00", True),
        ("2021년 9월 17일 금요일 - 11:16", "2021-09-17T11:16:00+07:00", True),
        ("17 Quintilis 2021 - 11:16", None, False),
        ("16/07/2026 5:17 PM", "2026-07-16T17:17:00+07:00", True),
        ("16/07/2026 5:17 CH", "2026-07-16T17:17:00+07:00", True),
        ("Jul 16, 2026 12:17 AM", "2026-07-16T00:17:00+07:00", True),
        ("2026年7月16日 下午5:17", "2026-07-16T17:17:00+07:00", True),
        ("Thu, 16 Jul 2026 10:17:12 GMT", "2026-07-16T10:17:12+00:00", False),
        ("Thu, 16 Jul 2026 17:17:12 +0700", "2026-07-16T17:17:12+07:00", False),
        ("16/07/2026 17:17 (GMT+7)", "2026-07-16T17:17:00+07:00", False),
        ("2026-07-16T17:17:12\u221207:00", "2026-07-16T17:17:12-07:00", False),
        ("2026-07-16T17:17:12+07", "2026-07-16T17:17:12+07:00", False),
        ("17:17 16/07/2026", "2026-07-16T17:17:00+07:00", True),
        ("17h17 ngày 16/7/2026", "2026-07-16T17:17:00+07:00", True),
        ("17:17 | 16/07/2026", "2026-07-16T17:17:00+07:00", True),
        ("2026/07/16 17:17", "2026-07-16T17:17:00+07:00", True),
        ("20260716T171712Z", "2026-07-16T17:17:12+00:00", False),
        ("0001-01-01T00:00:00", None, False),
        ("1970-01-01T07:00:00+07:00", None, False),
        ("16/07/2026", None, False),
        ("2026-07-16+07:00", None, False),
        ("4 giờ trước", None, False),
        ("2026-07-20", None, False),
        ("2026-13-45T99:99", None, False),
        ("no date", None, False),
        ("", None, False),
    ],
)
def test_dates(value: str, expected: str | None, naive: bool) -> None:  # noqa: FBT001
    assert parse_date(value, HO_CHI_MINH) == (expected, naive)


def test_without_a_zone_to_assume_a_naive_date_is_no_instant() -> None:
    assert parse_date("2021-10-22 08:35") == (None, True)


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
