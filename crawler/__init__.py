"""The crawl: Scrapy components, the article and its extraction.

from crawler import extract        # bytes and URL in, `Article` or None out
"""

from pathlib import Path

from crawler.layout import require_own_packages

require_own_packages(Path(__file__).resolve().parents[1], "archive")

from crawler.extraction import extract  # noqa: E402  the guard must speak first
from crawler.items import Article  # noqa: E402
from crawler.version import __version__  # noqa: E402

__all__ = ["Article", "__version__", "extract"]
