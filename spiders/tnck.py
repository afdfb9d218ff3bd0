"""Tin nhanh chứng khoán (tinnhanhchungkhoan.vn), a paper on the stock market."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import NewsSpider


class TnckPage(OneCmsPage):
    publisher = "tnck"
    editions = {"vi": "www.tinnhanhchungkhoan.vn"}
    page_suffix = ".html"
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:html|amp)$")


class TnckSpider(NewsSpider):
    name = "tnck"
    page = TnckPage
    sitemaps = ["/sitemap.xml"]
    feeds = ["/rss/home.rss"]
    listings = ["/"]
