"""All settings of this project, as they are by default."""

from __future__ import annotations

from crawler.settings_table import SETTINGS

DEFAULTS = {each.name: each.default for each in SETTINGS}
