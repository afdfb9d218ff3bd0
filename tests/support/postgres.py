"""A PostgreSQL server on loopback, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and (initdb := shutil.which("initdb")):
        found = [Path(initdb)]
    if not found:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    return found[-1].parent


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server; yield the URL of an empty database."""
    binaries = _binaries()
    # It refuses to run as root.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    # Not in a folder of pytest's: where several sessions run, each closes these to other users.
    folder = Path(tempfile.mkdtemp(prefix="banluu-postgres-"))
    data = folder / "data"
    if user:
        shutil.chown(folder, "postgres", "postgres")

    def run(*command: str) -> None:
        ended = subprocess.run(
            [str(binaries / command[0]), *command[1:]], check=False, cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, **user,  # type: ignore[call-overload]
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync")
    options = f"-h 127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)
