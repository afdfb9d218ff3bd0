"""Run Scrapy with this project's root first on sys.path: `python -m crawler list`."""

import os
import sys
from pathlib import Path

from scrapy.cmdline import execute

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
execute()
