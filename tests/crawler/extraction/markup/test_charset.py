"""Bytes are read in the charset that they are in, declared or not."""

from __future__ import annotations

import pytest

from crawler.extraction.markup.charset import decode, is_wide

SIMPLIFIED = (
    "<p>周三上午，市政府宣布这座老桥将在两年内重建，附近的居民对此表示欢迎，也有人担心施工时的交通。</p>"
)
TRADITIONAL = (
    "<p>週三上午，市政府宣布這座老橋將在兩年內重建，附近的居民對此表示歡迎，也有人擔心施工時的交通。</p>"
)
JAPANESE = "<p>市は水曜日、古い橋を二年以内に架け替えると発表した。近くの住民は歓迎しているが、工事中の交通を心配する声もある。</p>"
KOREAN = "<p>시는 수요일에 낡은 다리를 이 년 안에 다시 짓겠다고 발표했다. 주민들은 환영하지만 공사 중의 교통을 걱정하기도 한다.</p>"
VIETNAMESE = "<p>Sáng thứ Tư, thành phố cho biết cây cầu cũ sẽ được xây lại trong hai năm, người dân gần đó rất vui mừng.</p>"
FRENCH = "<p>La mairie a annoncé mercredi que le vieux pont serait refait d’ici à deux ans, à la joie des riverains gênés.</p>"


def _cp1258(text: str) -> bytes:
    """Encode as windows-1258 does: the tone is a character of its own behind the vowel."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    import unicodedata  # noqa: PLC0415

    written = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in tones)
        written += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tone
    return written.encode("cp1258")


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gbk"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "euc_kr"),
        (FRENCH, "cp1252"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (SIMPLIFIED, "utf-16"),
    ],
)
def test_what_declares_nothing(text: str, charset: str) -> None:
    body = ("<html>" + text).encode(charset)
    assert decode(body, None) == "<html>" + text


def test_vietnamese_whose_tones_are_characters_of_their_own() -> None:
    import unicodedata  # noqa: PLC0415

    assert unicodedata.normalize("NFC", decode(_cp1258(VIETNAMESE), None)) == VIETNAMESE


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "utf-8", "us-ascii", "no-such-charset"])
def test_a_label_that_servers_put_on_everything_is_not_believed(label: str) -> None:
    assert decode(SIMPLIFIED.encode("gbk"), f"text/html; charset={label}") == SIMPLIFIED
    assert decode(KOREAN.encode("euc_kr"), f"text/html; charset={label}") == KOREAN


def test_a_wrong_label_of_the_same_kind() -> None:
    assert decode(TRADITIONAL.encode("big5"), "text/html; charset=euc-kr") == TRADITIONAL
    assert decode(JAPANESE.encode("euc_jp"), "text/html; charset=shift_jis") == JAPANESE


def test_what_is_declared_and_fits_stays() -> None:
    russian = "<p>Мэрия сообщила, что старый мост построят заново.</p>"
    assert decode(russian.encode("koi8-r"), "text/html; charset=koi8-r") == russian
    assert decode(russian.encode("cp1251"), 'text/html; charset="windows-1251"') == russian
    polish = "<p>Most zostanie odbudowany w ciągu dwóch lat, ogłosił urząd.</p>"
    assert decode(polish.encode("iso8859-2"), "text/html; charset=iso-8859-2") == polish


def test_a_declaration_behind_much_script() -> None:
    head = "<head><script>" + "var a = 1;" * 2000 + "</script><meta charset=windows-1251>"
    russian = head + "<p>Мэрия сообщила, что мост построят.</p>"
    assert decode(russian.encode("cp1251"), None) == russian


def test_one_broken_character_does_not_change_the_charset() -> None:
    body = (SIMPLIFIED * 9).encode("gbk")
    assert decode(body + b"\xff\x20", None).startswith(SIMPLIFIED)
    assert decode(("<p>đường " * 30).encode() + b"\xff", "text/html; charset=gbk").startswith("<p>đường")


def test_few_letters_are_no_evidence() -> None:
    assert decode(b"<p>Z\xfcrich is f\xfcr all", "text/html; charset=iso-8859-1") == "<p>Zürich is für all"
    assert "\ufffd" in decode(b"<p>\xff\xfe\xfd", "text/html; charset=utf-8")


def test_what_is_valid_utf_8_and_something_else() -> None:
    assert is_wide("<html><p>bridge".encode("utf-16-le"))
    assert is_wide(JAPANESE.encode("iso2022_jp"))
    assert not is_wide(SIMPLIFIED.encode())
