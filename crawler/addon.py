"""The add-on that gives a Scrapy project recording, replay and state by one line.

ADDONS = {"crawler.addon.ArchiveAddon": 300}
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from scrapy.utils.misc import load_object

from archive.compression import COMPRESSIONS
from crawler.downloader.capture import CapturingDownloadHandler
from crawler.errors import ArgumentError
from crawler.recording.pipeline import ArticlePipeline
from crawler.recording.recorder import Recorder
from crawler.downloader.replay import RefusingDownloadHandler, ReplayStorage
from crawler.state import REVISITS

if TYPE_CHECKING:
    from scrapy.settings import Settings

logger = logging.getLogger(__name__)

DEFAULTS = {
    "ARCHIVE_DIR": "collections",
    "ARCHIVE_ENABLED": True,
    "ARCHIVE_MAX_BYTES": 1_000_000_000,
    "ARCHIVE_MAX_AGE": 24 * 60 * 60,
    "ARCHIVE_MIN_FREE": 500_000_000,
    "ARCHIVE_COMPRESSION": "gzip",
    "ARCHIVE_DIGEST": "sha1",
    "ARCHIVE_DEDUPLICATE": True,
    "ARCHIVE_UPLOAD": "",
    "ARCHIVE_UPLOAD_REMOVE": False,
    "ARCHIVE_REDACTED_HEADERS": ["Authorization", "Proxy-Authorization"],
    "REPLAY": "",
    "STATE_REVISITS": list(REVISITS),
    "STATE_URL": "",
    "STATE_LEASE": 60,
}

_SWITCHES = (
    "ARCHIVE_DEDUPLICATE",
    "ARCHIVE_ENABLED",
    "ARCHIVE_UPLOAD_REMOVE",
    "EXTRACTION_LEARN",
    "EXTRACTION_WITNESS",
    "PRIVATE_ADDRESSES_ALLOWED",
)
_NUMBERS = ("ARCHIVE_MAX_BYTES", "ARCHIVE_MAX_AGE", "STATE_LEASE")
_MAX_NUMBER = 10**13  # as many seconds are still a `timedelta`

# What a replay needs, whatever the project has chosen for its live crawls.
_REPLAY_SETTINGS = {
    "HTTPCACHE_ENABLED": True,
    "HTTPCACHE_STORAGE": ReplayStorage,
    "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.DummyPolicy",
    "HTTPCACHE_IGNORE_MISSING": True,
    "HTTPCACHE_IGNORE_HTTP_CODES": [],
    "HTTPCACHE_IGNORE_SCHEMES": [],
    "RETRY_ENABLED": False,
    "AUTOTHROTTLE_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}


class ArchiveAddon:
    """Sets up recording, or, with REPLAY, an offline crawl out of an archive."""

    def update_settings(self, settings: Settings) -> None:
        for name, value in DEFAULTS.items():
            settings.set(name, value, priority="addon")
        _check(settings)
        _check_writing(settings)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Recorder, 0)
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", ArticlePipeline, 900)
        if settings["REPLAY"]:
            for name, value in _REPLAY_SETTINGS.items():
                settings.set(name, value, priority="cmdline")
            _set_handlers(settings, RefusingDownloadHandler, "cmdline")
        else:
            self._record(settings)

    @staticmethod
    def _record(settings: Settings) -> None:
        _set_handlers(settings, CapturingDownloadHandler, "addon")
        if settings.getbool("ARCHIVE_ENABLED"):
            if not settings.getbool("TWISTED_REACTOR_ENABLED"):
                raise ArgumentError(
                    "TWISTED_REACTOR_ENABLED=False: recording needs Twisted's HTTP client;"
                    " set it to True, or ARCHIVE_ENABLED=False to crawl without a record"
                )
            _require_capture(settings)
        if "uvloop" in str(settings["ASYNCIO_EVENT_LOOP"]):
            logger.warning(
                "ASYNCIO_EVENT_LOOP=%s: uvloop does not tell of connections that were reset (see"
                " https://github.com/MagicStack/uvloop/issues/552); over TLS the crawl may never end",
                settings["ASYNCIO_EVENT_LOOP"],
            )


def _check(settings: Settings) -> None:
    """Refuse a value that would fail, or do harm, in the midst of the crawl."""
    for name in _SWITCHES:
        try:
            settings.getbool(name)
        except ValueError as error:
            raise ArgumentError(f"{name}={settings[name]}: allowed: True, False, 1, 0") from error
    for name in _NUMBERS:
        try:
            number = settings.getint(name)
        except (TypeError, ValueError) as error:
            raise ArgumentError(f"{name}={settings[name]}: not a whole number") from error
        if not 0 < number <= _MAX_NUMBER:
            raise ArgumentError(f"{name}={settings[name]}: allowed: 1 to {_MAX_NUMBER}")


_CHOICES = {"ARCHIVE_COMPRESSION": tuple(COMPRESSIONS), "ARCHIVE_DIGEST": ("sha1", "sha256")}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token, RFC 9110 5.6.2


def _check_writing(settings: Settings) -> None:
    """Likewise for how records are written."""
    for name, allowed in _CHOICES.items():
        if settings[name] not in allowed:
            raise ArgumentError(f"{name}={settings[name]}: allowed: {', '.join(allowed)}")
    for age in settings.getlist("STATE_REVISITS"):
        if not (str(age).strip().isdecimal() and 0 < int(age) <= _MAX_NUMBER):
            raise ArgumentError(f"STATE_REVISITS={age!r}: not an age in seconds; allowed: 1 to {_MAX_NUMBER}")
    if not (
        str(settings["ARCHIVE_MIN_FREE"]).isdecimal() and settings.getint("ARCHIVE_MIN_FREE") <= _MAX_NUMBER
    ):
        raise ArgumentError(f"ARCHIVE_MIN_FREE={settings['ARCHIVE_MIN_FREE']}: not a number of bytes")
    for name in settings.getlist("ARCHIVE_REDACTED_HEADERS"):
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name.strip()):
            raise ArgumentError(f"ARCHIVE_REDACTED_HEADERS={name!r}: not the name of an HTTP header")


def _set_handlers(settings: Settings, handler: type, priority: str) -> None:
    for scheme in ("http", "https"):
        settings["DOWNLOAD_HANDLERS"].set(scheme, handler, priority)


def _require_capture(settings: Settings) -> None:
    """Refuse a crawl whose own download handlers would leave it unrecorded in silence."""
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    for scheme in ("http", "https"):
        handler = load_object(handlers[scheme]) if handlers.get(scheme) else None
        if not (isinstance(handler, type) and issubclass(handler, CapturingDownloadHandler)):
            raise ArgumentError(
                f"DOWNLOAD_HANDLERS[{scheme!r}] is {handlers.get(scheme)}, which cannot be recorded;"
                " remove it, derive it from crawler.downloader.capture.CapturingDownloadHandler, or set"
                " ARCHIVE_ENABLED=False to crawl without a record"
            )
