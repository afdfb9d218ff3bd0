"""Articles out of records, saved pages and plain text; what cannot be read is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive import find_sources
from crawler.bulk.pages import articles_in, learned_from
from tests.support.crawls import SEEDS
from tests.support.exchanges import exchange, message, write
from tests.support.site import PAGE

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://zh.vietnamplus.vn/a-post{}.vnp"
HTML = b"Content-Type: text/html\r\n"


def _read(path: Path, url: str | None = None) -> tuple[list[str], list[str]]:
    told: list[str] = []
    return [article.id for article in articles_in(path, url, told.append)], told


def test_a_saved_page_needs_its_address(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    assert _read(page, URL.format(7)) == (["vna:zh:7"], [])
    assert _read(page) == ([], [f"{page}: a saved HTML page needs its URL; give --url"])
    assert _read(tmp_path / "none.html", URL.format(7)) == (
        [],
        [f"{tmp_path / 'none.html'}: No such file or directory"],
    )


def test_a_plain_text_is_known_by_itself(tmp_path: Path) -> None:
    text = min(SEEDS.glob("*.txt"))
    (found,), told = _read(text)
    assert (found.rpartition(":")[0], told) == ("vna:zh", [])
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe\xff")
    assert "latin.txt" in _read(tmp_path / "latin.txt")[1][0]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (message(PAGE, extra=HTML), ["vna:zh:1"]),
        (message(PAGE, status=b"203 Fine", extra=HTML), ["vna:zh:1"]),
        (message(PAGE, status=b"404 Not Found", extra=HTML), []),
        (message(PAGE, extra=b"Content-Type: image/png\r\n"), []),
        (
            message(
                b"<script>document.cookie='D1N=1234567890abcdef';window.location.reload()</script>",
                extra=HTML,
            ),
            [],
        ),
        (b"SSH-2.0-OpenSSH\r\n", []),
    ],
    ids=["page", "203", "404", "picture", "challenge", "no HTTP"],
)
def test_only_pages_that_came_hold_articles(tmp_path: Path, received: bytes, expected: list[str]) -> None:
    write(tmp_path / "c", exchange(0, received, url=URL.format(1)))
    assert _read(tmp_path / "c") == (expected, [])


def test_a_revisit_has_the_body_of_its_original_or_is_reported(tmp_path: Path) -> None:
    received = message(PAGE, extra=HTML)
    write(tmp_path / "c", *(exchange(n, received, url=URL.format(n)) for n in (1, 2)))
    assert _read(tmp_path / "c") == (["vna:zh:1", "vna:zh:2"], [])


def test_publishers_teach_nothing(tmp_path: Path) -> None:
    write(tmp_path / "c", *(exchange(n, message(PAGE, extra=HTML), url=URL.format(n)) for n in range(9)))
    repeated = learned_from(find_sources([tmp_path / "c" / "archive"]))
    assert _read(tmp_path / "c")[0] == [f"vna:zh:{n}" for n in range(9)]
    assert repeated is not None
