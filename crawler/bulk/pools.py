"""Pools extract shards: in this process, in several, or on a Dask cluster. All give the same results."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from crawler.bulk.tasks import Extracted, extract_shard
from crawler.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection

    from crawler.bulk.shards import Shard
    from crawler.bulk.tasks import Plan

_AHEAD = 2  # shards waiting for each worker

Numbered = tuple[int, "Shard"]


class Pool(Protocol):
    """Extracts shards."""

    def results(self, plan: Plan, shards: Iterable[Numbered]) -> Iterator[tuple[int, Extracted]]:
        """Yield the number and the result of each of *shards*, in the order in which they finish."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def died(shard: Shard) -> Extracted:
    """Return the result of a *shard* whose process died on every attempt: no article, one complaint."""
    complaint = f"{shard}: the process that read it was killed, or ran out of memory"
    return Extracted(complaints=(complaint,))


class InProcess:
    """Extracts one shard after the other, in this process."""

    def results(self, plan: Plan, shards: Iterable[Numbered]) -> Iterator[tuple[int, Extracted]]:
        for number, shard in shards:
            yield number, extract_shard(plan, shard)


_plan: Plan | None = None


def _begin(plan: Plan, lifeline: Connection) -> None:
    global _plan  # noqa: PLW0603  sent to each process once, not with each shard
    _plan = plan
    # On Ctrl-C the parent process stops the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    """Exit this process when its parent closes *lifeline* or is killed."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


def _work(shard: Shard) -> Extracted:
    assert _plan  # noqa: S101
    return extract_shard(_plan, shard)


class Processes:
    """Extracts in *count* processes of this machine.

    When one is killed, the unfinished shards are repeated, each in a process of its own. A shard that kills
    its process again is reported; the others continue.
    """

    def __init__(self, count: int) -> None:
        self._count = count

    def results(self, plan: Plan, shards: Iterable[Numbered]) -> Iterator[tuple[int, Extracted]]:
        waiting = iter(shards)
        running: dict[Future[Extracted], Numbered] = {}
        while True:
            with self._pool(plan, self._count) as pool:
                try:
                    yield from self._all(pool, waiting, running)
                except BrokenProcessPool:
                    pass
                else:
                    return
            suspects = sorted(running.values(), key=lambda each: each[0])
            running.clear()
            for number, shard in suspects:
                yield number, self._alone(plan, shard)

    @staticmethod
    @contextmanager
    def _pool(plan: Plan, count: int) -> Iterator[ProcessPoolExecutor]:
        context = multiprocessing.get_context("spawn")
        theirs, ours = context.Pipe(duplex=False)
        with theirs, ProcessPoolExecutor(count, context, _begin, (plan, theirs)) as pool, ours:
            # Closing our end of the pipe stops the workers.
            yield pool

    def _all(
        self,
        pool: ProcessPoolExecutor,
        waiting: Iterator[Numbered],
        running: dict[Future[Extracted], Numbered],
    ) -> Iterator[tuple[int, Extracted]]:
        """Yield results; after BrokenProcessPool, *running* holds the unfinished shards."""
        while True:
            while len(running) < _AHEAD * self._count and (each := next(waiting, None)):
                try:
                    running[pool.submit(_work, each[1])] = each
                except BrokenProcessPool:
                    # Repeat this shard with the others.
                    running[_failed()] = each
                    raise
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                result = future.result()
                yield running.pop(future)[0], result

    def _alone(self, plan: Plan, shard: Shard) -> Extracted:
        with self._pool(plan, 1) as pool:
            try:
                return pool.submit(_work, shard).result()
            except BrokenProcessPool:
                return died(shard)


def _failed() -> Future[Extracted]:
    from concurrent.futures import Future  # noqa: PLC0415

    return Future()


class Dask:
    """Extracts on the Dask cluster whose scheduler is at *address*, or on *count* local workers ("local").

    The shards of a killed worker go to others; a shard that kills three workers is reported. Raises
    ArgumentError when `distributed` is not installed or the scheduler cannot be reached.
    """

    def __init__(self, address: str, count: int) -> None:
        self._address = address
        self._count = count

    def results(self, plan: Plan, shards: Iterable[Numbered]) -> Iterator[tuple[int, Extracted]]:
        try:
            import distributed  # noqa: PLC0415  an extra
        except ImportError as error:
            raise ArgumentError(
                f"--dask {self._address}: needs Dask's distributed: pip install 'banluu[dask]'"
            ) from error
        try:
            client = self._client(distributed)
        except (OSError, ValueError) as error:
            raise ArgumentError(f"--dask {self._address}: {error}") from error
        with client:
            yield from self._all(client, distributed, plan, iter(shards))

    def _client(self, distributed: Any) -> Any:
        if self._address != "local":
            return distributed.Client(self._address, timeout=10)
        return distributed.Client(
            n_workers=self._count, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        )

    def _all(
        self, client: Any, distributed: Any, plan: Plan, waiting: Iterator[Numbered]
    ) -> Iterator[tuple[int, Extracted]]:
        # Dask computes a task again when the worker that holds its result dies; scattered data would be lost.
        shared = client.submit(_same, plan, pure=False)
        running: dict[Any, Numbered] = {}
        found = distributed.as_completed()
        while True:
            limit = _AHEAD * max(1, len(client.scheduler_info()["workers"]))
            while len(running) < limit and (each := next(waiting, None)):
                future = client.submit(extract_shard, shared, each[1], pure=False)
                running[future] = each
                found.add(future)
            if not running:
                return
            future = next(found)
            number, shard = running.pop(future)
            try:
                yield number, future.result()
            except distributed.KilledWorker:
                yield number, died(shard)


def _same(plan: Plan) -> Plan:
    return plan
