"""The crawl: Scrapy components, the article and its extraction.

from crawler import extract        # bytes and URL in, `Article` or None out
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.import_guard import require_own_packages

require_own_packages(Path(__file__).resolve().parents[1], "archive")

from crawler.items import Article  # noqa: E402  the guard must speak first
from crawler.version import __version__  # noqa: E402

if TYPE_CHECKING:
    from crawler.extraction import extract

__all__ = ["Article", "__version__", "extract"]


def __getattr__(name: str) -> Any:
    # Who only records a crawl should not have to load what reads pages.
    if name == "extract":
        from crawler.extraction import extract  # noqa: PLC0415

        return extract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
