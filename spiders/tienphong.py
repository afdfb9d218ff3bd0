"""Tiền Phong, the paper of the Ho Chi Minh Communist Youth Union."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import NewsSpider


class TienphongPage(OneCmsPage):
    publisher = "tienphong"
    editions = {"vi": "tienphong.vn"}
    page_suffix = ".tpo"
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:tpo|amp)$")


class TienphongSpider(NewsSpider):
    name = "tienphong"
    page = TienphongPage
    sitemaps = ["/sitemap.xml"]
    feeds = ["/rss/home.rss"]
    listings = ["/"]
