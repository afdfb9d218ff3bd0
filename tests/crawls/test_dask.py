"""Bulk extraction on a Dask cluster: the same bytes as from one process, though a worker is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.crawls import ROOT, run
from tests.support.fork_server import start
from tests.support.warcs import warc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("dask")]

pytest.importorskip("distributed")
SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dask") / "in"
    for number in range(12):
        warc(folder / f"{number:02}.warc.gz", range(200 * number, 200 * number + 200))
    return folder


def _started(stack: ExitStack, folder: Path, program: str, *arguments: str) -> subprocess.Popen[str]:
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-c", program, *arguments, "--local-directory", str(folder)]
            if program == WORKER
            else [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
    )
    stack.callback(process.kill)
    return process


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stderr
    threading.Thread(target=process.stderr.read, daemon=True).start()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    with ExitStack() as stack:
        scheduler = _started(
            stack,
            tmp_path,
            SCHEDULER,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--dashboard-address",
            "127.0.0.1:0",
        )
        assert scheduler.stderr
        address = next(
            match[0] for line in scheduler.stderr if (match := re.search(r"tcp://127\.0\.0\.1:\d+", line))
        )
        _drain(scheduler)
        workers = []
        for _ in range(3):
            # Without a nanny: nobody starts it again.
            worker = _started(
                stack,
                tmp_path,
                WORKER,
                address,
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--host",
                "127.0.0.1",
            )
            assert worker.stderr
            next(line for line in worker.stderr if "Registered to" in line)
            _drain(worker)
            workers.append(worker)
        yield address, workers


def test_a_cluster_with_a_killed_worker_gives_what_one_process_gives(
    folder: Path, cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path
) -> None:
    address, workers = cluster
    one, many = tmp_path / "one.jsonl", tmp_path / "many.jsonl"
    assert run("extract", folder, "-o", one, "--processes", 1).returncode == 0
    with start("crawler", "extract", folder, "-o", many, "--dask", address) as process:
        parts, deadline = tmp_path / "many.jsonl.parts", time.monotonic() + 60
        while not (parts.is_dir() and any(path.name.isdecimal() for path in parts.iterdir())):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            threading.Event().wait(0.005)
        workers[0].send_signal(signal.SIGKILL)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert many.read_bytes() == one.read_bytes()
    assert len(one.read_bytes().splitlines()) == 2400


def test_a_local_cluster(folder: Path) -> None:
    few = [folder / "00.warc.gz", folder / "01.warc.gz"]
    ended = run("extract", *few, "--dask", "local", "--processes", 2)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == run("extract", *few).stdout
