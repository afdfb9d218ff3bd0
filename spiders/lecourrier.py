"""Le Courrier du Vietnam, the French paper of the Vietnam News Agency."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class LecourrierPage(OneCmsPage):
    publisher = "lecourrier"
    editions = {"fr": "lecourrier.vn"}
    article_path = re.compile(r"(?:-post|/)(?P<id>\d+)\.html$")


class LecourrierSpider(OneCmsSpider):
    name = "lecourrier"
    page = LecourrierPage
