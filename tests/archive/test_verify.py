"""The files in tests/warcs, each named after what is wrong with it: what is read of them, and what is reported."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from archive import DamagedRecordError, Verifier, find_sources, salvage
from tests.support.crawls import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = ROOT / "tests" / "warcs"
#: How many records are read, the words of each damage, and the words of each fault that `verify` adds.
EXPECTED: dict[str, tuple[int, list[str], list[str]]] = {
    "good.warc.gz": (3, [], []),
    "good.warc": (3, [], []),
    "torn-tail.warc.gz": (2, ["the file ends inside it"], []),
    "damaged-in-the-middle.warc.gz": (2, ["broken compressed data"], []),
    "several-records-in-one-member.warc.gz": (3, [], []),
    "bare-line-feeds.warc": (3, [], []),
    "no-content-length.warc": (2, ["Content-Length is ''"], []),
    "length-too-long.warc": (2, ["the file ends inside it"], []),
    "wrong-digest.warc": (1, [], ["WARC-Block-Digest is sha1:AAAA"]),
    "same-id-twice.warc": (2, [], ["occurs twice"]),
    "nothing-but-zeros.warc.gz": (0, ["no WARC record begins with"], []),
    "text-after-the-last-record.warc.gz": (3, ["broken compressed data"], []),
    "angle-brackets-of-warc-1.0.warc": (3, [], []),
}


def test_there_is_a_file_for_each_and_each_is_named_here() -> None:
    assert {path.name for path in FILES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_can_be_read_is_and_the_rest_reported(name: str) -> None:
    count, damages, faults = EXPECTED[name]
    found: list[DamagedRecordError] = []
    with (FILES / name).open("rb") as stream:
        records = list(salvage(stream, name, found.append))
    assert len(records) == count
    assert len(found) == len(damages)
    assert all(words in str(damage) for words, damage in zip(damages, found, strict=True)), found
    assert all(record.target_uri.startswith("http://a.vn/") for record in records)
    said: list[str] = []
    list(Verifier(said.append).warc(find_sources([FILES / name])[0]))
    assert len(said) == len(damages) + len(faults)
    assert all(any(words in line for line in said) for words in damages + faults), said


@pytest.mark.parametrize(
    "spelling",
    [
        lambda name, digest: f"{name}:{digest.hex()}",
        lambda name, digest: f"{name.upper()}:{digest.hex().upper()}",
        lambda name, digest: f"{name}:{base64.b32encode(digest).decode()}",
        lambda name, digest: f"{name}:{base64.b32encode(digest).decode().rstrip('=').lower()}",
        lambda name, digest: f"{name}:{base64.b64encode(digest).decode()}",
    ],
    ids=["hex", "upper-case hex", "base32", "unpadded base32", "base64"],
)
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_digests_in_every_spelling(
    tmp_path: Path, algorithm: str, spelling: Callable[[str, bytes], str]
) -> None:
    good = (FILES / "wrong-digest.warc").read_bytes()
    block = good.partition(b"\r\n\r\n")[2][:-4]
    wrong = b"sha1:" + b"A" * 32
    own = spelling(algorithm, hashlib.new(algorithm, block).digest()).encode()
    other = spelling(algorithm, hashlib.new(algorithm, block + b"x").digest()).encode()
    for digest, faults in ((own, 0), (other, 1), (b"sha3-512:abc", 0)):
        path = tmp_path / "a.warc"
        path.write_bytes(good.replace(wrong, digest))
        said: list[str] = []
        list(Verifier(said.append).warc(find_sources([path])[0]))
        assert len(said) == faults, said
