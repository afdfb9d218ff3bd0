"""Scrapy settings: only what differs from Scrapy's defaults, each with the reason where it surprises."""

from pathlib import Path

from crawler.import_guard import require_own_packages
from crawler.version import __version__

require_own_packages(Path(__file__).resolve().parents[1], "archive", "spiders")

BOT_NAME = "banluu"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
COMMANDS_MODULE = "crawler.commands"
ADDONS = {"crawler.addon.ArchiveAddon": 300}

# Who asks. Put an address of your own behind it before you crawl live.
USER_AGENT = f"banluu/{__version__} (+https://banluu.example/)"

# Politeness: what a reader does to a site, not what a machine could.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # 8
DOWNLOAD_DELAY = 1  # 0; seconds. Without any, Scrapy 2.19 starts what is queued for a host all at once
AUTOTHROTTLE_ENABLED = True  # False
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

CONCURRENT_ITEMS = 4  # 100; Scrapy starts as many tasks for each response, a quarter of a crawl's CPU

# Hostile answers: bound what one can cost, and where one can lead.
PRIVATE_ADDRESSES_ALLOWED = False  # a name may resolve to this machine, or to one beside it
DOWNLOAD_VERIFY_CERTIFICATES = True  # False; evidence should come from whom it says it comes from
DOWNLOAD_UNVERIFIED_HOSTS: list[
    str
] = []  # hosts, and those below them, whose certificates are taken as they are
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}  # http and https alone
DEPTH_LIMIT = 6  # 0; a sitemap index in a sitemap index, an article: no honest chain is longer
DOWNLOAD_TIMEOUT = 60  # 180; seconds
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # 1 GiB; no page or sitemap here comes near
TELNETCONSOLE_ENABLED = False  # True; it opens a port, and runs what is sent there
REMOTE_CONTROL_ENABLED = False  # True; likewise
METAREFRESH_ENABLED = False  # True; every page of the vendor CMS reloads itself after half an hour
COOKIES_ENABLED = False  # True; these sites serve everybody alike

# What is to be fetched lies in the collection's state, not in memory.
SCHEDULER = "crawler.scheduling.scheduler.FrontierScheduler"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.downloader.robots.RobotsMiddleware": 100,
    "crawler.downloader.politeness.PolitenessMiddleware": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.downloader.decoding.DecodingMiddleware": 590,
}

EXTRACTION_WITNESS = True  # compare each article with what trafilatura finds; some 10 ms a page, in a thread
EXTRACTION_WITNESS_WAITING = 8  # articles; when more wait for that, it is left out

EXTRACTION_LEARN = False  # let `scrapy extract` learn first what a site prints on many of its pages

EXTENSIONS = {"crawler.extensions.progress.Progress": 500, "crawler.extensions.monitors.Monitors": 10}
LOG_LEVEL = "WARNING"  # DEBUG; the command ends with a summary
