"""Captures become versions: numbered by date, unchanged ones left out, at little memory for each."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive import Capture
from crawler.bulk.versions import Versions, key_of
from crawler.items import Article
from tests.support.articles import an_article, random_text

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = random_text(1)
DAYS = [f"2026-01-{day:02}T00:00:00Z" for day in range(1, 10)]


def capture(text: str, date: str | None, number: int = 1, *, flags: Sequence[str] = ()) -> Article:
    where = Capture(
        file="a.warc", offset=0, length=1, record_id="<urn:x>", date=date or "", payload_digest=None
    )
    return replace(
        an_article(number),
        text=text,
        flags=list(flags),
        capture=where if date is not None else None,
    )


def versions_of(*captures: Article) -> tuple[list[tuple[int, int]], list[Article]]:
    """Return place and number of each version, and the versions."""
    lines = [each.to_bytes() + b"\n" for each in captures]
    versions = Versions()
    versions.add(b"".join(map(key_of, captures[:1])))
    versions.add(b"".join(map(key_of, captures[1:])))
    versions.decide(lambda place: lines[place])
    found: list[tuple[int, int]] = []
    chosen: list[Article] = []
    for place, line in enumerate(lines):
        for each in versions.chosen(place, [line]):
            article = Article.from_json(each)
            found.append((place, article.revision.number))
            chosen.append(article)
    assert versions.left_out == len(captures) - len(found)
    assert versions.revisions == sum(number > 1 for _, number in found)
    return found, chosen


def test_versions_are_numbered_by_date_and_stay_in_the_order_of_the_input() -> None:
    texts = ("one", "two", "two", "one")
    captures = [capture(text, day) for text, day in zip(texts, DAYS, strict=False)]
    assert versions_of(*captures)[0] == [(0, 1), (1, 2), (3, 3)]
    assert versions_of(*reversed(captures))[0] == [(0, 3), (2, 2), (3, 1)]
    # Another article between them has its own numbers.
    assert versions_of(captures[0], capture("x", DAYS[0], 2), captures[1])[0] == [(0, 1), (1, 1), (2, 2)]


def test_a_version_says_what_changed_and_whether_it_is_confirmed() -> None:
    first = replace(capture(LONG, DAYS[0], flags=["short_body"]), headline="Old")
    _, (one, two, three) = versions_of(
        first,
        replace(capture(LONG + " More.", DAYS[1], flags=["short_body"]), headline="New"),
        capture("Gone.", DAYS[2], flags=["short_body"]),
    )
    assert one == first
    assert (two.revision.changed, two.flags) == (["headline", "text"], ["short_body"])
    assert (three.revision.changed, three.flags) == (["headline", "text"], ["short_body", "unconfirmed"])


def test_a_line_keeps_what_a_project_added_to_it() -> None:
    captures = [capture("one", DAYS[0]), capture("two", DAYS[1])]
    versions = Versions()
    versions.add(b"".join(map(key_of, captures)))
    lines = [each.to_json()[:-1].encode() + b',"rating":5}\n' for each in captures]
    versions.decide(lambda place: lines[place])
    one, two = versions.chosen(0, lines)
    assert one == lines[0]
    assert [*json.loads(two)] == [*json.loads(one)]
    assert json.loads(two)["rating"] == 5


def test_what_does_not_count_as_a_change_makes_no_version() -> None:
    again = replace(capture("one  ", DAYS[1]), date_modified="2026-01-02T00:00:00+07:00", keywords=["new"])
    assert versions_of(capture("one", DAYS[0]), again)[0] == [(0, 1)]


def test_at_one_instant_each_content_counts_once() -> None:
    # As when a record is in two of the inputs.
    one, two = capture("one", DAYS[0]), capture("two", DAYS[0])
    assert versions_of(one, two, one, two)[0] == [(0, 1), (1, 2)]
    later = capture("one", DAYS[1])
    assert versions_of(one, two, one, two, later, later)[0] == [(0, 1), (1, 2), (4, 3)]


@pytest.mark.parametrize("undated", [None, "", "yesterday"])
def test_pages_without_a_date_come_last_and_bring_no_earlier_version_back(undated: str | None) -> None:
    one, two, three = (capture(text, undated) for text in ("one", "two", "three"))
    dated = [capture("one", DAYS[0]), capture("two", DAYS[1])]
    assert versions_of(one, three, one, *dated, two)[0] == [(1, 3), (3, 1), (4, 2)]
    assert versions_of(one, two, one, two)[0] == [(0, 1), (1, 2)]


def test_plain_text_and_cut_pages_are_left_out_where_there_is_a_whole_page() -> None:
    text = capture("in short", DAYS[0], flags=["plain_text"])
    cut = capture("one", DAYS[0], flags=["cut"])
    whole = capture("one", DAYS[1])
    assert versions_of(text, cut, whole)[0] == [(2, 1)]
    assert versions_of(cut, text)[0] == [(1, 1)]
    assert versions_of(cut, capture("two", DAYS[1], flags=["cut"]))[0] == [(0, 1), (1, 2)]


@pytest.mark.parametrize("is_new", [False, True], ids=["unchanged", "a version each"])
def test_a_capture_costs_less_than_100_bytes(*, is_new: bool) -> None:
    count = 200_000 if not is_new else 2_000
    keys = [key_of(capture("one", None, number)) for number in range(count // 4)]
    dates = [day.to_bytes(8, "big") for day in range(1, 5)]
    rows = b"".join(
        key[:8] + date + (key[16:] if not is_new else date) for date in dates for key in keys
    )  # fmt: skip
    lines = [capture(f"text {number}", DAYS[0]).to_bytes() for number in range(4)]
    tracemalloc.start()
    versions = Versions()
    for at in range(0, len(rows), 24_000):
        versions.add(rows[at : at + 24_000])
    versions.decide(lambda place: lines[place // (count // 4)])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{most / count:.1f} bytes a capture, {count:,} captures")
    assert most < 100 * count + (300_000 if is_new else 0)
    assert (versions.left_out, versions.revisions) == ((0, count * 3 // 4) if is_new else (count * 3 // 4, 0))
