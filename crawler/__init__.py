"""The crawl: Scrapy components, the article and its extraction. Imports archive.

    from crawler import extract        # bytes and URL in, `Article` or None out
    from crawler import classify       # the same in, what kind of page it is and why out

The packages and the arrows between them are drawn in docs/architecture.md.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.import_guard import require_own_packages

require_own_packages(Path(__file__).resolve().parents[1], "archive")

from crawler.items import Article  # noqa: E402  the guard must run first
from crawler.version import __version__  # noqa: E402

if TYPE_CHECKING:
    from crawler.extraction import classify, extract

__all__ = ["Article", "__version__", "classify", "extract"]


def __getattr__(name: str) -> Any:
    # Recording a crawl should not have to load what reads pages.
    if name in {"classify", "extract"}:
        from crawler import extraction  # noqa: PLC0415
        from crawler.project import use_current_project  # noqa: PLC0415

        use_current_project()
        return getattr(extraction, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
