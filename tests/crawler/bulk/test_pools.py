"""The same bytes whoever does the work, in the order of the input, though a process is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from crawler.bulk import InProcess, Plan, Processes, extracted
from tests.support.warcs import ids_of, lines_of, shards_of


def test_processes_give_what_one_gives_in_the_order_of_the_input(folder: Path) -> None:
    shards = shards_of(folder)
    one = lines_of(extracted(InProcess(), Plan(), shards))
    assert ids_of(one) == list(range(120))
    assert lines_of(extracted(Processes(3), Plan(), shards)) == one


def test_a_killed_process_loses_and_doubles_nothing(folder: Path) -> None:
    shards = shards_of(folder)
    expected = lines_of(extracted(InProcess(), Plan(), shards))
    results = extracted(Processes(2), Plan(), shards)
    lines = next(results)[1].lines
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    for child in children:
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)
            break
    else:
        pytest.fail("no process to kill")
    assert lines + lines_of(results) == expected


class Dying:
    """A source whose reader dies."""

    name = "dying.warc.gz"

    def open(self) -> Any:
        os._exit(9)


def test_a_file_that_kills_its_process_is_told_and_the_others_are_read(folder: Path) -> None:
    from crawler.bulk import Shard  # noqa: PLC0415

    shards = shards_of(folder)
    bad = Shard(given="x", source=Dying())
    results = list(extracted(Processes(2), Plan(), [*shards[:2], bad, *shards[2:]]))
    assert ids_of(b"".join(result.lines for _, result in results)) == list(range(120))
    assert [result.complaints != () for _, result in results] == [False, False, True, False, False]
