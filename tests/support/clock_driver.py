"""Crawls `python -m crawler` some seconds later than it is: clock_driver.py SECONDS ARGUMENT…"""

from __future__ import annotations

import runpy
import sys
from datetime import UTC, datetime, timedelta

from crawler import clock

if __name__ == "__main__":
    later = timedelta(seconds=float(sys.argv.pop(1)))
    clock.now = lambda: datetime.now(UTC) + later
    runpy.run_module("crawler", run_name="__main__")
