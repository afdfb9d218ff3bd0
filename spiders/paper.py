"""paper (paper.vn), with markup of its own."""

import re

from crawler.extraction import ArticlePage
from crawler.extraction.dates import HO_CHI_MINH
from crawler.spider import NewsSpider


class PaperPage(ArticlePage):
    publisher = "paper"
    # Each edition's language, or another name for it, and its host.
    editions = {"vi": "paper.vn"}
    # An article's path; the group `id` names it.
    article_path = re.compile(r"-(?P<id>\d+)\.html$")
    # Of dates that have no zone.
    zone = HO_CHI_MINH
    # CSS selectors. Where one finds nothing, the field comes from JSON-LD, meta elements or other markup.
    headline_css = "h1"
    description_css = ".sapo"
    body_css = "article .content"
    noise_css = ".advert, .share"
    date_css = "time"
    authors_css = ".author"
    related_css = ".related li"


class PaperSpider(NewsSpider):
    name = "paper"
    page = PaperPage
    # Paths on the host. What the site does not have can go; one that fails is counted.
    sitemaps = ["/sitemap.xml"]
    feeds = ["/rss"]
    listings = ["/"]
