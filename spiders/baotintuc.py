"""Báo Tin tức (baotintuc.vn), a paper of the Vietnam News Agency with a template of its own."""

import re

from crawler.extraction import ArticlePage
from crawler.extraction.bylines import people_and_source
from crawler.extraction.dates import HO_CHI_MINH
from crawler.extraction.markup.text import fold
from crawler.spider import NewsSpider


class BaotintucPage(ArticlePage):
    publisher = "baotintuc"
    editions = {"vi": "baotintuc.vn"}
    article_path = re.compile(r"-n?(?P<id>\d{17})\.htm$")
    zone = HO_CHI_MINH
    always_closes = True
    id_css = "#hdNewsId"
    headline_css = "h1.detail-title"
    description_css = "h2.sapo"
    body_css = "div.contents"
    noise_css = ".gliaplayer-container, .list-concern, .widget, .author, .share"
    date_css = ".action-link .date .txt"
    related_css = "ul.list-concern li, div.widget"

    def authors(self) -> list[str]:
        named = [name for e in self.select("div.author strong") if (name := fold(e.text_content()))]
        return named or super().authors()

    def source(self) -> str | None:
        return people_and_source(self.first_text("div.author i"))[1]


class BaotintucSpider(NewsSpider):
    name = "baotintuc"
    page = BaotintucPage
    sitemaps = ["/sitemap.xml"]
    feeds = ["/tin-moi-nhat.rss"]
    listings = ["/tin-moi-nhat.htm"]
