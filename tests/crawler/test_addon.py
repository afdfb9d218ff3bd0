"""What the add-on makes of a project's settings: defaults, checks, and components that have moved."""

from __future__ import annotations

import warnings

import pytest
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawler.addon import MOVED_COMPONENTS, ArchiveAddon
from crawler.errors import ArgumentError
from crawler.settings_table import SETTINGS


def _updated(values: dict[str, object]) -> Settings:
    settings = Settings({"SPIDER_MODULES": ["spiders"], **values})
    ArchiveAddon().update_settings(settings)
    return settings


def test_every_setting_gets_its_default() -> None:
    settings = _updated({})
    assert {each.name: settings[each.name] for each in SETTINGS} == {
        each.name: each.addon_default for each in SETTINGS
    }
    # In another project nothing changes that it did not ask for.
    assert settings["PRIVATE_ADDRESSES_ALLOWED"] is True
    assert settings["EXTRACTION_WITNESS"] is False


def test_a_projects_own_value_stays() -> None:
    assert _updated({"ARCHIVE_DIR": "mine", "STATE_LEASE": "5"}).getint("STATE_LEASE") == 5


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ARCHIVE_ENABLED", "maybe", "ARCHIVE_ENABLED=maybe: allowed: True, False, 1, 0"),
        ("ARCHIVE_MAX_BYTES", "a lot", "ARCHIVE_MAX_BYTES=a lot: not a whole number"),
        ("ARCHIVE_MAX_AGE", 0, "ARCHIVE_MAX_AGE=0: allowed: 1 to "),
        ("ARCHIVE_MIN_FREE", "-1", "ARCHIVE_MIN_FREE=-1: not a number of bytes"),
        ("ARCHIVE_COMPRESSION", "lz4", "ARCHIVE_COMPRESSION=lz4: allowed: gzip, zstd"),
        ("ARCHIVE_DIGEST", "md5", "ARCHIVE_DIGEST=md5: allowed: sha1, sha256"),
        ("ARCHIVE_DIR", "", "ARCHIVE_DIR is empty; allowed: the path of a folder"),
        ("ARCHIVE_UPLOAD", "bucket", "ARCHIVE_UPLOAD=bucket: not a URL; allowed: "),
        ("ARCHIVE_REDACTED_HEADERS", ["Set Cookie"], "'Set Cookie': not the name of an HTTP header"),
        ("STATE_REVISITS", 3600, "STATE_REVISITS=3600: allowed: ages in seconds"),
        ("STATE_REVISITS", [3600, "soon"], "STATE_REVISITS='soon': not an age in seconds"),
        ("EXTRACTION_WITNESS_WAITING", "abc", "EXTRACTION_WITNESS_WAITING=abc: not a whole number"),
        ("EXTRACTION_THRESHOLD", "half", "EXTRACTION_THRESHOLD=half: not a number"),
        ("EXTRACTION_THRESHOLD", "1.5", "EXTRACTION_THRESHOLD=1.5: allowed: 0 to 1"),
        ("EXTRACTION_THRESHOLD", "nan", "EXTRACTION_THRESHOLD=nan: allowed: 0 to 1"),
        ("DOWNLOAD_UNVERIFIED_HOSTS", ["https://a.vn/"], "'https://a.vn/': not a host name"),
    ],
)
def test_a_value_that_would_fail_later_is_refused_at_once(name: str, value: object, words: str) -> None:
    with pytest.raises(ArgumentError) as error:
        _updated({name: value})
    assert words in str(error.value)


def test_old_paths_of_components_are_followed_with_a_warning() -> None:
    with pytest.warns(ScrapyDeprecationWarning) as warned:
        settings = _updated(
            {
                "SCHEDULER": "crawler.frontier.Frontier",
                "DOWNLOADER_MIDDLEWARES": {
                    "crawler.robots.RobotsMiddleware": 100,
                    "crawler.politeness.PolitenessMiddleware": None,
                    "crawler.decoding.DecodingMiddleware": 590,
                    "a.project.Middleware": 7,
                },
                "DOWNLOAD_HANDLERS": {"ftp": "crawler.capture.CapturingDownloadHandler"},
                "EXTENSIONS": {"crawler.extensions.Progress": 500, "crawler.monitors.Monitors": 10},
            }
        )
    assert settings["SCHEDULER"] == "crawler.scheduling.scheduler.FrontierScheduler"
    assert dict(settings["DOWNLOADER_MIDDLEWARES"]) == {
        "crawler.downloader.robots.RobotsMiddleware": 100,
        "crawler.downloader.politeness.PolitenessMiddleware": None,
        "crawler.downloader.decoding.DecodingMiddleware": 590,
        "a.project.Middleware": 7,
    }
    assert settings["DOWNLOAD_HANDLERS"]["ftp"] == "crawler.downloader.capture.CapturingDownloadHandler"
    extensions = {key: value for key, value in settings["EXTENSIONS"].items() if isinstance(key, str)}
    assert extensions == {
        "crawler.extensions.progress.Progress": 500,
        "crawler.extensions.monitors.Monitors": 10,
    }
    texts = [str(each.message) for each in warned]
    assert len(texts) == len(MOVED_COMPONENTS)
    assert (
        "SCHEDULER: crawler.frontier.Frontier is now crawler.scheduling.scheduler.FrontierScheduler;"
        " the old path works until 0.3.0"
    ) in texts


def test_new_paths_are_those_of_components_and_give_no_warning() -> None:
    for path in MOVED_COMPONENTS.values():
        assert isinstance(load_object(path), type)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _updated({"SCHEDULER": "crawler.scheduling.scheduler.FrontierScheduler"})
