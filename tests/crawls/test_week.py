"""A week in which much is served that is no edit: every true one is a revision, nothing else is."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from crawler.state import Event, State
from tests.support.crawls import ROOT, all_printed, crawl, items, run
from tests.support.fork_server import start
from tests.support.publisher import START
from tests.support.week import HOUR, MONDAY, WEDNESDAY, Week

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

SETTINGS = {
    "STATE_REVISITS": [3600, 6 * 3600, 24 * 3600, 48 * 3600], "STATE_REVISITS_TAIL": 1, "EXTRACTION_WITNESS": False
}  # fmt: skip
MINUTES = timedelta(minutes=1)
#: Every three hours to the end of Tuesday after, and oftener while a text stands that is reverted.
MOMENTS = sorted(
    [START + 7 * MINUTES + n * 3 * HOUR for n in range(9 * 8)]
    + [WEDNESDAY + 12 * HOUR + minutes * MINUTES for minutes in (12, 25, 40)]
)


class Crawled:
    """The publisher's week, and the collection that the crawls of it left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.week = Week(folder)
        begin = datetime.now(UTC)
        moments = [str((moment - begin).total_seconds()) for moment in MOMENTS]
        with self.week.server as server:
            proxy = f"http://127.0.0.1:{server.port}"
            environment = {
                **os.environ, "http_proxy": proxy, "https_proxy": proxy, "PYTHONPATH": str(ROOT),
                "BANLUU_TEST_SETTINGS": json.dumps(SETTINGS),
            }  # fmt: skip
            arguments = ("vna", "zh", folder / "c", self.week.offset, *moments)
            process = start("tests.support.timed_crawls", *arguments, environment=environment)
            with process:
                ended = process.stdout.read()
                errors = process.stderr.read()
                process.wait()
        assert ended.count(" finished\n") == len(moments), errors
        self.lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for item in sorted(items(self.collection), key=lambda item: item["revision"]["number"]):
            self.lines[item["id"]].append(item)

    @property
    def collection(self) -> Path:
        return self.folder / "c" / "vna"

    def events(self, name: str) -> list[Event]:
        with closing(State(self.collection / "state.sqlite")) as state:
            return list(state.articles.history(self.week.stories[name].id))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return Crawled(tmp_path_factory.mktemp("week"))


def test_every_edit_that_was_served_is_a_revision_and_nothing_else_is(crawled: Crawled) -> None:
    expected = {
        story_id: [text for text, _ in groupby(text for _, text in served)]
        for story_id, served in crawled.week.served.items()
    }
    assert len(expected) == len(crawled.week.stories)
    assert {
        story_id: [line["text"] for line in lines] for story_id, lines in crawled.lines.items()
    } == expected
    edited = {name for name, story in crawled.week.stories.items() if len(expected[story.id]) > 1}
    assert edited == {"corrected", "halved", "reverted", "changed behind 304"}


def test_each_edit_lies_in_its_interval(crawled: Crawled) -> None:
    for name, story in crawled.week.stories.items():
        revisions = [event for event in crawled.events(name) if event.kind == "revision"]
        for before, after, edited in zip(revisions, revisions[1:], story.edits(), strict=False):
            assert before.last_seen
            if not story.stale:
                assert before.last_seen <= edited <= after.seen, name


def test_what_lost_much_was_doubted_until_it_was_seen_again(crawled: Crawled) -> None:
    outcomes = {
        name: [event.outcome for event in crawled.events(name) if event.outcome]
        for name in ("halved", "reverted", "corrected")
    }
    # The correction rewrites every paragraph, and so does the way back.
    assert outcomes == {
        "halved": ["confirmed"], "reverted": ["reverted", "confirmed"], "corrected": ["confirmed"],
    }  # fmt: skip
    flags = [line["flags"] for line in crawled.lines[crawled.week.stories["reverted"].id]]
    assert ["unconfirmed" in each for each in flags] == [False, True, True]


def test_only_what_was_taken_down_is_a_lasting_removal(crawled: Crawled) -> None:
    removals = {
        name: [(event.sort, event.outcome) for event in crawled.events(name) if event.kind == "removed"]
        for name in crawled.week.stories
    }
    lasting = {name for name, found in removals.items() if any(outcome for _, outcome in found)}
    assert lasting == {"taken down", "soft 404", "redirected"}
    assert removals["taken down"][0] == ("gone", "lasting")
    assert removals["soft 404"][0] == ("soft", "lasting")
    assert removals["redirected"][0] == ("redirected", "lasting")
    # The weekend made no removal that stayed, and each of these came back.
    for name in removals.keys() - lasting:
        kinds = [event.kind for event in crawled.events(name)]
        assert kinds.count("removed") == kinds.count("returned"), name


def test_the_redirect_is_told_with_its_target_and_the_article_stays_on_the_schedule(crawled: Crawled) -> None:
    story, target = crawled.week.stories["redirected"], crawled.week.stories["plain"]
    told = all_printed("history", story.id, "--collection", crawled.folder / "c")
    assert f"leads to https://zh.vietnamplus.vn{target.path}" in told
    with closing(State(crawled.collection / "state.sqlite")) as state:
        due = state.database.value("SELECT due FROM article WHERE id = ?", (story.id,))
        waiting = state.frontier.waiting(MONDAY + timedelta(days=400))
    assert due is not None
    assert waiting >= len(crawled.week.stories)


def test_a_host_that_called_a_changed_page_unchanged_is_distrusted(crawled: Crawled) -> None:
    with closing(State(crawled.collection / "state.sqlite")) as state:
        assert state.visits.distrusted_since("https://zh.vietnamplus.vn/")
    told = all_printed(
        "history", crawled.week.stories["changed behind 304"].id, "--collection", crawled.folder / "c"
    )
    assert "after that the server says unchanged, as it did of a page that had changed" in told


def test_the_week_replayed_gives_the_same_lines(crawled: Crawled, tmp_path: Path) -> None:
    settings = {"REPLAY": crawled.collection, "ARCHIVE_ENABLED": False, "EXTRACTION_WITNESS": False}
    replayed = crawl("vna", tmp_path, settings, by=partial(run, timeout=600), edition="zh")
    live = sorted(json.dumps(line) for lines in crawled.lines.values() for line in lines)
    assert sorted(map(json.dumps, replayed.items)) == live
