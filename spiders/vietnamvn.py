"""Vietnam.vn, an aggregator that translates the press by machine: one slug in every language.

Its markup is documented nowhere, so no rule depends on it: the body is the element that holds the most
paragraph text, and the other fields come from the metadata.
"""

import re
from functools import cached_property
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction import ArticlePage
from crawler.extraction.body import densest_element
from crawler.extraction.dates import HO_CHI_MINH
from crawler.extraction.markup.text import fold
from crawler.items import Related
from crawler.spider import NewsSpider

HOST = "www.vietnam.vn"
# Sections have paths like articles: "/chinh-tri", "/en/khoa-hoc-cong-nghe". One to three of these names are
# all of such a path; an article's slug is its Vietnamese headline, in every language, and says more.
_SECTION = (
    "about-us am-nhac am-thuc an-ninh anh bac-si ban-doc bao-chi bat-dong-san bien-dao binh-luan"
    " breaking-news business-news chinh-phu chinh-sach chinh-tri chu-de chung-khoan chuyen-de chuyen-doi-"
    " so chuyen-gia cong-dong cong-nghe cong-nghiep cong-thuong contact-us culture-sports current-affairs"
    " dan-toc dao-tao dat-nuoc dau-tu di-san dia-phuong diem-den dien-anh dien-dan doanh-nghiep doanh-nhan"
    " doc-nhieu doi-ngoai doi-song du-lich gia-dinh gia-tri giai-tri giao-duc giao-thong gioi-thieu gioi-"
    " tre goc-nhin he-thong hien-tai hinh-anh hoi-nhap khoa-hoc khoi-nghiep kieu-bao kinh-doanh kinh-te"
    " lam-dep lao-dong lao-dong-viec-lam latest-news lich-su lien-he local-news media moi-nhat moi-truong"
    " ngan-hang nghe-thuat nguoi-viet nhan-vat nhip-song noi-bat nong-nghiep nong-thon phap-luat phat-"
    " trien phong-su phong-van podcast political-system privacy-policy quan-su quang-cao quoc-hoi quoc-"
    " phong quoc-te san-khau san-pham science-technology so-hoa su-kien suc-khoe tac-gia tai-chinh terms-"
    " of-service terms-of-use the-gioi the-thao thi-truong thoi-su thoi-tiet thoi-trang thu-vien thuong-"
    " hieu thuong-mai tieu-diem tieu-dung tim-kiem tin tin-moi tin-nong tin-tuc toan-canh tong-hop top-"
    " news trong-nuoc tu-lieu van-hoa van-hoc van-nghe video viec-lam world-news xa-hoi xay-dung xe xem-"
    " nhieu xu-huong xuat-ban y-te"
).replace(" ", "|")
_PATH = re.compile(
    r"^/(?:(?P<edition>(?:[a-z]{2}|fil|ceb)(?:-[A-Za-z]{2,4})?)/)?"
    rf"(?!(?:{_SECTION})(?:-(?:va-)?(?:{_SECTION})){{0,2}}/?$)(?P<id>[^/.]*-[^/.]*)/?$"
)
_COMMENTS = "[class*=comment], [id*=comment]"
# "Kilde: https://nhandan.vn/…", "Nguồn: …": the label is in the page's language.
_LABEL = re.compile(
    r"(?:Nguồn|Kilde|Source|Quelle|Fuente|Fonte|Bron|Källa|Источник|来源|來源|出典|출처)\s*[:：]",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(r"\S{2,20}?\s*[:：]\s*(?P<url>https?://\S+)")


class VietnamvnPage(ArticlePage):
    publisher = "vietnamvn"
    editions = {"vi": HOST}
    article_path = _PATH
    zone = HO_CHI_MINH
    always_closes = True
    editions_share_ids = True
    text_site_name = "Vietnam.vn - "

    @classmethod
    def edition_of(cls, url: str) -> str | None:
        # vcdn.vietnam.vn serves the same pages.
        parts = urlsplit(url)
        if parts.hostname not in {HOST, "vcdn.vietnam.vn"}:
            return None
        match = _PATH.match(parts.path)
        return (match and match["edition"]) or "vi"

    def canonical_url(self) -> str:
        return super().canonical_url().replace("//vcdn.vietnam.vn/", f"//{HOST}/")

    def language(self) -> str | None:
        return self.edition()

    def description(self) -> str | None:
        return self.metadata.article_text("description") or super().description()

    def body_elements(self) -> list[HtmlElement]:
        return self._densest

    @cached_property
    def _densest(self) -> list[HtmlElement]:
        densest = densest_element([p for p, _ in self._paragraphs if not _is_comment(p)])
        return [] if densest is None else [densest]

    def noise(self) -> list[HtmlElement]:
        # The article ends at the line that names the original.
        original, _ = self._original
        after = [] if original is None else self._from(original)
        description = self.description()
        leads = [p for p, text in self._paragraphs if text == description]
        comments = [e for root in self.body_elements() for e in self.select(_COMMENTS, root) if e is not root]
        return [*after, *leads, *comments]

    def _from(self, element: HtmlElement) -> list[HtmlElement]:
        """Return *element* and every element after it on the page."""
        elements = list(self.tree.iter())
        return elements[elements.index(element) :]

    @cached_property
    def _paragraphs(self) -> list[tuple[HtmlElement, str]]:
        outside = {p for around in self.select("header, nav, aside, footer") for p in around.iter("p")}
        return [(p, fold(p.text_content())) for p in self.select("p") if p not in outside]

    @cached_property
    def _original(self) -> tuple[HtmlElement | None, str | None]:
        """The line that names the original, and the original's URL."""
        for paragraph, text in self._paragraphs:
            if match := _ORIGINAL.fullmatch(text):
                return paragraph, match["url"]
            if _LABEL.match(text) and len(links := list(paragraph.iter("a"))) == 1:
                url = self.metadata.absolute(links[0].get("href"))
                if url and self.edition_of(url) is None:
                    return paragraph, url
        return None, None

    def related(self) -> list[Related]:
        # Links to articles, outside the text of this one.
        inside = {link for element in self.body_elements() for link in element.iter("a")}
        links = ((a, self.metadata.absolute(a.get("href"))) for a in self.select("a") if a not in inside)
        return [
            Related(url=url, headline=headline)
            for link, url in links
            if url and self.key(url) and (headline := fold(link.text_content()))
        ]

    def based_on(self) -> str | None:
        return self._original[1]

    def authors(self) -> list[str]:
        # The page's author is the paper that the text was taken from; see `source`.
        return []

    def source(self) -> str | None:
        return next(iter(self.metadata.authors), None)


def _is_comment(element: HtmlElement) -> bool:
    names = (f"{each.get('class', '')} {each.get('id', '')}".lower() for each in element.iterancestors())
    return any("comment" in name for name in names)


class VietnamvnSpider(NewsSpider):
    name = "vietnamvn"
    page = VietnamvnPage
    any_edition = True
    sitemaps = ["/sitemap.xml", "/news-sitemap.xml"]
    feeds = ["/feed"]
    listings = ["/"]

    @classmethod
    def in_edition(cls, url: str, edition: str) -> str:
        # All editions share an article's slug.
        slug = cls.page.article_id(url)
        return f"https://{HOST}/{slug}" if edition == "vi" else f"https://{HOST}/{edition}/{slug}"
