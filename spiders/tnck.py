"""Tin nhanh chứng khoán (tinnhanhchungkhoan.vn), a paper on the stock market."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class TnckPage(OneCmsPage):
    publisher = "tnck"
    editions = {"vi": "www.tinnhanhchungkhoan.vn"}
    page_suffix = ".html"
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:html|amp)$")


class TnckSpider(OneCmsSpider):
    name = "tnck"
    page = TnckPage
