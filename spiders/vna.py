"""VietnamPlus, the online paper of the Vietnam News Agency: six languages, one host each."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class VnaPage(OneCmsPage):
    publisher = "vna"
    editions = {
        "vi": "www.vietnamplus.vn",
        "en": "en.vietnamplus.vn",
        "fr": "fr.vietnamplus.vn",
        "es": "es.vietnamplus.vn",
        "zh": "zh.vietnamplus.vn",
        "ru": "ru.vietnamplus.vn",
    }
    page_suffix = ".vnp"
    text_credits = {"zh": "越通社", "vi": "TTXVN/Vietnam+"}
    # Old URLs, /{slug}/{id}.vnp, have the same ids.
    article_path = re.compile(r"(?:-post|/[^/]+/)(?P<id>\d+)\.(?:vnp|amp)$")


class VnaSpider(OneCmsSpider):
    name = "vna"
    page = VnaPage
    sitemaps = [*OneCmsSpider.sitemaps, "/sitemaps/google-news.xml"]
    section_feed = "/rss/{section}.rss"
    section_listing = "/{section}/"
    sections = {
        "vi": [
            "chinhtri", "thegioi", "kinhte", "xahoi", "vanhoa", "thethao", "khoahoc", "congnghe",
            "moitruong", "dulich",
        ],
        "": ["politics", "world", "business", "society", "culture", "sports", "travel", "environment"],
    }  # fmt: skip
