"""WACZ: pack a collection into one ZIP that ReplayWeb.page can open, with digests and a signature.

Web Archive Collection Zipped 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/). The signature follows WACZ
Signing and Verification 0.1.0 for self-generated keys, with Ed25519 in place of ECDSA.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zipfile
import zlib
from binascii import Error as Base64Error
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from archive import cdxj
from archive.errors import ArchiveWriteError, NotAnArchiveError
from archive.index import parse_warc_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from archive.collection import Collection

WACZ_VERSION = "1.1.1"
_LINES_A_BLOCK = 1024
_PIECE = 1 << 20
_DATAPACKAGE = "datapackage.json"
_DIGEST = "datapackage-digest.json"
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedPage:
    """A page that viewers list when they open the package."""

    url: str
    #: ISO 8601, with offset.
    date: str
    title: str


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """Read an unencrypted Ed25519 key in PEM, as `openssl genpkey -algorithm ed25519` writes it.

    Raises NotAnArchiveError when *path* is not such a key.
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise NotAnArchiveError(f"{path}: {error.strerror}") from error
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise NotAnArchiveError(f"{path}: not a PEM private key without a passphrase") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NotAnArchiveError(f"{path}: not an Ed25519 key")
    return key


def public_key_text(key: Ed25519PublicKey) -> str:
    """Return *key* as written in signatures: base64 of its DER form."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


class _Package:
    """The ZIP being written: members in order, each with its digest."""

    def __init__(self, out: zipfile.ZipFile, moment: datetime) -> None:
        self._out = out
        self._date = max(_NO_DATE, moment.timetuple()[:6])
        self.resources: list[dict[str, Any]] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        sha256, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, self._date)
        info.external_attr = 0o644 << 16
        with self._out.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                sha256.update(piece)
                size += len(piece)
                member.write(piece)
        self.resources.append(
            {
                "name": name.rpartition("/")[2],
                "path": name,
                "hash": f"sha256:{sha256.hexdigest()}",
                "bytes": size,
            }
        )


def pack(
    collection: Collection,
    output: Path,
    *,
    pages: Iterable[PackedPage],
    software: str,
    key: Ed25519PrivateKey | None = None,
    progress: Callable[[str, int], None] = lambda _name, _size: None,
) -> None:
    """Write the closed WARC files of *collection*, whose lock must be held, its index and *pages* as a WACZ.

    The same collection gives the same bytes. *key* signs the package's digest. *progress* is called with the
    name and size of each file. Raises ArchiveWriteError, or NotAnArchiveError if the collection cannot be
    packed.
    """
    files = collection.warc_files()
    lines = [line for line in collection.index_lines() if cdxj.fields_of(line) is not None]
    if not files:
        raise NotAnArchiveError(
            f"{collection.root}: holds no closed WARC file; those removed after their upload are not packed"
        )
    if foreign := next((file for file in files if not file.name.endswith((".warc", ".warc.gz"))), None):
        raise NotAnArchiveError(f"{foreign}: a WACZ can hold only .warc and .warc.gz files")
    moment = _latest(lines)
    growing = output.with_name(f"{output.name}.open")
    try:
        with zipfile.ZipFile(growing, "w", zipfile.ZIP_STORED) as out:
            package = _Package(out, moment)
            for file in files:
                progress(file.name, file.stat().st_size)
                with file.open("rb") as stream:
                    package.add(f"archive/{file.name}", iter(lambda: stream.read(_PIECE), b""))
            blocks = list(_blocks(lines))
            package.add("indexes/index.cdx.gz", (data for _, data in blocks))
            package.add("indexes/index.idx", _secondary(blocks))
            package.add("pages/pages.jsonl", _page_lines(pages))
            _describe(package, collection.name, software, moment, key)
        growing.replace(output)
    except OSError as error:
        raise ArchiveWriteError(f"{output}: {error.strerror}") from error
    finally:
        growing.unlink(missing_ok=True)


def _latest(lines: list[str]) -> datetime:
    """Return the time of the latest capture, which is used as the package's creation time."""
    stamps = (line.split(" ", 2)[1] for line in lines)
    try:
        return datetime.strptime(max(stamps), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime(*_NO_DATE, tzinfo=UTC)


def _blocks(lines: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the compressed blocks of the index, each after its first line."""
    remaining = iter(lines)
    while block := list(islice(remaining, _LINES_A_BLOCK)):
        data = "".join(f"{line}\n" for line in block).encode()
        yield block[0], gzip.compress(data, mtime=0)


def _secondary(blocks: list[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield the lines of the secondary index, which points to the blocks of the index."""
    yield b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
    offset = 0
    for first, data in blocks:
        key, timestamp, _ = first.split(" ", 2)
        fields = {
            "offset": offset,
            "length": len(data),
            "digest": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "filename": "index.cdx.gz",
        }
        yield f"{key} {timestamp} {json.dumps(fields)}\n".encode()
        offset += len(data)


def _page_lines(pages: Iterable[PackedPage]) -> Iterator[bytes]:
    head = {"format": "json-pages-1.0", "id": "pages", "title": "Articles"}
    yield json.dumps(head).encode() + b"\n"
    for page in pages:
        moment = parse_warc_date(page.date)
        fields = {
            "id": hashlib.sha256(f"{page.url} {page.date}".encode()).hexdigest()[:22],
            "url": page.url,
            "ts": moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else page.date,
            "title": page.title,
        }
        yield json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _describe(
    package: _Package,
    title: str,
    software: str,
    moment: datetime,
    key: Ed25519PrivateKey | None,
) -> None:
    """Add the package's description, its digest and, with *key*, a signature of the digest."""
    created = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    described = {
        "profile": "data-package",
        "title": title,
        "wacz_version": WACZ_VERSION,
        "software": software,
        "created": created,
        "resources": package.resources[:],
    }
    data = json.dumps(described, indent=2).encode()
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    proof: dict[str, Any] = {"path": _DATAPACKAGE, "hash": digest}
    if key:
        proof["signedData"] = {
            "hash": digest,
            "created": created,
            "software": software,
            "version": "0.1.0",
            "signature": base64.b64encode(key.sign(digest.encode())).decode(),
            "publicKey": public_key_text(key.public_key()),
        }
    package.add(_DATAPACKAGE, [data])
    package.add(_DIGEST, [json.dumps(proof, indent=2).encode()])


class PackageCheck:
    """Checks the WACZ at *path* against its own digests; passes a message for each fault to *fault*."""

    def __init__(self, path: Path, fault: Callable[[str], None]) -> None:
        self._path = path
        self._fault = fault
        #: Public key of the valid signature (base64 of its DER form); empty if there is none.
        self.signed_by = ""

    def check(self) -> None:
        """Check every digest in the package, and its signature."""
        try:
            with zipfile.ZipFile(self._path) as package:
                self._check(package)
        except (OSError, RuntimeError, zipfile.BadZipFile, EOFError, zlib.error) as error:
            self._fault(f"{self._path}: not a readable WACZ: {error}")

    def _check(self, package: zipfile.ZipFile) -> None:
        described = self._json(package, _DATAPACKAGE)
        entries = [info for info in package.infolist() if not info.is_dir()]
        times = Counter(info.filename for info in entries)
        for name in sorted(name for name, count in times.items() if count > 1):
            self._fault(f"{self._path}: {name}: occurs {times[name]} times")
        if min((info.header_offset for info in package.infolist()), default=0):
            self._fault(f"{self._path}: the ZIP does not begin at the start of the file")
        names = set(times)
        listed = set()
        resources = described.get("resources")
        for resource in resources if isinstance(resources, list) else []:
            path = str(resource.get("path")) if isinstance(resource, dict) else ""
            listed.add(path)
            if path not in names:
                self._fault(f"{self._path}: {path}: listed in {_DATAPACKAGE}, but missing")
                continue
            digest, size = _digest_of(package, path, str(resource.get("hash")))
            if (digest, size) != (resource.get("hash"), resource.get("bytes")):
                self._fault(
                    f"{self._path}: {path}: expected {resource.get('hash')} of {resource.get('bytes')} bytes,"
                    f" found {digest} of {size}"
                )
        for name in sorted(names - listed - {_DATAPACKAGE, _DIGEST}):
            self._fault(f"{self._path}: {name}: not listed in {_DATAPACKAGE}")
        if _DIGEST in names:
            self._check_proof(package, self._json(package, _DIGEST))

    def _check_proof(self, package: zipfile.ZipFile, proof: dict[str, Any]) -> None:
        digest, _ = _digest_of(package, _DATAPACKAGE, str(proof.get("hash")))
        if digest != proof.get("hash"):
            self._fault(f"{self._path}: {_DATAPACKAGE}: expected {proof.get('hash')}, found {digest}")
        signed = proof.get("signedData")
        if not isinstance(signed, dict):
            return
        try:
            key = serialization.load_der_public_key(base64.b64decode(str(signed.get("publicKey"))))
            signature = base64.b64decode(str(signed.get("signature")))
        except (Base64Error, ValueError, UnsupportedAlgorithm):
            self._fault(f"{self._path}: {_DIGEST}: the signature or its key cannot be read")
            return
        if not isinstance(key, Ed25519PublicKey):
            self._fault(f"{self._path}: {_DIGEST}: not signed with an Ed25519 key")
            return
        try:
            key.verify(signature, str(signed.get("hash")).encode())
        except InvalidSignature:
            self._fault(f"{self._path}: {_DIGEST}: the signature is not that of {signed.get('publicKey')}")
            return
        if signed.get("hash") != digest:
            self._fault(f"{self._path}: {_DIGEST}: the signature is for another package")
            return
        self.signed_by = public_key_text(key)

    def _json(self, package: zipfile.ZipFile, name: str) -> dict[str, Any]:
        try:
            value = json.loads(package.read(name))
        except KeyError:
            self._fault(f"{self._path}: has no {name}")
            return {}
        except ValueError as error:
            self._fault(f"{self._path}: {name}: not JSON ({error})")
            return {}
        return value if isinstance(value, dict) else {}


def _digest_of(package: zipfile.ZipFile, name: str, like: str) -> tuple[str, int]:
    """Return the digest of the member *name*, in the algorithm of the digest *like*, and its size."""
    algorithm = like.partition(":")[0]
    known = algorithm if algorithm in {"sha256", "md5", "sha1", "sha512"} else "sha256"
    digest, size = hashlib.new(known, usedforsecurity=False), 0
    with package.open(name) as member:
        while piece := member.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return f"{known}:{digest.hexdigest()}", size


def index_lines_of(path: Path) -> Iterator[str]:
    """Yield the index lines of the WACZ at *path*; stop silently where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as package:
            for name in sorted(package.namelist()):
                if name.startswith("indexes/") and name.endswith((".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")):
                    yield from _lines(package.open(name), compressed=name.endswith(".gz"))
    except (OSError, zipfile.BadZipFile, EOFError):
        return


def _lines(stream: IO[bytes], *, compressed: bool) -> Iterator[str]:
    with stream:
        data = gzip.GzipFile(fileobj=stream) if compressed else stream
        for line in data:
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if cdxj.fields_of(text) is not None and not text.startswith("!"):
                yield text
