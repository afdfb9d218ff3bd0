"""The settings of this project."""

from __future__ import annotations

from crawler import settings
from crawler.settings_table import SETTINGS


def test_settings_py_has_the_defaults_of_the_table() -> None:
    own = {setting.name: getattr(settings, setting.name, setting.default) for setting in SETTINGS}
    assert own == {setting.name: setting.default for setting in SETTINGS}
