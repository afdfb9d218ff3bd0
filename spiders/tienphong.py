"""Tiền Phong, the paper of the Ho Chi Minh Communist Youth Union."""

import re

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider


class TienphongPage(OneCmsPage):
    publisher = "tienphong"
    editions = {"vi": "tienphong.vn"}
    page_suffix = ".tpo"
    article_path = re.compile(r"-post(?P<id>\d+)\.(?:tpo|amp)$")


class TienphongSpider(OneCmsSpider):
    name = "tienphong"
    page = TienphongPage
