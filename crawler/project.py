"""The Scrapy project of the current folder: its publishers read pages outside of crawls, too."""

from scrapy.utils.project import get_project_settings

from crawler.extraction import project_modules, use_publishers


def use_current_project() -> None:
    """Let the publishers of the project of scrapy.cfg or SCRAPY_SETTINGS_MODULE come first.

    Does nothing where a crawl or a command has set its own.
    """
    if project_modules() is None:
        use_publishers(get_project_settings().getlist("SPIDER_MODULES"))
