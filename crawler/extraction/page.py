"""`ArticlePage`: a fetched page with one short method for each field of `Article`.

Every field has fallbacks, in the order rule, JSON-LD, meta, markup. The body falls back to
`crawler.extraction.unknown`, and the article is flagged. A class that sets `publisher` is registered when it
is defined; `ArticlePage` itself reads pages of unknown hosts.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extraction import language
from crawler.extraction.article_region import ArticleRegion, find_region, outermost
from crawler.extraction.below_headline import with_short_body
from crawler.extraction.body import Body, BodyReading, read_body, without_credit
from crawler.extraction.bylines import dateline, people_and_source
from crawler.extraction.identity import article_path_and_query, without_tracking
from crawler.extraction.markup.selectors import ElementIndex
from crawler.extraction.markup.text import fold, readable
from crawler.extraction.parsed import ParsedPage
from crawler.extraction.teasers import is_link_list, read_teasers
from crawler.extraction.unknown import find_body
from crawler.extraction.unknown.finder import FoundArticle
from crawler.extraction.unknown.trafilatura_body import trafilatura_version
from crawler.items import Article, Extractor, Image, Kind, MediaBlock, Related, TextBlock, Video
from crawler.version import __version__

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from archive import Capture
    from crawler.items import Dateline

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST_NOISE = 200  # characters of a paragraph
_MOST_AUTHORS = 50
SHORT_BODY = 120  # characters; a shorter body is a notice, or left by a broken rule
_registry: list[type[ArticlePage]] = []


def registered() -> tuple[type[ArticlePage], ...]:
    """Return the page classes of publishers defined so far, in order of definition."""
    return tuple(_registry)


class ArticlePage(ParsedPage):
    """One page: its parsed tree, the URL it was fetched from, and a method for each field.

    Subclasses set attributes of `crawler.extraction.rules.PageRules`, and override methods where these do
    not suffice.
    """

    #: The text is in the page's scripts alone.
    is_scripted = False
    #: What the finder of unknown pages found, if the body comes from it.
    found = FoundArticle([], [])

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.publisher:
            _registry.append(cls)

    @cached_property
    def region(self) -> ArticleRegion:
        """The region of the page that holds its article."""
        teasers = set(self.select(self.related_css))
        headlines = [e for e in self.select(self.headline_css) if teasers.isdisjoint((e, *e.iterancestors()))]
        return find_region(self.tree, headlines, self.select(self.body_css))

    # Identity.

    def edition(self) -> str:
        return self.edition_of(self.url) or self.language() or "und"

    def id(self) -> str:
        if key := self.key(self.url):
            return key
        publisher = self.publisher or _bare_host(self.url)
        return f"{publisher}:{self.edition()}:{article_path_and_query(self.url)}"

    def canonical_url(self) -> str:
        declared, own = self.metadata.canonical_url, without_tracking(self.url)
        # Old sites declare a program's address alone, the same for all its articles.
        if not declared or (
            not self.publisher and declared == own.partition("?")[0] != own and "?" in self.id()
        ):
            return own
        return declared

    # Content.

    def language(self) -> str | None:
        if edition := self.edition_of(self.url):
            return self.languages.get(edition, edition)
        declared = self.tree.get("lang") or self.metadata.meta("og:locale", "content-language") or ""
        match = _LANGUAGE.fullmatch(declared.strip().replace("_", "-"))
        return match[0] if match else None

    def kind(self) -> Kind:
        has_text = any(isinstance(block, TextBlock) for block in self.body().blocks)
        return "video" if self.metadata.video and not has_text else "article"

    def headline(self) -> str:
        ruled = self.region.headline
        if ruled is not None and (text := readable(ruled)):
            return text
        title = self.metadata.title
        # A title for sharing that the page also shows goes before JSON-LD and h1: these are often written
        # for search engines, while the headline that readers see is an h2.
        for shared in dict.fromkeys((self.metadata.shared_title, title)):
            if shared and self._is_shown(shared):
                return shared
        return (
            self.metadata.article_text("headline")
            or title
            or self.first_text("h1:not(.logo)")
            or self.first_text("title")
        )

    def _is_shown(self, title: str) -> bool:
        """Return whether *title* is the text of a heading on the page that is not a link."""
        for heading in self.select("h1, h2"):
            if title in fold(heading.text_content()) and not any(True for _ in heading.iter("a")):
                in_link = any(ancestor.tag == "a" for ancestor in heading.iterancestors())
                if not in_link and any(fold(part.text_content()) == title for part in heading.iter()):
                    return True
        return False

    def description(self) -> str | None:
        return (
            self.first_text(self.description_css, self.region.root)
            or self.metadata.article_text("description")
            or self.metadata.meta("og:description", "description")
        )

    def body_elements(self) -> list[HtmlElement]:
        """Return the elements that hold the body, lead picture first; empty if no rule matches."""
        root, _, body = self.region
        if body is None:
            return []
        inside = set(body.iter())
        pictures = [each for each in self.select(self.lead_media_css, root) if each not in inside]
        return [*outermost(pictures), body]

    def noise(self) -> list[HtmlElement]:
        """Return the elements inside the body that are not part of its text."""
        roots = self.body_elements()
        lists = (found for root in roots for found in self.select("ul, ol", root))
        links = [found for found in lists if is_link_list(found, self._is_own)]
        marked = (found for root in roots for found in self.select(self.noise_css, root) if found is not root)
        # A longer paragraph is text, whatever its class.
        return links + [each for each in marked if each.tag != "p" or len(readable(each)) <= _LONGEST_NOISE]

    def _is_own(self, href: str | None) -> bool:
        """Return whether *href* leads to an article of this publisher."""
        return self.key(self.metadata.absolute(href) or "") is not None

    @cached_property
    def body_reading(self) -> BodyReading:
        body = read_body(self.body_elements(), self.noise(), self.base)
        if body.blocks:  # Pictures alone are enough: photo stories and infographics have no text.
            return without_credit(body)
        text = self.metadata.article.get("articleBody")
        found = find_body(
            self._without_noise(),
            self.base,
            self.metadata.descriptions,
            text if isinstance(text, str) else "",
        )
        found = with_short_body(found, self.base)
        self.found = found.found
        if found.is_scripted:
            self.is_scripted = True
            self.doubt("text_in_script")
        if (fallback := found.body).blocks and _is_heading(fallback.blocks[0], self.headline()):
            del fallback.blocks[0]
        if fallback.blocks:
            return BodyReading(fallback, is_fallback=True, by_trafilatura=found.by_trafilatura)
        return BodyReading(body, by_trafilatura=found.by_trafilatura)

    def _without_noise(self) -> HtmlElement:
        """Return the page without the elements that `noise_css` matches, inside the body or not."""
        if not self.noise_css:
            return self.tree
        tree = deepcopy(self.tree)
        for element in ElementIndex(tree).select(self.noise_css):
            if element.getparent() is not None:
                element.drop_tree()
        return tree

    def body(self) -> Body:
        return self.body_reading.body

    def authors(self) -> list[str]:
        if self._byline[0]:
            return self._byline[0]
        # Without rules for the site, every name that the page gives as an author's counts.
        named = self.metadata.people if self.publisher else self.metadata.authors
        return [
            name
            for text in named
            for name in people_and_source(text)[0] or ([] if self.publisher else [text])
        ]

    def source(self) -> str | None:
        credit = self.first_text(self.source_css, self.region.root)
        return (credit and (people_and_source(credit)[1] or credit)) or self._byline[1]

    @cached_property
    def _byline(self) -> tuple[list[str], str | None]:
        people: list[str] = []
        source = None
        for element in self.select(self.authors_css, self.region.root)[:_MOST_AUTHORS]:
            if next(element.iterancestors("blockquote"), None) is not None:
                # A quoted person is not an author.
                continue
            names, credit = people_and_source(readable(element))
            people += [name for name in names if name not in people]
            source = source or credit
        reading = self.body_reading
        return people or reading.people, source or reading.source

    def dateline(self) -> Dateline | None:
        blocks = (block for block in self.body().blocks if isinstance(block, TextBlock))
        return dateline(next((block.text for block in blocks if block.type == "paragraph"), ""))

    def date_published(self) -> str | None:
        elements = self.select(self.date_css, self.region.root)[:1]
        marked = [element.get("datetime") or element.get("content") or "" for element in elements]
        visible = [readable(element) for element in elements]
        # Only without rules for the site: a date elsewhere in the markup may be another article's.
        anywhere = () if self.publisher else self.metadata.published_in_markup
        return self.first_date(chain(marked, self.metadata.published, visible, anywhere))

    def date_modified(self) -> str | None:
        return self.first_date(self.metadata.modified)

    def sections(self) -> list[str]:
        return self.metadata.meta_list("article:section")

    def keywords(self) -> list[str]:
        return self.metadata.meta_list("article:tag", "news_keywords", "keywords")

    def images(self) -> list[Image]:
        return self.body().images

    def videos(self) -> list[Video]:
        duration = self.metadata.video.get("duration")
        videos = self.body().videos
        films = [b.index for b in self.body().blocks if isinstance(b, MediaBlock) and b.type == "video"]
        if films and isinstance(duration, str):
            first = replace(videos[films[0]], duration=fold(duration))
            return [first if number == films[0] else video for number, video in enumerate(videos)]
        return videos

    def related(self) -> list[Related]:
        return read_teasers(outermost(self.select(self.related_css)), self.metadata.absolute)

    def based_on(self) -> str | None:
        return None

    def template(self) -> str:
        """Return the name of the template generation, for `Article.extractor`."""
        return "page"

    def flags(self, article: Article) -> list[str]:
        """Return a sorted flag for each doubt about *article*, whose other fields are all set."""
        flags = set(self._flags)
        if self._is_fallback:
            flags.add("fallback_extractor")
        if len(article.text) < SHORT_BODY:
            flags.add("short_body")
        if not article.headline:
            flags.add("no_headline")
        if not article.date_published:
            flags.add("no_date")
        if "\ufffd" in article.text or "\ufffd" in article.headline:
            flags.add("undecodable_characters")
        if _is_before(article.date_modified, article.date_published):
            flags.add("modified_before_published")
        return sorted(flags)

    @property
    def _is_fallback(self) -> bool:
        """Whether the body was found without a rule."""
        return self.body_reading.is_fallback and self.body() is self.body_reading.body

    def to_item(self, capture: Capture | None = None) -> Article | None:
        """Return the article, each field from its method; None if the page holds none."""
        headline, body = self.headline(), self.body()
        text = "\n\n".join(block.text for block in body.blocks if isinstance(block, TextBlock))
        is_doubtful = not headline and self._is_fallback
        if not body.blocks or (is_doubtful and len(text) < SHORT_BODY):
            return None
        tag, doubts = language.checked(self.language(), text)
        self._flags |= doubts
        article = Article(
            id=self.id(),
            url=self.url,
            canonical_url=self.canonical_url(),
            publisher=self.publisher or _bare_host(self.url),
            edition=self.edition(),
            language=tag,
            kind=self.kind(),
            headline=headline,
            description=self.description() or None,
            body=body.blocks,
            text=text,
            authors=self.authors(),
            source=self.source(),
            dateline=self.dateline(),
            date_published=self.date_published(),
            date_modified=self.date_modified(),
            sections=self.sections(),
            keywords=self.keywords(),
            images=self.images(),
            videos=self.videos(),
            related=self.related(),
            based_on=self.based_on(),
            extractor=Extractor(
                name="banluu",
                version=__version__,
                page=f"{type(self).__name__}/{self.template()}",
                trafilatura=trafilatura_version() if self.body_reading.by_trafilatura else None,
            ),
            capture=capture,
        )
        return replace(article, flags=self.flags(article))


def _is_heading(block: TextBlock | MediaBlock, text: str) -> bool:
    return isinstance(block, TextBlock) and block.type == "heading" and block.text == text


def _bare_host(url: str) -> str:
    return (urlsplit(url).hostname or "unknown").removeprefix("www.")


def _is_before(first: str | None, second: str | None) -> bool:
    return bool(first and second) and datetime.fromisoformat(first or "") < datetime.fromisoformat(
        second or ""
    )
