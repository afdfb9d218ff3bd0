"""`Lease`: the exclusive right of this crawl, among all machines, to send requests to its sites.

It is a row in the PostgreSQL that STATE_URL names, renewed while the crawl runs. The lease of a killed crawl
expires, and another crawl can take over.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from twisted.internet.task import LoopingCall

from crawler.errors import LeaseHeldError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_RENEWALS = 4  # in the time that a lease lasts
_SAFE = 0.8  # share of that time within which nobody else can have taken it


@runtime_checkable
class Leasing(Protocol):
    """A database that grants leases; see `crawler.state.postgresql`."""

    def take(self, sites: Sequence[str], seconds: float) -> str | None:
        """Lease all of *sites* and return None, or return who holds one of them."""

    def holder(self, site: str) -> str | None:
        """Return who holds *site*; None when nobody does."""

    def renew(self, seconds: float) -> int:
        """Extend all leases to *seconds* from now; return how many are still held."""

    def give_back(self) -> None:
        """End all leases."""


class Lease:
    """The lease of *sites* in *database*, renewed for *seconds* at a time.

    *lost* is called with the error when it cannot be renewed. Raises LeaseHeldError when another crawl holds
    it.
    """

    def __init__(
        self, database: Leasing, sites: Sequence[str], seconds: float, lost: Callable[[StateError], None]
    ) -> None:
        self._database = database
        self._count = len(sites)
        self._seconds = seconds
        self._lost = lost
        asked = time.monotonic()
        if holder := database.take(sites, seconds):
            raise LeaseHeldError(f"leased to {holder}")
        self._safe_until = asked + seconds * _SAFE
        self._renewing = LoopingCall(self._renew)
        self._renewing.start(seconds / _RENEWALS, now=False)

    @property
    def is_held(self) -> bool:
        """Whether it is certain that no other crawl holds it."""
        return time.monotonic() < self._safe_until

    def _renew(self) -> None:
        asked = time.monotonic()
        try:
            held = self._database.renew(self._seconds)
        except StateError as error:
            self._give_up(error)
            return
        if held < self._count:
            self._give_up(StateError("the lease expired: this process was held up longer than STATE_LEASE"))
            return
        self._safe_until = asked + self._seconds * _SAFE

    def _give_up(self, error: StateError) -> None:
        self._safe_until = 0.0
        self._renewing.stop()
        self._lost(error)

    def end(self) -> None:
        """Give it back. Never raises: a lease that cannot be given back expires."""
        if self._renewing.running:
            self._renewing.stop()
        try:
            self._database.give_back()
        except StateError:
            return
