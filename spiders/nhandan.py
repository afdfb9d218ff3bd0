"""Nhân Dân, the paper of the Communist Party of Vietnam."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class NhandanPage(OneCmsPage):
    publisher = "nhandan"
    editions = {
        "vi": "nhandan.vn",
        "en": "en.nhandan.vn",
        "cn": "cn.nhandan.vn",
        "fr": "fr.nhandan.vn",
        "ru": "ru.nhandan.vn",
        "kr": "kr.nhandan.vn",
        "es": "es.nhandan.vn",
    }
    languages = {"cn": "zh", "kr": "ko"}
    page_suffix = ".html"
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:html|amp)$")


class NhandanSpider(OneCmsSpider):
    name = "nhandan"
    page = NhandanPage
    sitemaps = [*OneCmsSpider.sitemaps, "/sitemaps/google-news.xml"]
    listings = ["/tin-moi.html"]
    section_listing = "/{section}/"
    sections = {
        "vi": ["chinhtri", "kinhte", "xahoi", "vanhoa", "thegioi", "thethao", "giaoduc", "moi-truong"],
        "": ["politics", "economy", "society", "culture", "world", "sports", "environment"],
    }
