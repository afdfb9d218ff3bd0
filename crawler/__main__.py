"""Run Scrapy with this project's root first on sys.path: `python -m crawler list`.

In the folder of another Scrapy project it is that project's settings that count.
"""

import os
import sys
from pathlib import Path

from scrapy.cmdline import execute
from scrapy.utils.conf import closest_scrapy_cfg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
if not closest_scrapy_cfg():
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
execute()
