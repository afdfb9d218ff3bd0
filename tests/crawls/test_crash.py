"""A real crawl is killed at many instants; what it was told to be stored is there, once, and all agrees again."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from archive import ArchiveIndex, Capture, Collection, Verifier, find_sources
from crawler.recording.recovery import recover_items
from crawler.state import State
from tests.support.crawls import FAST, SEEDS, items, options, run
from tests.support.wire_server import Answer, WireServer, tls_context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATLEAST = 50
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
FULL = ("File too large", "No space left on device", "disk I/O error", "disk is full")
HOWS = ("before", "half", "after")


def _crawl(
    folder: Path, proxy: str, *driver: object, largest_file: int | None = None
) -> subprocess.CompletedProcess[str]:
    return run(
        *driver,
        *options("vna", folder, FAST, edition="zh", since="2020-01-01"),
        module="tests.support.crash_driver" if driver else "crawler",
        environment={"http_proxy": proxy, "https_proxy": proxy, "PYTHONDONTWRITEBYTECODE": "1"},
        largest_file=largest_file,
        strict=not driver,
    )


def _mend(root: Path) -> list[str]:
    """Mend as the next start does; return the faults that are left."""
    collection = Collection(root)
    collection.acquire("a test")
    collection.mend(lambda _message: None)
    with closing(State(root / "state.sqlite")) as state:
        recover_items(collection, state, lambda _message: None)
    collection.release()
    faults = [f"left open: {path.name}" for path in root.rglob("*.open")]
    verifier = Verifier(faults.append)
    names = set()
    for source in find_sources([collection.archive]) if any(collection.archive.iterdir()) else []:
        names.add(source.name)
        list(verifier.warc(source))
    verifier.references()
    verifier.index(collection.index, names, collection.index_files())
    for path in sorted((root / "items").glob("*.jsonl")):
        verifier.pointers(path)
    return faults


def _lost(root: Path, acknowledged: Path) -> list[Any]:
    """Return what the crawl was told to be stored, and is not there; or is there more than once."""
    lines = acknowledged.read_text().splitlines() if acknowledged.exists() else []
    told = [json.loads(line) for line in lines]
    archived = ArchiveIndex(find_sources([root / "archive"])) if told else []
    captures = {exchange.capture for exchange in archived}
    stored = [(item["id"], item["revision"]["number"]) for item in items(root)]
    lost: list[Any] = [
        entry for entry in told if "record" in entry and Capture(**entry["record"]) not in captures
    ]
    articles = [tuple(entry["store"]) for entry in told if "store" in entry]
    return lost + [each for each in articles if stored.count(each) != 1]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A proxy that plays every host of the seeds."""
    answers = {}
    for exchange in ArchiveIndex(find_sources([SEEDS / "seeds.warc.gz"])):
        answers[exchange.url.partition("//")[2]] = exchange.read().received
    tls = tls_context(tmp_path_factory.mktemp("tls"))
    with WireServer(
        lambda host, path, _nth: Answer(answers.get(f"{host}{path}", NOT_FOUND)), tls=tls
    ) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.mark.long
def test_a_crawl_killed_at_any_instant_loses_and_doubles_nothing(proxy: str, tmp_path: Path) -> None:
    whole = _crawl(tmp_path / "whole", proxy, 0, "-", tmp_path / "count")
    assert whole.returncode == 0, whole.stderr
    wanted = sorted(item["id"] for item in items(tmp_path / "whole" / "vna"))
    assert len(wanted) == 4
    instants = int((tmp_path / "count").read_text())

    def kill(number: int) -> list[str]:
        how = HOWS[number % 3]
        folder, acknowledged = tmp_path / f"{number}", tmp_path / f"{number}.acknowledged"
        ended = _crawl(folder, proxy, number, how, acknowledged)
        place = f"{how} instant {number}"
        if ended.returncode != -signal.SIGKILL:
            return [f"{place}: not killed: {ended.stderr[-300:]}"]
        found = [f"{place}: {fault}" for fault in _mend(folder / "vna")]
        found += [f"{place}: lost or doubled: {lost}" for lost in _lost(folder / "vna", acknowledged)]
        if number % 4 == 0:
            # And the next crawl brings what is still missing, once.
            following = _crawl(folder, proxy)
            got = sorted(item["id"] for item in items(folder / "vna"))
            if following.returncode or got != wanted:
                found.append(f"{place}: then {got} {following.stderr[-300:]}")
        return found

    assert instants >= ATLEAST
    with ThreadPoolExecutor(2) as pool:
        faults = [fault for found in pool.map(kill, range(1, instants + 1)) for fault in found]
    print(f"killed at {instants} instants, {(instants + 3) // 4} of them crawled on")
    assert faults == []


@pytest.mark.parametrize("room", [600, 3_000, 9_000, 20_000, 33_000, 45_000])
def test_a_disk_that_is_full_at_any_size_of_file_loses_and_doubles_nothing(
    proxy: str, tmp_path: Path, room: int
) -> None:
    acknowledged = tmp_path / "acknowledged"
    ended = _crawl(tmp_path, proxy, -1, "-", acknowledged, largest_file=room)
    assert ended.returncode == 1
    assert any(words in ended.stderr for words in FULL)
    assert _mend(tmp_path / "vna") == []
    assert _lost(tmp_path / "vna", acknowledged) == []
    following = _crawl(tmp_path, proxy)
    assert following.returncode == 0, following.stderr
    got = [item["id"] for item in items(tmp_path / "vna")]
    assert len(got) == len(set(got)) == 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for half of what the crawl writes."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(mounted)]
    if (
        mount is None
        or unmount is None
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        pytest.skip("no file system can be mounted here: that takes the rights of root")
    yield mounted
    subprocess.run([unmount, str(mounted)], check=True)


@pytest.mark.parametrize("room", [0, 60_000, 110_000, 150_000, 190_000])
def test_a_file_system_that_is_full_loses_and_doubles_nothing(
    proxy: str, tmp_path: Path, small_disk: Path, room: int
) -> None:
    filler, acknowledged = small_disk / "filler", tmp_path / "acknowledged"
    with filler.open("wb") as out, contextlib.suppress(OSError):
        out.write(bytes(2 << 20))
        out.flush()
    os.truncate(filler, max(0, filler.stat().st_size - room))
    ended = _crawl(small_disk / "c", proxy, -1, "-", acknowledged)
    assert ended.returncode == 1
    assert any(words in ended.stderr for words in FULL)
    filler.unlink()
    if (small_disk / "c" / "vna").exists():
        assert _mend(small_disk / "c" / "vna") == []
        assert _lost(small_disk / "c" / "vna", acknowledged) == []
    following = _crawl(small_disk / "c", proxy)
    assert following.returncode == 0, following.stderr
    got = [item["id"] for item in items(small_disk / "c" / "vna")]
    assert len(got) == len(set(got)) == 4
