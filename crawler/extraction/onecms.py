"""The vendor CMS behind much of this press ("OneCMS"), in all its generations.

Old bodies are stored HTML inside newer shells, so each selector covers every generation. The generation
itself is only recorded, in `Article.extractor`. The class names come from saved pages.

    g2   2017-18    header.article-header, <br> paragraphs
    g3   2019-23    *__headline, *__summary, div.content.article-body, often an ExternalClass… wrapper
    g3b  2020-26    *__header, table.picture
    g4   2022 on    *__title, zce-content-body, figure
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from lxml.etree import XPath

from crawler.extraction.dates import HO_CHI_MINH
from crawler.extraction.markup.text import readable
from crawler.extraction.page import ArticlePage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from lxml.html import HtmlElement

    from crawler.items import Kind

_WORD = re.compile(r"[^a-z]+")
# In XPath, so that the text of the other scripts, which is long, is never copied.
_IS_TYPED: Any = XPath("contains(text(), \"'articleType'\")")
_ARTICLE_TYPE = re.compile(r"'articleType'\s*:\s*'([^']*)'")

# Words in the body's class or the declared article type, and names of Chinese sections.
_KINDS: Mapping[str, Kind] = {
    "video": "video",
    "infographic": "infographic",
    "infographics": "infographic",
    "图表新闻": "infographic",
    "longform": "longform",
    "mega": "longform",
    "megastory": "longform",
    "emagazine": "longform",
    "photo": "photo",
    "photos": "photo",
    "组图": "photo",
    "live": "live",
}


_ASIDE_MARKS = ".box-heading, .bxx-heading, input[type=radio], input[type=checkbox]"
_MOST_MARKS = 50  # examined on one page
_MAX_ASIDE = 400  # characters


def _aside_of(mark: HtmlElement, roots: list[HtmlElement]) -> HtmlElement | None:
    """Return the largest element around *mark* without text of the article; None if there is none."""
    aside = None
    for element in mark.iterancestors():
        holds_text = next(element.iter("p", "br", "img"), None) is not None and aside is not None
        if element in roots or holds_text or len(readable(element)) > _MAX_ASIDE:
            break
        aside = element
    return aside


class OneCmsPage(ArticlePage):
    """A page of the vendor CMS; a publisher declares only its editions and URLs."""

    zone: ClassVar[tzinfo | None] = HO_CHI_MINH
    always_closes: ClassVar[bool] = True
    print_path = re.compile(
        r"^/(?:print-|print\.html\?(?:.*&)?id=|Utilities/Print\.aspx\?(?:.*&)?contentid=)(?P<id>\d+)\b"
    )
    #: Selector that identifies each template generation, newest first.
    generations: ClassVar[Mapping[str, str]] = {
        "g4": ".zce-content-body",
        "g3b": "h1.article__header, table.picture",
        "g3": ".details__headline, .details__summary, div.content.article-body",
        "g2": "header.article-header, .AdAsia",
    }
    headline_css = (
        "h1.article__title, div.article__title, h1.details__headline, h1.article__header, h1.cms-title,"
        " header.article-header h1"
    )
    description_css = ".article__sapo, .details__summary, .cms-desc"
    body_css = ".article__body, .article-body, .cms-body"
    lead_media_css = "figure.article__avatar, div.article__avatar, table.picture"
    noise_css = (
        # Several selectors for each kind: an aside stays out of the text even if a site renames one class.
        ".sda_middle, .rennab, [id^=adsWeb_], [id^=sdaWeb_], [id^=sas_], [data-platform],"
        " .article-relate, [data-source], .story, .related-topic, .related-news,"
        " .article__author, .cms-author, p.author, .cms-body .name, .article__source, .cms-body .source,"
        " .poll-box, .box-poll, .article__tag, .wrap-comment, .sidebar-right,"
        " .article__sapo, .details__summary, .cms-desc"
    )
    date_css = "time[datetime], meta.cms-date, time.time"
    authors_css = ".article__author .name, .article__author > span, .cms-author, .cms-body p.name"
    source_css = ".article__source .name, .article__source > span, .cms-body .source .name, .cms-body .source"
    related_css = "article.story, .article-relate li, .related-news li, .related-news p"

    def noise(self) -> list[HtmlElement]:
        # A boxed heading, or a poll's radio buttons and check boxes, mark an aside; no article has them.
        roots = self.body_elements()
        marks = (mark for root in roots for mark in self.select(_ASIDE_MARKS, root))
        asides = (_aside_of(mark, roots) for mark in islice(marks, _MOST_MARKS))
        return [*super().noise(), *(aside for aside in asides if aside is not None)]

    def template(self) -> str:
        return next((name for name, css in self.generations.items() if self.select(css)), "unknown")

    def kind(self) -> Kind:
        names = [element.get("class") or "" for element in self.select("body, body > .wrapper")]
        scripts = (script.text or "" for script in filter(_IS_TYPED, self.select("script")))
        names += [match[1] for script in scripts if (match := _ARTICLE_TYPE.search(script))]
        marks = [*_WORD.split(" ".join(names).lower()), *self.sections()]
        return next((_KINDS[mark] for mark in marks if mark in _KINDS), "article")
