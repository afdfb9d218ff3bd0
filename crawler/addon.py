"""The add-on that gives a Scrapy project recording, replay and state by one line.

ADDONS = {"crawler.addon.ArchiveAddon": 300}
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from crawler.downloader.capture import CapturingDownloadHandler
from crawler.downloader.replay import RefusingDownloadHandler, ReplayStorage
from crawler.errors import ArgumentError
from crawler.extraction import use_publishers
from crawler.recording.pipeline import ArticleMiddleware
from crawler.recording.recorder import LiveRecorder, ReplayRecorder
from crawler.settings_table import SETTINGS, check_settings

if TYPE_CHECKING:
    from scrapy.settings import Settings

logger = logging.getLogger(__name__)

# Settings that a replay needs, whatever the project has set for its live crawls.
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

#: Paths of components before 0.2.0, understood in settings until 0.3.0.
MOVED_COMPONENTS = {
    "crawler.capture.CapturingDownloadHandler": "crawler.downloader.capture.CapturingDownloadHandler",
    "crawler.decoding.DecodingMiddleware": "crawler.downloader.decoding.DecodingMiddleware",
    "crawler.extensions.Progress": "crawler.extensions.progress.Progress",
    "crawler.frontier.Frontier": "crawler.scheduling.scheduler.FrontierScheduler",
    "crawler.monitors.Monitors": "crawler.extensions.monitors.Monitors",
    "crawler.politeness.PolitenessMiddleware": "crawler.downloader.politeness.PolitenessMiddleware",
    "crawler.robots.RobotsMiddleware": "crawler.downloader.robots.RobotsMiddleware",
}


class ArchiveAddon:
    """Sets up recording, or, with REPLAY, an offline crawl of an archive."""

    def update_settings(self, settings: Settings) -> None:
        for setting in SETTINGS:
            settings.set(setting.name, setting.addon_default, priority="addon")
        check_settings(settings)
        _follow_moved_components(settings)
        use_publishers(settings.getlist("SPIDER_MODULES"))
        settings.setdefault_in_component_priority_dict("SPIDER_MIDDLEWARES", ArticleMiddleware, 10)
        if settings["REPLAY"]:
            self._replay(settings)
        else:
            self._record(settings)

    @staticmethod
    def _replay(settings: Settings) -> None:
        settings.setdefault_in_component_priority_dict("EXTENSIONS", ReplayRecorder, 0)
        for name, value in _REPLAY_SETTINGS.items():
            settings.set(name, value, priority="cmdline")
        _set_handlers(settings, RefusingDownloadHandler, "cmdline")

    @staticmethod
    def _record(settings: Settings) -> None:
        settings.setdefault_in_component_priority_dict("EXTENSIONS", LiveRecorder, 0)
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
                "ASYNCIO_EVENT_LOOP=%s: uvloop does not report connections that were reset (see"
                " https://github.com/MagicStack/uvloop/issues/552); over TLS the crawl may never end",
                settings["ASYNCIO_EVENT_LOOP"],
            )


def _follow_moved_components(settings: BaseSettings) -> None:
    """Replace old paths of our components in *settings*, with a deprecation warning for each."""
    for name in list(settings):
        value = settings[name]
        if isinstance(value, BaseSettings):
            for key in list(value):
                if path := _moved(name, key):
                    # Whoever wrote the old path meant it, whatever the new one is set to elsewhere.
                    value.set(path, value[key], value.getpriority(key) or 0)
                    value.delete(key, value.getpriority(key) or 0)
                elif path := _moved(name, value[key]):
                    value.set(key, path, value.getpriority(key) or 0)
        elif path := _moved(name, value):
            settings.set(name, path, settings.getpriority(name) or 0)


def _moved(setting: str, value: object) -> str | None:
    """Return the new path of the component that *value* in *setting* names; None if it has not moved."""
    path = MOVED_COMPONENTS.get(value) if isinstance(value, str) else None
    if path:
        warnings.warn(
            f"{setting}: {value} is now {path}; the old path works until 0.3.0",
            ScrapyDeprecationWarning,
            stacklevel=2,
        )
    return path


def _set_handlers(settings: Settings, handler: type, priority: str) -> None:
    for scheme in ("http", "https"):
        settings["DOWNLOAD_HANDLERS"].set(scheme, handler, priority)


def _require_capture(settings: Settings) -> None:
    """Refuse a crawl whose own download handlers would leave it unrecorded without notice."""
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    for scheme in ("http", "https"):
        handler = load_object(handlers[scheme]) if handlers.get(scheme) else None
        if not (isinstance(handler, type) and issubclass(handler, CapturingDownloadHandler)):
            raise ArgumentError(
                f"DOWNLOAD_HANDLERS[{scheme!r}] is {handlers.get(scheme)}, which cannot be recorded;"
                " remove it, derive it from crawler.downloader.capture.CapturingDownloadHandler, or set"
                " ARCHIVE_ENABLED=False to crawl without a record"
            )
