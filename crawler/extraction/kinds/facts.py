"""What a page shows about its kind, gathered in one walk over its tree."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from crawler.extraction.kinds import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

    from crawler.extraction.unknown.blocks import Block

_LD_TYPE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"([A-Za-z:/.]+)"')
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_COUNTED = {
    "code": "code", "pre": "code", "button": "button", "article": "article", "blockquote": "quotation",
    "time": "time", "video": "film", "audio": "film",
}  # fmt: skip
_FILM = re.compile(r"youtube|youtu\.be|vimeo|dailymotion|player|video|embed|vod", re.IGNORECASE)
_LISTS = {"ItemList", "CollectionPage", "SearchResultsPage", "ProfilePage"}
_EXTENSION = re.compile(r"\.\w{2,5}$")
_SLUG = re.compile(r"[-_+\s]")
_MOST_TEXT = 20_000  # characters that are searched for words
_WHOLE_PAGE = {"main", "form", "body", "html"}
_LONG = 40
_AROUND = (6, 8)  # runs before and after the headline in which its date is looked for


@dataclass(slots=True)
class PageFacts:
    """The facts of one page. Sizes are in letters, see `words.size`."""

    url: str
    title: str = ""
    h1: str = ""
    #: `og:type`, and the types of the objects in JSON-LD.
    og_type: str = ""
    types: Counter[str] = field(default_factory=Counter)
    meta: dict[str, str] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)
    #: Of the article as the finder or a rule has it: its paragraphs, their size, that of everything in it,
    #: and the beginning of its text in lower case.
    paragraphs: int = 0
    prose: int = 0
    body: int = 0
    text: str = ""
    #: Of all text on the page.
    total: int = 1
    #: A date of publication in the head or in one or two marked places; a visible date near the headline.
    is_published: bool = False
    has_date: bool = False
    #: That date stands between the headline and the text, right after the text, or in one box with the
    #: headline: it is not just today's, which many sites print at the top of every page.
    has_own_date: bool = False
    #: Its paragraphs that are no mere date or name, and those of them right below a headline that is a link.
    long: int = 0
    led: int = 0
    #: Size of those of its runs that are links.
    linked_inside: int = 0
    #: All of its paragraphs are in the page's footer, or are the imprint.
    is_footer: bool = False
    #: Size of long links and of headlines that are links.
    linked: int = 0
    #: The share of the paragraphs with one parent, and with one grandparent.
    side_by_side: float = 0.0
    under_one_roof: float = 0.0
    #: Short texts of the page, in lower case.
    shorts: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> str:
        return urlsplit(self.url).query

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def own_names(self) -> set[str]:
        """The names of the site: in its address, and as it gives it."""
        names = {label for label in re.split(r"[.-]", self.host) if len(label) > 3}
        return names | {name for name in [_low(self.meta.get("og:site_name"))] if name}

    @property
    def slug(self) -> list[str]:
        """The words of the last part of the path."""
        segments = [segment for segment in self.path.split("/") if segment]
        last = _EXTENSION.sub("", unquote(segments[-1])) if segments else ""
        return [word for word in _SLUG.split(last) if word]

    @property
    def says_article(self) -> bool:
        """Whether JSON-LD says that the page is an article; a list of articles names many."""
        named = sum(count for name, count in self.types.items() if words.LD_ARTICLE.search(name))
        return named > 0 and not (named > 2 and not _LISTS.isdisjoint(self.types))


def facts_of(tree: HtmlElement, url: str, runs: Sequence[Block], everything: Sequence[Block]) -> PageFacts:
    """Return the facts of the page *tree*: *runs* are the blocks of its article, *everything* all blocks."""
    facts = PageFacts(url)
    _walk(tree, facts)
    sizes = [words.size(block.text) for block in everything]
    facts.total = sum(sizes) or 1
    facts.shorts = [block.text.lower() for block in everything if len(block.text) < 60]
    _read_article(facts, runs)
    place = {block.element: number for number, block in reversed(list(enumerate(everything)))}
    own = sorted(place[run.element] for run in runs if not run.is_heading and run.element in place)
    long = [at for at in own if sizes[at] >= _LONG]
    facts.long = len(long)
    facts.led = sum(
        any(everything[above].linked > 0.8 and sizes[above] >= 20 for above in range(max(0, at - 2), at))
        for at in long
    )
    facts.linked = sum(
        size for block, size in zip(everything, sizes, strict=True) if block.linked > 0.8 and size >= 30
    )
    facts.has_date = _has_date(everything, sizes, own)
    facts.has_own_date = _has_own_date(everything, sizes, own)
    marked = facts.count["p:datePublished"]
    facts.is_published = not words.PUBLISHED.isdisjoint(facts.meta) or 1 <= marked <= 2
    return facts


def read_hidden(facts: PageFacts, texts: Sequence[str]) -> None:
    """Take *texts*, paragraphs of an article that only the page's scripts have, as those of the article."""
    sizes = list(map(words.size, texts))
    facts.paragraphs, facts.prose, facts.body = len(texts), sum(sizes), sum(sizes)
    facts.long = sum(size >= _LONG for size in sizes)
    facts.total = max(facts.total, facts.body)
    facts.text = _low(" ".join(texts)[:_MOST_TEXT])
    facts.side_by_side = facts.under_one_roof = 1.0
    facts.h1 = facts.h1 or facts.title


def _read_article(facts: PageFacts, runs: Sequence[Block]) -> None:
    prose = [run for run in runs if not run.is_heading]
    sizes = [words.size(run.text) for run in prose]
    whole = sum(sizes) or 1
    facts.paragraphs, facts.prose, facts.body = (
        len(prose),
        sum(sizes),
        sum(words.size(run.text) for run in runs),
    )
    facts.linked_inside = sum(words.size(run.text) for run in runs if run.linked > 0.8)
    facts.text = _low(" ".join(run.text for run in prose)[:_MOST_TEXT])
    parents: Counter[HtmlElement | None] = Counter()
    grandparents: Counter[HtmlElement | None] = Counter()
    for run, size in zip(prose, sizes, strict=True):
        parent = run.element.getparent()
        parents[parent] += size
        grandparents[parent.getparent() if parent is not None else None] += size
    facts.side_by_side = max(parents.values(), default=0) / whole
    facts.under_one_roof = max(grandparents.values(), default=0) / whole
    facts.is_footer = facts.body < 600 and bool(prose) and all(map(_is_imprint, prose))


def _is_imprint(run: Block) -> bool:
    return _in_footer(run.element) or len(words.IMPRINT.findall(run.text)) >= 2


def _walk(tree: HtmlElement, facts: PageFacts) -> None:
    count = facts.count
    for element in tree.iter():
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name") or element.get("itemprop")
            if name and (content := element.get("content")):
                facts.meta.setdefault(name.lower(), content)
            continue
        if tag in {"link", "script", "title"}:
            _read_head(element, facts)
            continue
        if tag == "h1":
            facts.h1 = facts.h1 or _low(element.text_content())[:200]
        elif tag in _HEADINGS:
            count["linked heading" if _is_linked(element) else "plain heading"] += 1
        elif tag == "input":
            count["password"] += (element.get("type") or "").lower() == "password"
        elif tag == "iframe":
            count["film"] += bool(_FILM.search(element.get("src") or element.get("data-src") or ""))
        elif tag in _COUNTED:
            count[_COUNTED[tag]] += 1
        if classes := element.get("class"):
            for mark in _marks(classes):
                count[mark] += 1
        if prop := element.get("itemprop"):
            count[f"p:{prop}"] += 1
    facts.og_type = _low(facts.meta.get("og:type"))


def _read_head(element: HtmlElement, facts: PageFacts) -> None:
    if element.tag == "link":
        facts.count["next"] += (element.get("rel") or "").lower() in {"next", "prev"}
    elif element.tag == "title":
        facts.title = facts.title or _low(element.text)[:200]
    elif "ld+json" in (element.get("type") or ""):
        facts.types.update(name.rsplit("/", 1)[-1] for name in _LD_TYPE.findall(element.text or ""))


def _is_linked(heading: HtmlElement) -> bool:
    around = islice(heading.iterancestors(), 2)
    return next(heading.iter("a"), None) is not None or any(each.tag == "a" for each in around)


def _has_date(everything: Sequence[Block], sizes: Sequence[int], own: Sequence[int]) -> bool:
    """Return whether a short run near the headline has a date that is no other article's or imprint's."""
    head = next((at for at, block in enumerate(everything) if _is_headline(block)), own[0] if own else 0)
    before, after = _AROUND
    for at in range(max(0, head - before), min(len(everything), head + after)):
        block = everything[at]
        if at > head and block.linked > 0.8 and sizes[at] >= 30:
            # From here on, dates are those of other articles.
            return False
        if _is_date(block):
            return True
    return False


def _has_own_date(everything: Sequence[Block], sizes: Sequence[int], own: Sequence[int]) -> bool:
    head = next((at for at, block in enumerate(everything) if _is_headline(block)), None)
    if head is None or (own and own[0] <= head):
        return False
    first = own[0] + 1 if own else len(everything)
    between = range(head + 1, min(first, head + 1 + _AROUND[1]))
    after = range(own[-1] + 1, min(own[-1] + 3, len(everything))) if own else range(0)
    above = everything[max(0, head - 2) : head]
    if any(_is_date(block) and _is_in_one_box(block, everything[head]) for block in above):
        return True
    for places in (between, after):
        for at in places:
            if everything[at].linked > 0.5 and sizes[at] >= 20:
                break
            if _is_date(everything[at]):
                return True
    return False


def _is_in_one_box(block: Block, headline: Block) -> bool:
    if block.boilerplate:
        return False
    boxes = {each for each in islice(headline.element.iterancestors(), 2) if each.tag not in _WHOLE_PAGE}
    return not boxes.isdisjoint(islice(block.element.iterancestors(), 2))


def _is_date(block: Block) -> bool:
    is_date = len(block.text) <= 140 and block.linked < 0.5 and words.DATE.search(block.text)
    return bool(is_date) and not _in_footer(block.element) and not words.IMPRINT.search(block.text)


def _is_headline(block: Block) -> bool:
    return any(each.tag == "h1" for each in (block.element, *islice(block.element.iterancestors(), 2)))


def _in_footer(element: HtmlElement) -> bool:
    return any(
        each.tag == "footer" or "footer" in f"{each.get('class') or ''} {each.get('id') or ''}".lower()
        for each in (element, *element.iterancestors())
    )


@lru_cache(20_000)
def _marks(classes: str) -> tuple[str, ...]:
    low = classes.lower()
    named = [name for name, parts in words.CLASS_PARTS.items() if any(part in low for part in parts)]
    return (*named, *(name for name, pattern in words.CLASSES.items() if pattern.search(low)))


def _low(text: str | None) -> str:
    return " ".join((text or "").lower().split())


def says(phrases: Iterable[str], texts: Sequence[str]) -> int:
    """Return how many of *texts* have any of *phrases*."""
    everything = "\n".join(texts)
    there = [phrase for phrase in phrases if phrase in everything]
    return sum(any(phrase in text for phrase in there) for text in texts) if there else 0
