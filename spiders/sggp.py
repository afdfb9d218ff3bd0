"""Sài Gòn Giải Phóng, the paper of the Party in Ho Chi Minh City."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class SggpPage(OneCmsPage):
    publisher = "sggp"
    editions = {"vi": "www.sggp.org.vn", "en": "en.sggp.org.vn", "cn": "cn.sggp.org.vn"}
    languages = {"cn": "zh"}
    page_suffix = ".html"
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:html|amp)$")


class SggpSpider(OneCmsSpider):
    name = "sggp"
    page = SggpPage
