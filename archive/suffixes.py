"""Which file names count as an archive: WARC and WET files, and WACZ packages of them."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wet", ".wet.gz")
WACZ_SUFFIX = ".wacz"
#: The suffixes, as error messages list them.
EXPECTED = ".warc, .warc.gz, .warc.zst, .wet or .wacz"


def is_warc(name: str) -> bool:
    """Return whether *name* is that of a WARC or WET file."""
    return name.endswith(WARC_SUFFIXES)


def is_wacz(name: str) -> bool:
    """Return whether *name* is that of a WACZ package."""
    return name.endswith(WACZ_SUFFIX)


def is_archive(name: str) -> bool:
    """Return whether *name* is that of a WARC file, a WET file or a WACZ package."""
    return is_warc(name) or is_wacz(name)


def warc_members(wacz: Path | IO[bytes]) -> list[str]:
    """Return the names of the WARC files in the package *wacz*, sorted.

    Raises BadZipFile or OSError.
    """
    with zipfile.ZipFile(wacz) as package:
        names = package.namelist()
    return [name for name in sorted(names) if name.startswith("archive/") and is_warc(name)]
