"""Processes forked from one that has imported Scrapy and the crawler: what most of a small crawl's time is for.

    with start("crawler", "crawl", "vna", cwd=ROOT, environment={…}) as process:
        out, err = process.communicate(timeout=60)

`start` runs a module as `python -m` would, in a child of the fork server; the server is begun with the first one and
ends with this process. The child differs from a fresh process in two things: what it has imported, and that all of one
server's children hash strings alike. Where either matters, run a process of its own (see `tests.support.crawls`).

A request is a JSON object behind its length, with three descriptors: standard output, standard error, and a pipe on which
the server writes the child's process id and, at its end, its status. The pipe ends without one when the server dies.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import logging
import os
import pkgutil
import resource
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
_HEAD = 8  # bytes of a request's length

#: What a crawl or a command imports, the packages whole. Not `crawler.__main__`, nor a driver: these run as `__main__`.
PRELOADED = """
    archive crawler.addon crawler.bulk crawler.downloader.decoding crawler.downloader.politeness
    crawler.downloader.robots crawler.scheduling.scheduler crawler.settings crawler.spider crawler.testing
    scrapy.cmdline scrapy.core.downloader scrapy.core.engine scrapy.core.scraper scrapy.crawler scrapy.dupefilters
    scrapy.http.cookies scrapy.logformatter scrapy.pipelines scrapy.pqueues scrapy.robotstxt scrapy.squeues
    scrapy.statscollectors scrapy.utils.engine protego trafilatura
""".split()
PRELOADED_PACKAGES = """
    crawler.commands crawler.extensions scrapy.commands scrapy.downloadermiddlewares scrapy.extensions
    scrapy.spidermiddlewares spiders
""".split()


class ForkServerError(Exception):
    """The fork server ended, or could not begin; nothing is known of its children."""


@dataclass
class Process:
    """A child of the fork server; used like a `subprocess.Popen`."""

    pid: int
    args: list[str]
    stdout: IO[str]
    stderr: IO[str]
    returncode: int | None = None
    _report: IO[str] = field(kw_only=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.poll() is None:
            self.kill()
        self.wait()
        for stream in (self.stdout, self.stderr):
            stream.close()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """Return the status if the child has ended; minus the signal's number where one killed it."""
        if self.returncode is None and select.select([self._report], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the status; raises TimeoutExpired, and ForkServerError when the server died."""
        if self.returncode is None:
            if not select.select([self._report], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            line = self._report.readline()
            self._report.close()
            if not line:
                self.returncode = -signal.SIGKILL
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                raise ForkServerError(f"the fork server died while {self.args} ran")
            self.returncode = int(line)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return what the child writes until its end; raises as `wait` does."""
        deadline = None if timeout is None else time.monotonic() + timeout
        texts = ["", ""]

        def read(number: int, stream: IO[str]) -> None:
            with stream:
                texts[number] = stream.read()

        readers = [
            threading.Thread(target=read, args=(number, stream), daemon=True)
            for number, stream in enumerate((self.stdout, self.stderr))
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(None if deadline is None else max(0, deadline - time.monotonic()))
        if any(reader.is_alive() for reader in readers):
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(None if deadline is None else max(0, deadline - time.monotonic()))
        return texts[0], texts[1]


class _Server:
    """Our end of the fork server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            # A session of its own: an interrupt at the terminal is for us, and our end ends it.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.fork_server", str(theirs.fileno())],
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
            )
        if self._control.recv(1) != b"!":
            raise ForkServerError(f"the fork server did not begin: status {self._process.wait()}")

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def start(self, request: dict[str, Any]) -> Process:
        data = json.dumps(request).encode()
        pipes = [os.pipe() for _ in range(3)]
        ours, theirs = [pair[0] for pair in pipes], [pair[1] for pair in pipes]
        out, err, report = (os.fdopen(each, encoding="utf-8", errors="replace") for each in ours)
        try:
            with self._lock:
                socket.send_fds(self._control, [len(data).to_bytes(_HEAD)], theirs)
                self._control.sendall(data)
        except OSError as error:
            raise ForkServerError(f"the fork server is gone: status {self._process.poll()}") from error
        finally:
            for each in theirs:
                os.close(each)
        pid = report.readline()
        if not pid:
            raise ForkServerError("the fork server died before it began the child")
        return Process(int(pid), [request["module"], *request["arguments"]], out, err, _report=report)

    def stop(self) -> None:
        self._control.close()
        self._process.wait()


_server: _Server | None = None
_beginning = threading.Lock()


def start(
    module: str,
    *arguments: object,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    largest_file: int | None = None,
    strict: bool = False,
) -> Process:
    """Begin `python -m MODULE ARGUMENT…` in a child of the fork server.

    *environment* is the whole of it (default: ours). No file grows beyond *largest_file* bytes. With *strict*,
    ResourceWarnings are errors. Raises ForkServerError when there is no server to be had.
    """
    global _server  # noqa: PLW0603  one for each process that tests
    with _beginning:
        if _server is None or not _server.is_alive():
            _server = _Server()
            atexit.register(_server.stop)
        server = _server
    return server.start(
        {
            "module": module,
            "arguments": list(map(str, arguments)),
            "cwd": str(cwd),
            "environment": dict(os.environ if environment is None else environment),
            "largest_file": largest_file,
            "strict": strict,
        }
    )


def _preload() -> None:
    for name in PRELOADED:
        importlib.import_module(name)
    for name in PRELOADED_PACKAGES:
        for _, module, _ in pkgutil.iter_modules(importlib.import_module(name).__path__):
            importlib.import_module(f"{name}.{module}")
    # What a child would inherit, and a fresh process would not have.
    wrong = {
        "a reactor": "twisted.internet.reactor" in sys.modules,
        "threads": len(list(Path("/proc/self/task").iterdir())) > 1 if Path("/proc").is_dir() else False,
        "log handlers": bool(logging.getLogger().handlers),
    }
    if any(wrong.values()):
        raise ForkServerError(
            f"an import brought {', '.join(name for name, is_so in wrong.items() if is_so)}"
        )
    gc.collect()
    gc.freeze()


def _serve(control: socket.socket) -> dict[str, Any] | None:
    """Fork a child for each request; return the request in the child, None when there are no more."""
    reports: dict[int, int] = {}
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    control.sendall(b"!")
    while True:
        readable, _, _ = select.select([control, woken], [], [])
        if woken in readable:
            os.read(woken, 4096)
            _report_ended(reports)
        if control in readable:
            head, descriptors, _, _ = socket.recv_fds(control, _HEAD, 3)
            if not head:
                _kill(reports)
                return None
            request: dict[str, Any] = json.loads(_received(control, int.from_bytes(head)))
            out, err, report = descriptors
            child = os.fork()
            if not child:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os.dup2(out, 1)
                os.dup2(err, 2)
                control.close()
                for each in (*descriptors, *reports.values(), woken, waker):
                    os.close(each)
                return request
            os.close(out)
            os.close(err)
            reports[child] = report
            with contextlib.suppress(BrokenPipeError):
                os.write(report, b"%d\n" % child)


def _received(control: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length and (piece := control.recv(length - len(data))):
        data += piece
    return data


def _report_ended(reports: dict[int, int]) -> None:
    while reports:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        report = reports.pop(child)
        with contextlib.suppress(BrokenPipeError):
            os.write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
        os.close(report)


def _kill(children: Mapping[int, int]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _become(request: dict[str, Any], base: list[str]) -> None:
    """Make this process the fresh one that *request* asks for, and run its module."""
    os.setsid()
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[:] = [request["cwd"], *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)), *base]
    sys.argv[:] = [request["module"], *request["arguments"]]
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    importlib.invalidate_caches()
    if request["largest_file"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest_file"], request["largest_file"]))
    if request["strict"]:
        # As `-W error::ResourceWarning`, also for the processes that this one begins.
        sys.warnoptions.append("error::ResourceWarning")
        warnings.simplefilter("error", ResourceWarning)
    gc.enable()
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


def main() -> None:
    base = sys.path[1:]  # behind the folder that `-m` puts first
    gc.disable()
    _preload()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        request = _serve(control)
    if request is not None:
        _become(request, base)


if __name__ == "__main__":
    main()
