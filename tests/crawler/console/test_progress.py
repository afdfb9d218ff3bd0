"""Progress is for terminals alone; counts have their plural."""

from __future__ import annotations

import pytest

from crawler.console.progress import Estimate, Progress, counted


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0 articles"), (1, "1 article"), (2, "2 articles"), (12_345, "12,345 articles")],
)
def test_a_count_has_the_right_plural(number: int, expected: str) -> None:
    assert counted(number, "article") == expected


def test_nothing_is_written_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("records")
    progress.step("a.warc.gz")
    progress.clear()
    with Estimate("files", 3, 900) as estimate:
        for _ in range(3):
            estimate.done(300, "7 articles")
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_a_line_is_shown_and_erased(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.console.progress._INTERVAL", 0.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Estimate("files", 3, 900) as estimate:
        estimate.done(300, "7 articles")
    shown = capsys.readouterr().err
    assert shown.startswith("\r1 of 3 files, 0 of 0 MB, 7 articles, ")
    assert shown.endswith("\r")
