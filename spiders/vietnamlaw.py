"""Vietnam Law Magazine, the legal paper of the Vietnam News Agency."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import NewsSpider


class VietnamlawPage(OneCmsPage):
    publisher = "vietnamlaw"
    editions = {"en": "vietnamlawmagazine.vn"}
    article_path = re.compile(r"-(?:post)?(?P<id>\d+)\.html$")


class VietnamlawSpider(NewsSpider):
    name = "vietnamlaw"
    page = VietnamlawPage
    sitemaps = ["/sitemap.xml"]
    feeds = ["/rss/home.rss"]
    listings = ["/"]
