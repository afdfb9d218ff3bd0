"""Vietnam Law Magazine, the legal paper of the Vietnam News Agency."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class VietnamlawPage(OneCmsPage):
    publisher = "vietnamlaw"
    editions = {"en": "vietnamlawmagazine.vn"}
    article_path = re.compile(r"-(?:post)?(?P<id>\d+)\.html$")


class VietnamlawSpider(OneCmsSpider):
    name = "vietnamlaw"
    page = VietnamlawPage
