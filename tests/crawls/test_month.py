"""A month of a publisher's news, crawled on schedule, with kills: nothing missed, no edit unnoticed."""

from __future__ import annotations

import json
import os
import random
import signal
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.crawls import ROOT, crawl, items, run, run_apart
from tests.support.fork_server import start
from tests.support.publisher import START, Publisher, Served

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

A_DAY = int(os.environ.get("BANLUU_MONTH_ARTICLES", "4"))
EVERY = timedelta(hours=float(os.environ.get("BANLUU_MONTH_HOURS", "8")))
KILLS = 6


class Month:
    """The publisher, and the crawls of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.publisher = Publisher(folder, a_day=A_DAY)
        begin = START + timedelta(minutes=7) - datetime.now(UTC)
        count = timedelta(days=self.publisher.days + 2) // EVERY
        self.moments = [(begin + EVERY * n).total_seconds() for n in range(count)]
        self.killed: set[int] = set()

    def crawl(self) -> None:
        chance = random.Random(9)
        deadly = sorted(chance.sample(range(3, len(self.moments) - 8), KILLS))
        run = 0
        with self.publisher.server as server:
            proxy = f"http://127.0.0.1:{server.port}"
            environment = {**os.environ, "http_proxy": proxy, "https_proxy": proxy, "PYTHONPATH": str(ROOT)}
            while run < len(self.moments):
                victim = next((n for n in deadly if n >= run), None)
                last = victim if victim is not None else len(self.moments) - 1
                run = self._drive(environment, run, last, kill=victim, after=chance.randint(2, 8))
                deadly = [n for n in deadly if n >= run]

    def _drive(
        self, environment: dict[str, str], first: int, last: int, *, kill: int | None, after: int
    ) -> int:
        """Crawl from run *first* to *last*; the process dies in run *kill*. Return the next run."""
        moments = [str(m) for m in self.moments[first : last + 1]]
        arguments = ("vna", "zh,en", self.folder / "c", self.publisher.offset, *moments)
        process = start("tests.support.timed_crawls", *arguments, environment=environment)
        seen = 0

        def watch(_host: str, _path: str) -> None:
            nonlocal seen
            if self.publisher.run == kill:
                seen += 1
                if seen == after:
                    self.killed.add(kill)
                    os.kill(process.pid, signal.SIGKILL)

        self.publisher.watcher = watch
        self.publisher.run = first
        with process:
            for line in process.stdout:
                assert line.endswith(" finished\n"), line
                self.publisher.run += 1
            errors = process.stderr.read()
            process.wait()
        assert process.returncode in ({0, -signal.SIGKILL} if kill is not None else {0}), errors
        return last + 1


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    month = Month(tmp_path_factory.mktemp("month"))
    month.crawl()
    return month


def _by_story(served: list[Served]) -> dict[str, list[Served]]:
    stories: dict[str, list[Served]] = defaultdict(list)
    for each in served:
        stories[each.story.id].append(each)
    return stories


def test_nothing_is_missed(month: Month) -> None:
    captured = {item["id"] for item in items(month.folder / "c" / "vna")}
    announced = {story.id: story for story in month.publisher.stories.values()}
    missed = announced.keys() - captured
    reachable = [
        story_id
        for story_id in missed
        if any(each.version is not None for each in _by_story(month.publisher.asked).get(story_id, []))
        or not announced[story_id].removed
    ]
    print(
        f"{len(month.moments)} crawls, {len(month.killed)} killed; {len(announced)} announced, {len(captured)} captured,"
        f" {len(missed)} gone before they were asked for; {len(month.publisher.requests)} requests"
    )
    assert reachable == []


def test_every_edit_is_a_revision_and_nothing_else_is(month: Month) -> None:
    stored: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in sorted(items(month.folder / "c" / "vna"), key=lambda item: item["revision"]["number"]):
        stored[item["id"]].append(item)
    faults = []
    for story_id, served in _by_story(month.publisher.asked).items():
        captured = {item["capture"]["date"][:16] for item in stored[story_id]}
        # What a killed crawl was served it may never have got.
        had = [
            each.version
            for each in served
            if each.version is not None
            and (each.run not in month.killed or f"{each.moment:%Y-%m-%dT%H:%M}" in captured)
        ]
        texts = ["\n\n".join(served[0].story.text(version)) for version, _ in groupby(had)]
        if [item["text"] for item in stored[story_id]] != texts:
            faults.append((story_id, [(each.run, each.status, each.version) for each in served]))
    print(f"{sum(map(len, stored.values()))} revisions of {len(stored)} articles")
    assert faults == []


def test_an_announced_edit_is_fetched_at_once(month: Month) -> None:
    """By the next crawl that could: each edit that stood until then was served."""
    late = []
    for story_id, served in _by_story(month.publisher.asked).items():
        had = [each for each in served if each.version is not None]
        for moment, version in served[0].story.versions:
            following = [each for each in had if each.moment >= moment]
            is_next = following and following[0].version == version and not served[0].story.removed
            if is_next and following[0].moment - moment > 3 * EVERY + timedelta(days=1):
                late.append((story_id, version))
    assert late == []


def test_nothing_is_fetched_twice_for_nothing(month: Month) -> None:
    ages = [timedelta(seconds=age) for age in (3_600, 21_600, 86_400, 604_800, 2_592_000)]
    unexplained = []
    for story_id, served in _by_story(month.publisher.asked).items():
        had = [number for number, each in enumerate(served) if each.version is not None]
        # What was gone before it was ever had is tried again as what failed is.
        whole = [each for each in served[had[0] :] if each.status in {200, 304, 410}] if had else []
        first = next(iter(whole), None)
        for one, other in pairwise(whole):
            slack = timedelta(minutes=2)
            was_due = any(one.moment - slack < first.moment + age <= other.moment + slack for age in ages)
            changed = any(
                one.moment - timedelta(hours=2) < moment <= other.moment for moment, _ in one.story.versions
            )
            not_noted = one.run in month.killed
            looked_again = one.status == 410
            if not (was_due or changed or not_noted or looked_again):
                unexplained.append(
                    (story_id, one.moment.isoformat(), other.moment.isoformat(), one.status, other.status)
                )
    print(f"{len(unexplained)} fetches without a reason")
    assert unexplained == []


def test_the_month_replayed_gives_the_same_articles(month: Month, tmp_path: Path) -> None:
    live = items(month.folder / "c" / "vna")
    settings = {"REPLAY": month.folder / "c" / "vna", "ARCHIVE_ENABLED": False, "EXTRACTION_WITNESS": False}
    replays = [
        crawl("vna", tmp_path / name, settings, by=partial(by, timeout=3600), edition="zh,en")
        for name, by in (("one", run), ("two", run_apart))
    ]
    assert [replay.status for replay in replays] == [0, 0], replays[0].err
    assert replays[0].files() == replays[1].files()
    lines = [sorted(json.dumps(item) for item in found) for found in (live, replays[0].items)]
    assert len(lines[0]) > 100
    assert lines[0] == lines[1]
