"""tin_nhanh24 (www.tinnhanh.example), on the vendor CMS."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class TinNhanh24Page(OneCmsPage):
    publisher = "tin_nhanh24"
    # Each edition's language, or another name for it, and its host.
    editions = {"en": "www.tinnhanh.example"}
    # How an article's path ends; pages that end in .amp are the same article.
    page_suffix = ".html"
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:html|amp)$")


class TinNhanh24Spider(OneCmsSpider):
    # Sitemaps, feeds and listings are those that are usual on this CMS.
    name = "tin_nhanh24"
    page = TinNhanh24Page
