"""Every setting of this project: name, default, allowed values, and one sentence.

The add-on takes defaults and checks from here, commands their defaults; a test compares docs/settings.md with
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive import is_remote
from archive.compression import COMPRESSIONS
from crawler.errors import ArgumentError
from crawler.state import RECRAWL_AGES, RECRAWL_TAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.settings import BaseSettings

_LARGEST = 10**13  # seconds that still fit into a `timedelta`
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token, RFC 9110 5.6.2
_SAME = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. *check* raises ArgumentError for a value in the settings that is not allowed."""

    name: str
    #: In this project, see crawler/settings.py.
    default: Any
    #: Allowed values, in words.
    allowed: str
    #: What it does, in one sentence.
    meaning: str
    check: Callable[[BaseSettings, str], None]
    #: Default that the add-on sets in other projects, if that is another one.
    elsewhere: Any = _SAME

    @property
    def addon_default(self) -> Any:
        """The default that the add-on sets."""
        return self.default if self.elsewhere is _SAME else self.elsewhere


def check_settings(settings: BaseSettings) -> None:
    """Raise ArgumentError for the first value that would fail, or do harm, in the middle of a crawl."""
    for setting in SETTINGS:
        try:
            setting.check(settings, setting.name)
        except (TypeError, OverflowError) as error:
            # A value of another type than the check reads.
            value = settings[setting.name]
            raise ArgumentError(f"{setting.name}={value!r}: allowed: {setting.allowed}") from error


def defaults(*names: str) -> dict[str, Any]:
    """Return the defaults of the settings *names*, for commands."""
    known = {setting.name: setting.default for setting in SETTINGS}
    return {name: known[name] for name in names}


# Checks.


def _check_switch(settings: BaseSettings, name: str) -> None:
    try:
        settings.getbool(name)
    except ValueError as error:
        raise ArgumentError(f"{name}={settings[name]}: allowed: True, False, 1, 0") from error


def _check_number(settings: BaseSettings, name: str) -> None:
    try:
        number = settings.getint(name)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{name}={settings[name]}: not a whole number") from error
    if not 0 < number <= _LARGEST:
        raise ArgumentError(f"{name}={settings[name]}: allowed: 1 to {_LARGEST}")


def _check_count(settings: BaseSettings, name: str) -> None:
    if not str(settings[name]).isdecimal():
        raise ArgumentError(f"{name}={settings[name]}: not a whole number")


def _check_share(settings: BaseSettings, name: str) -> None:
    try:
        share = settings.getfloat(name)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{name}={settings[name]}: not a number") from error
    if not 0 <= share <= 1:
        raise ArgumentError(f"{name}={settings[name]}: allowed: 0 to 1")


def _check_bytes_or_none(settings: BaseSettings, name: str) -> None:
    if not (str(settings[name]).isdecimal() and settings.getint(name) <= _LARGEST):
        raise ArgumentError(f"{name}={settings[name]}: not a number of bytes")


def _check_ages(settings: BaseSettings, name: str) -> None:
    for age in settings.getlist(name):
        if not (str(age).strip().isdecimal() and 0 < int(age) <= _LARGEST):
            raise ArgumentError(f"{name}={age!r}: not an age in seconds; allowed: 1 to {_LARGEST}")


def _check_headers(settings: BaseSettings, name: str) -> None:
    for header in settings.getlist(name):
        if not isinstance(header, str) or not _HEADER_NAME.fullmatch(header.strip()):
            raise ArgumentError(f"{name}={header!r}: not the name of an HTTP header")


def _check_hosts(settings: BaseSettings, name: str) -> None:
    for host in settings.getlist(name):
        if not isinstance(host, str) or not host.strip() or "/" in host:
            raise ArgumentError(f"{name}={host!r}: not a host name")


def _check_folder(settings: BaseSettings, name: str) -> None:
    if not settings[name]:
        raise ArgumentError(f"{name} is empty; allowed: the path of a folder")


def _check_url(settings: BaseSettings, name: str) -> None:
    if settings[name] and not is_remote(settings[name]):
        raise ArgumentError(
            f"{name}={settings[name]}: not a URL; allowed: s3://bucket/prefix, file:///folder, …"
        )


def _check_later(settings: BaseSettings, name: str) -> None:
    """Leave the check to what opens the archive or the database."""


def _choice(*allowed: str) -> Callable[[BaseSettings, str], None]:
    def check(settings: BaseSettings, name: str) -> None:
        if settings[name] not in allowed:
            raise ArgumentError(f"{name}={settings[name]}: allowed: {', '.join(allowed)}")

    return check


# The table.

_SWITCH = "True or False"
_NUMBER = "a whole number from 1"


def _switch(name: str, meaning: str, *, default: bool, elsewhere: object = _SAME) -> Setting:
    return Setting(
        name=name, default=default, allowed=_SWITCH, meaning=meaning, check=_check_switch, elsewhere=elsewhere
    )


def _number(name: str, default: int, meaning: str) -> Setting:
    return Setting(name=name, default=default, allowed=_NUMBER, meaning=meaning, check=_check_number)


SETTINGS = (
    Setting(
        name="ARCHIVE_DIR",
        default="collections",
        allowed="a folder",
        meaning="The folder of collections.",
        check=_check_folder,
    ),
    _switch(
        "ARCHIVE_ENABLED",
        "Record exchanges; in a replay, copy them into the new collection.",
        default=True,
    ),
    _number("ARCHIVE_MAX_BYTES", 1_000_000_000, "A WARC file of this size is closed and a new one started."),
    _number(
        "ARCHIVE_MAX_AGE", 24 * 60 * 60, "A WARC file of this age in seconds is closed and a new one started."
    ),
    Setting(
        name="ARCHIVE_MIN_FREE",
        default=500_000_000,
        allowed="a number of bytes; 0: do not check",
        meaning="A live crawl stops in an orderly way when its disk has fewer bytes free.",
        check=_check_bytes_or_none,
    ),
    Setting(
        name="ARCHIVE_COMPRESSION",
        default="gzip",
        allowed=" or ".join(COMPRESSIONS),
        meaning="`gzip` is read by every tool; `zstd` is smaller and faster where servers send uncompressed"
        " pages, but pywb and WACZ do not support it.",
        check=_choice(*COMPRESSIONS),
    ),
    Setting(
        name="ARCHIVE_DIGEST",
        default="sha1",
        allowed="sha1 or sha256",
        meaning="Algorithm of block and payload digests.",
        check=_choice("sha1", "sha256"),
    ),
    _switch(
        "ARCHIVE_DEDUPLICATE",
        "Write a body that the collection already holds, byte for byte, as a revisit record.",
        default=True,
    ),
    Setting(
        name="ARCHIVE_UPLOAD",
        default="",
        allowed="s3://bucket/prefix or another URL that fsspec can write to; empty: no upload",
        meaning="Upload finished WARC files with their index lines, and JSONL, and compare their SHA-256.",
        check=_check_url,
    ),
    _switch(
        "ARCHIVE_UPLOAD_REMOVE",
        "Remove a local WARC file once it was uploaded and compared.",
        default=False,
    ),
    Setting(
        name="ARCHIVE_REDACTED_HEADERS",
        default=["Authorization", "Proxy-Authorization"],
        allowed="names of HTTP headers",
        meaning="Headers whose values are not archived, in requests and responses; add `Cookie` and"
        " `Set-Cookie` if they identify somebody.",
        check=_check_headers,
    ),
    Setting(
        name="REPLAY",
        default="",
        allowed="a WARC, a WACZ, a folder of them, or several separated by commas; empty: crawl live",
        meaning="Archives that answer in place of the network.",
        check=_check_later,
    ),
    Setting(
        name="STATE_REVISITS",
        default=list(RECRAWL_AGES),
        allowed="ages in seconds",
        meaning="Ages at which an article's page is fetched again.",
        check=_check_ages,
    ),
    Setting(
        name="STATE_REVISITS_TAIL",
        default=RECRAWL_TAIL,
        allowed="a whole number from 0",
        meaning="Days between further fetches after the last of these ages; 0: none.",
        check=_check_count,
    ),
    Setting(
        name="STATE_URL",
        default="",
        allowed="postgresql://user@host/database; empty: `state.sqlite` in the collection",
        meaning="Database that keeps what crawls know, for crawls on several machines.",
        check=_check_later,
    ),
    _number(
        "STATE_LEASE", 60, "Seconds after which other machines may take over the sites of a killed crawl."
    ),
    _switch(
        "EXTRACTION_WITNESS",
        "Compare each article that a rule read with what trafilatura finds; never in `scrapy extract`.",
        default=True,
        elsewhere=False,
    ),
    Setting(
        name="EXTRACTION_WITNESS_WAITING",
        default=8,
        allowed="a whole number from 0",
        meaning="Articles that wait for that comparison at most; further ones are not compared, except in a"
        " replay.",
        check=_check_count,
    ),
    _switch(
        "EXTRACTION_LEARN",
        "Let `scrapy extract` read WARC files twice, to leave out text blocks that an unknown site prints on"
        " a tenth of its pages (and on four at least), and to know again what its 404 pages say.",
        default=False,
    ),
    Setting(
        name="EXTRACTION_THRESHOLD",
        default=0.5,
        allowed="a number from 0 to 1",
        meaning="Score from which on a page of an unknown site is an article; less keeps more guides and"
        " forum posts.",
        check=_check_share,
    ),
    Setting(
        name="DOWNLOAD_UNVERIFIED_HOSTS",
        default=[],
        allowed="host names",
        meaning="Hosts, with those below them, whose TLS certificates are not verified.",
        check=_check_hosts,
    ),
    _switch(
        "PRIVATE_ADDRESSES_ALLOWED",
        "Let a crawl reach loopback, private and link-local addresses.",
        default=False,
        elsewhere=True,
    ),
)
