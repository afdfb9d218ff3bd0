"""What the commands that work on archives share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from archive import ArchiveError, Collection
from crawler.console.command import ArchiveCommand, one_line_errors, refuse
from crawler.errors import ArgumentError
from crawler.state import State

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


class Look(ArchiveCommand):
    """A command that looks."""

    reads = ("ARCHIVE_DIR", "STATE_URL")

    def short_desc(self) -> str:
        return "Look"

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        del opts
        if args:
            raise ArgumentError(args[0])


@pytest.mark.parametrize("error", [ArgumentError("x=3: not known"), ArchiveError("x=3: not known")])
def test_errors_are_one_line(error: Exception) -> None:
    with pytest.raises(UsageError, match="x=3: not known") as told, one_line_errors():
        raise error
    assert told.value.print_help is False
    with pytest.raises(UsageError, match="not that"):
        refuse("not that")


def test_a_command_has_the_defaults_of_what_it_reads_in_any_folder() -> None:
    command = Look()
    assert command.setting("ARCHIVE_DIR") == "collections"
    assert Look.default_settings["LOG_ENABLED"] is False
    command.settings = Settings({"ARCHIVE_DIR": "mine"})
    assert command.setting("ARCHIVE_DIR") == "mine"


def test_collections_without_a_state_are_passed_over(tmp_path: Path) -> None:
    for name in ("a", "b"):
        collection = Collection(tmp_path / name)
        collection.acquire("a test")
        collection.release()
    State(tmp_path / "b" / "state.sqlite").close()
    command = Look()
    command.settings = Settings({"ARCHIVE_DIR": str(tmp_path), "STATE_URL": ""})
    found = list(command.known_states())
    for _, state in found:
        state.close()
    assert [root.name for root, _ in found] == ["b"]
