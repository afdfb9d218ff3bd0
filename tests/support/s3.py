"""An S3 server on loopback: moto's."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import s3fs

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "bucket"
_KEY = "test"


@dataclass(frozen=True)
class S3:
    """The server at *root*, with one empty bucket."""

    root: str

    @property
    def environment(self) -> dict[str, str]:
        """What points a client at the server."""
        return {
            "AWS_ENDPOINT_URL": self.root,
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _KEY,
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    @property
    def _client(self) -> Any:
        return s3fs.S3FileSystem(
            endpoint_url=self.root, key=_KEY, secret=_KEY, skip_instance_cache=True, use_listings_cache=False
        )

    def put(self, key: str, data: bytes) -> None:
        self._client.pipe_file(f"{BUCKET}/{key}", data)

    def get(self, key: str) -> bytes:
        data: bytes = self._client.cat_file(f"{BUCKET}/{key}")
        return data

    def delete(self, key: str) -> None:
        self._client.rm_file(f"{BUCKET}/{key}")

    def listed(self) -> list[str]:
        return [path.removeprefix(f"{BUCKET}/") for path in self._client.find(BUCKET)]

    def create(self) -> None:
        """Make the bucket; raises ConnectionError while the server is not there yet."""
        with contextlib.closing(
            http.client.HTTPConnection(self.root.removeprefix("http://"), timeout=20)
        ) as connection:
            connection.request("PUT", f"/{BUCKET}")
            assert connection.getresponse().status == 200


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
                    server.create()
                except ConnectionError:
                    threading.Event().wait(0.1)
                else:
                    break
            yield server
        finally:
            process.kill()
