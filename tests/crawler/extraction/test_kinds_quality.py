"""The quality gate of the kinds: how many articles may be lost, and how many other pages kept (`pytest -s`).

The sets of real pages are those of `tests/benchmarks/kinds.py`; they are measured where BANLUU_PAGES names their
folder: `<set>.jsonl.xz` with a page a line, `html_latin1`, `url`, and `kind` where not all are articles.
"""

from __future__ import annotations

import json
import lzma
import os
from functools import cache
from pathlib import Path

import pytest

from crawler.extraction import read

FOLDER = os.environ.get("BANLUU_PAGES")
MOST_LOST = {"fundus": 1, "magic": 7}
KEPT, REFUSED = 0.94, 0.92


@cache
def _rows(name: str) -> list[tuple[bool, bool]]:
    """Return of each page whether it is an article, and whether it gives one."""
    path = Path(FOLDER or "") / f"{name}.jsonl.xz"
    if FOLDER is None or not path.exists():
        pytest.skip(f"BANLUU_PAGES names no folder with {name}.jsonl.xz")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return [
            (
                row.get("kind", "article") == "article",
                read(row.pop("html_latin1").encode("latin-1"), row["url"]).article is not None,
            )
            for row in rows
        ]


@pytest.mark.parametrize("name", MOST_LOST)
def test_news_are_kept(name: str) -> None:
    rows = _rows(name)
    lost = sum(not kept for _, kept in rows)
    print(f"{name}: {lost} of {len(rows)} lost")
    assert lost <= MOST_LOST[name]


def test_general_articles_are_kept_and_other_pages_refused() -> None:
    rows = _rows("wcxb") + _rows("kinds")
    articles = [kept for is_article, kept in rows if is_article]
    others = [not kept for is_article, kept in rows if not is_article]
    kept, refused = sum(articles) / len(articles), sum(others) / len(others)
    print(
        f"general articles kept {kept:.3f} of {len(articles)}, others refused {refused:.3f} of {len(others)}"
    )
    assert kept >= KEPT
    assert refused >= REFUSED
