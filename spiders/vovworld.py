"""VOV World, the foreign service of the Voice of Vietnam: a dozen languages, each at its locale's path."""

import re
from urllib.parse import urlsplit

from crawler.extraction import OneCmsPage
from crawler.spider import OneCmsSpider

HOST = "vovworld.vn"
_LOCALES = "vi-VN en-US fr-FR zh-CN ru-RU es-ES de-DE ja-JP ko-KR th-TH lo-LA km-KH id-ID".split()
_LOCALE = re.compile(r"^/(?P<locale>[a-z]{2}-[A-Z]{2})/")


class VovworldPage(OneCmsPage):
    publisher = "vovworld"
    editions = dict.fromkeys(_LOCALES, HOST)
    article_path = re.compile(r"-(?:post)?(?P<id>\d+)\.(?:vov|html)$")

    @classmethod
    def edition_of(cls, url: str) -> str | None:
        parts = urlsplit(url)
        match = _LOCALE.match(parts.path)
        known = parts.hostname == HOST and match is not None and match["locale"] in cls.editions
        return match["locale"] if match and known else None


class VovworldSpider(OneCmsSpider):
    name = "vovworld"
    page = VovworldPage
    feeds = []
    listings = ["/vi-VN.vov"]
