"""A lease is held while it is renewed, and nobody sends anything after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from twisted.internet.task import Clock

from crawler.errors import LeaseHeldError, StateError
from crawler.recording.lease import Lease

if TYPE_CHECKING:
    from collections.abc import Sequence

SITES = ("collection vna", "vietnamplus.vn")


@dataclass
class Memory:
    """Leases in memory; tests/crawler/state/test_postgresql.py has those of a real server."""

    holder_of: dict[str, str] = field(default_factory=dict)
    is_down: bool = False

    def take(self, sites: Sequence[str], seconds: float) -> str | None:  # noqa: ARG002
        if taken := next((self.holder_of[site] for site in sites if site in self.holder_of), None):
            return taken
        self.holder_of.update(dict.fromkeys(sites, "us"))
        return None

    def holder(self, site: str) -> str | None:
        return self.holder_of.get(site)

    def renew(self, seconds: float) -> int:  # noqa: ARG002
        if self.is_down:
            raise StateError("the server is gone")
        return list(self.holder_of.values()).count("us")

    def give_back(self) -> None:
        if self.is_down:
            raise StateError("the server is gone")
        self.holder_of = {site: who for site, who in self.holder_of.items() if who != "us"}


@pytest.fixture
def lost() -> list[StateError]:
    return []


def _lease(memory: Memory, lost: list[StateError]) -> tuple[Lease, Clock]:
    time = Clock()
    lease = Lease(memory, SITES, 60, lost.append)
    lease._renewing.stop()
    lease._renewing.clock = time
    lease._renewing.start(15, now=False)
    return lease, time


def test_what_another_has_is_not_taken(lost: list[StateError]) -> None:
    with pytest.raises(LeaseHeldError, match="leased to another machine"):
        Lease(Memory({"vietnamplus.vn": "another machine"}), SITES, 60, lost.append)


def test_it_is_renewed_and_given_back(lost: list[StateError]) -> None:
    memory = Memory()
    lease, time = _lease(memory, lost)
    for _ in range(20):
        time.advance(15)
        assert lease.is_held
    lease.end()
    assert (memory.holder_of, lost) == ({}, [])


@pytest.mark.parametrize("what", ["down", "taken"])
def test_one_that_cannot_be_renewed_is_lost_at_once_and_said_once(what: str, lost: list[StateError]) -> None:
    memory = Memory()
    lease, time = _lease(memory, lost)
    if what == "down":
        memory.is_down = True
    else:
        memory.holder_of["vietnamplus.vn"] = "another machine"
    for _ in range(3):
        time.advance(15)
    assert not lease.is_held
    assert [type(error) for error in lost] == [StateError]
    # A lease that cannot be given back runs out by itself.
    lease.end()
