"""An S3 server on loopback: moto's."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "bucket"


@dataclass(frozen=True)
class S3:
    """The server at *root*, with one empty bucket."""

    root: str

    @property
    def environment(self) -> dict[str, str]:
        """What points a client at the server."""
        return {
            "AWS_ENDPOINT_URL": self.root,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def put(self, key: str, data: bytes) -> None:
        self._ask("PUT", key, data)

    def get(self, key: str) -> bytes:
        return self._ask("GET", key)

    def keys(self) -> list[str]:
        return re.findall(r"<Key>(.*?)</Key>", self._ask("GET", "").decode())

    def _ask(self, method: str, key: str, data: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(self.root.removeprefix("http://"), timeout=20)
        with contextlib.closing(connection):
            # Of any other type, the server would read it as a form.
            connection.request(method, f"/{BUCKET}/{key}", data, {"Content-Type": "application/octet-stream"})
            answer = connection.getresponse()
            body = answer.read()
        assert answer.status == 200, body
        return body


@contextmanager
def s3_server() -> Iterator[S3]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from moto.server import main; main()",
        "-H",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    environment = {**os.environ, "MOTO_ALLOW_NONEXISTENT_REGION": "true"}
    server = S3(f"http://127.0.0.1:{port}")
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(300):
                assert process.poll() is None
                try:
                    server.put("", b"")
                except ConnectionError:
                    threading.Event().wait(0.1)
                else:
                    break
            yield server
        finally:
            process.kill()
