"""The Scrapy project of the current folder: its publishers read pages outside of crawls, too."""

import os

from scrapy.utils.project import ENVVAR, get_project_settings

from crawler.errors import PublisherError
from crawler.extraction import project_modules, use_publishers


def use_current_project() -> None:
    """Let the publishers of the project of scrapy.cfg or SCRAPY_SETTINGS_MODULE come first.

    Does nothing where a crawl or a command has set its own. Raises PublisherError when the project's settings
    cannot be imported.
    """
    if project_modules() is not None:
        return
    is_set = ENVVAR in os.environ
    try:
        use_publishers(get_project_settings().getlist("SPIDER_MODULES"))
    except ImportError as error:
        raise PublisherError(f"the settings of the current project cannot be imported: {error}") from error
    finally:
        # Scrapy sets it, and processes started from here would take it for their own.
        if not is_set:
            os.environ.pop(ENVVAR, None)
