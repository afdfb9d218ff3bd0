"""Finds the article on a page that no rule knows: where the prose is, and what of it belongs.

1. The page is cut into runs of text, each with the clutter that it stands in.
2. Runs that read like prose give weight to the elements around them, less with each step up (as in
   Readability); what the page's own description quotes weighs more. The heaviest element is the article.
3. Boxes of another make than the paragraphs around them go.
4. Repairs: captions, repeated lines and link lines go, headings stay only before text, the lead comes back.

One configuration for every language; the numbers were chosen on news pages of 41 countries.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.extraction.clutter import (
    HEADINGS,
    INLINE,
    SKIPPED,
    cjk_count,
    first_class,
    is_clutter,
    is_menu,
    is_named_clutter,
    is_notice,
    speaks_of_consent,
    teasers,
    words,
)
from crawler.extraction.text import fold, is_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_DECAY = 0.9  # of a run's weight, with each step up
_QUOTED = 3.0  # times the weight of a run that the page's description quotes
_COMMANDING = 0.4  # share of all prose that makes an element the page's own, whatever its name says
_ENOUGH = 0.4  # share of all prose that stands in no clutter; then no clutter is the page's own
_TOO_LITTLE = 200  # weight
_ALL_LINK = 0.9  # share that makes a paragraph a link, whatever it says
_LONG_HEADING = 60  # characters, a CJK one counted twice; it is a paragraph then, as between pictures
_MAIN = 0.45  # share of the prose that makes a child the one that holds the text
_TOGETHER = 0.6  # share that children made alike hold together, where each has a paragraph or so
_BOX = 0.2  # share that a box among paragraphs has at the most
_BEFORE = 0.1  # share that a box before the text has at the most
_AFTER = 0.5  # share that what follows the text has at the most
# What text consists of; any other element among paragraphs is a box.
_TEXT_ELEMENTS = HEADINGS | INLINE | frozenset("p blockquote ul ol li pre center dl dd dt table".split())

_SENTENCE_END = re.compile(r"[.。!！?？…:：;；]['\"”»“’)\]）」』]*$")
_FULL_STOP = re.compile(r"[.。]['\"”»“’)\]）」』]*$")
_CREDIT = re.compile(
    r"^\W{0,3}(?:fotos?|photos?|photograph|images?|bild|bilder|bildrechte|picture|credit|quelle|source|fuente"
    r"|crédit|crédito|ảnh|nguồn|imago|video|vidéo|illustration|grafik|copyright|©|圖|图|写真|사진|資料來源|来源"
    r"|责任编辑|編集)\b.{0,120}$"
    r"|(?:getty images|/getty|\bAFP|/AP|\bAP photo|reuters|shutterstock|imago images|dpa|unsplash|pixabay"
    r"|ANSA|EFE|\bNTB|wikimedia)[^.]{0,40}\)?$"
    r"|©|\bphoto (?:by|credit)|\b(?:foto|photo|bild|image|picture|quelle|credit)s?\s*: ?[^.]{2,60}\)?$",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(r"^\W*(?:\w+,? ){0,3}\d{1,4}[./\-年 ]\s?(?:\w+|\d{1,2})[./\-月 ,]\s?\d{1,4}.{0,25}$")
# What sites ask of their readers between and after paragraphs.
_PLEA = re.compile(
    r"newsletter|subscribe|subscription|sign up|sign in|log ?in\b|logged in|follow us|download (?:the|our)"
    r"|our app\b|whatsapp[- ](?:kanal|channel)|abonnieren|abonnement|anmelden|eingeloggt"
    r"|kommentare? (?:schreiben|abgeben)|weiterlesen\W*$|read more|lesen sie auch|mehr zum thema"
    r"|auch interessant|lea también|lee también|leia também|leggi anche|lire aussi|czytaj (?:też|więcej)"
    r"|会員限定|有料会員|登録すると|责任编辑|本文来源|版权归|转载|扫码|关注我们|客户端下载|more stories"
    r"|all rights reserved|terms of (?:use|service)|affiliate|support our",
    re.IGNORECASE,
)
_LEAD_WORDS = frozenset(
    "lead lede leadtext sapo standfirst summary intro introduction subtitle subtitles subheadline subhead "
    "subheading dek deck excerpt chapo abstract vorspann untertitel ingress description articlelead "
    "sottotitolo entradilla bajada perex sommario".split()
)


_Kind = tuple[str, str] | None


@dataclass(eq=False)
class Run:
    """A run of text between two block boundaries."""

    element: HtmlElement
    text: str
    #: Share of it that is links' text.
    linked: float
    #: The clutter that it stands in, outermost first.
    clutter: tuple[HtmlElement, ...]

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS

    @cached_property
    def is_prose(self) -> bool:
        """It reads like a paragraph: long enough, and not mostly links."""
        length = len(self.text)
        if self.linked >= 0.4 or length < 20:
            return False
        if self.is_heading and (self.element.tag == "h1" or length + cjk_count(self.text) < _LONG_HEADING):
            return False
        if length < 60 and not cjk_count(self.text):
            return False
        return is_language(self.text)

    @cached_property
    def weight(self) -> float:
        # A CJK character says about what three letters do.
        weight = (len(self.text) + 2 * cjk_count(self.text)) * (1 - self.linked)
        return weight * 0.2 if speaks_of_consent(self.text) else weight


class _Cutter:
    """Cuts a tree into runs."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._clutter: list[HtmlElement] = []

    def cut(self, element: HtmlElement, block: HtmlElement, *, in_link: bool = False) -> None:
        """Add the runs in *element*; *block* is the block element that its own text belongs to."""
        if element.text:
            self._add(element.text, in_link=in_link)
        for child in element:
            tag = child.tag
            if tag == "br":
                self.flush(block)
            elif tag not in SKIPPED and isinstance(tag, str) and not is_menu(child):
                self._cut_child(child, block, in_link=in_link or tag == "a")
            if child.tail:
                self._add(child.tail, in_link=in_link)

    def _cut_child(self, child: HtmlElement, block: HtmlElement, *, in_link: bool) -> None:
        clutter = is_clutter(child)
        inline = child.tag in INLINE
        if inline and not clutter:
            self.cut(child, block, in_link=in_link)
            return
        inner = block if inline else child
        self.flush(block)
        if clutter:
            self._clutter.append(child)
        self.cut(child, inner, in_link=in_link)
        self.flush(inner)
        if clutter:
            self._clutter.pop()

    def _add(self, text: str, *, in_link: bool) -> None:
        if not text.isspace():
            self._pieces.append(text)
            self._linked += len(text.strip()) if in_link else 0
        elif self._pieces:
            self._pieces.append(" ")

    def flush(self, block: HtmlElement) -> None:
        """End the run that was being read."""
        if not self._pieces:
            return
        text = fold("".join(self._pieces))
        if text:
            linked = min(1.0, self._linked / len(text))
            self.runs.append(Run(block, text, linked, tuple(self._clutter)))
        self._pieces.clear()
        self._linked = 0


def find_article(tree: HtmlElement, descriptions: Iterable[str]) -> list[Run]:
    """Return the runs of the article on the page *tree*, lead first; empty when there is no prose.

    *descriptions* is what the page's metadata says that it is about.
    """
    body = tree.find("body")
    root = tree if body is None else body
    elements = list(root.iter())  # held, as lxml makes an element anew at each look where nobody holds it
    cutter = _Cutter()
    cutter.cut(root, root)
    cutter.flush(root)
    quotes = [_shingles(text) for text in dict.fromkeys(descriptions) if len(text) >= 30]
    _pardon(cutter.runs)
    runs = _without_notices(cutter.runs, teasers(elements))
    weights = _weights(runs, quotes)
    if not weights:
        return []
    live = _uncluttered(runs, weights)
    top = _heaviest(live, weights)
    inside = set(top.iter())
    own = _without_boxes([run for run in live if run.element in inside], weights, top)
    article = _repaired(_stretch(own, weights))
    return _lead(cutter.runs, article, quotes) + article


def _pardon(runs: list[Run]) -> None:
    """Take what holds the headline for no clutter where only its name says so: it frames the page."""
    headlines = [run for run in runs if run.element.tag == "h1" and run.linked < 0.5]
    framing = {element for run in headlines for element in run.clutter if is_named_clutter(element)}
    for run in runs if framing else ():
        run.clutter = tuple(element for element in run.clutter if element not in framing)


def _without_notices(runs: list[Run], cards: set[HtmlElement]) -> list[Run]:
    """Leave out notices, comments, and teasers (*cards*), unless next to nothing else is there."""
    notices = {element for run in runs for element in run.clutter}
    left_out = {element for element in notices if is_notice(element)} | cards
    inside = {element for each in left_out for element in each.iter()}
    kept = [run for run in runs if run.element not in inside and left_out.isdisjoint(run.clutter)]
    enough = sum(run.weight for run in kept if run.is_prose) >= _TOO_LITTLE
    return kept if enough else runs


def _weights(runs: list[Run], quotes: list[set[str]]) -> dict[Run, float]:
    """Return the weight of each run that reads like prose, or that the page's description quotes."""
    weights: dict[Run, float] = {}
    for run in runs:
        may_be_quoted = quotes and len(run.text) >= 30 and run.linked < 0.4 and not run.is_heading
        letters = "".join(run.text.lower().split()) if may_be_quoted else ""
        share = max((_share_of(quote, letters) for quote in quotes), default=0.0) if letters else 0.0
        if run.is_prose or share >= 0.6:
            weights[run] = run.weight * (_QUOTED if share >= 0.5 else 1.0)
    return weights


def _share_of(quote: set[str], letters: str) -> float:
    """Return how much of *quote* stands in *letters*; 0 where it cannot be half."""
    if 2 * len(letters) < len(quote):
        return 0.0
    return sum(map(letters.__contains__, quote)) / len(quote)


def _uncluttered(runs: list[Run], weights: dict[Run, float]) -> list[Run]:
    """Leave out what stands in clutter, but for clutter that holds much of the page's prose."""
    total = sum(weights.values())
    inside: dict[HtmlElement, float] = {}
    for run, weight in weights.items():
        for element in (run.element, *run.element.iterancestors()):
            inside[element] = inside.get(element, 0.0) + weight
    commanding = {element for element, weight in inside.items() if weight > _COMMANDING * total}
    plain = [run for run in runs if not run.clutter]
    if sum(weights.get(run, 0.0) for run in plain) >= max(_ENOUGH * total, _TOO_LITTLE):
        commanding = set()
    live = [run for run in runs if all(element in commanding for element in run.clutter)]
    left = sum(weights.get(run, 0.0) for run in live)
    return runs if left < max(0.15 * total, _TOO_LITTLE) else live


def _heaviest(runs: list[Run], weights: dict[Run, float]) -> HtmlElement:
    gathered: dict[HtmlElement, float] = {}
    for run in runs:
        weight = weights.get(run, 0.0) * (0.5 if run.element.tag == "li" else 1.0)
        parent = run.element.getparent()
        is_leaf = run.element.tag in {"p", "li", "blockquote"} and parent is not None
        element = parent if is_leaf else run.element
        while weight and element is not None:
            gathered[element] = gathered.get(element, 0.0) + weight
            weight *= _DECAY
            element = element.getparent()
    return max(gathered, key=lambda element: gathered[element])


def _without_boxes(runs: list[Run], weights: dict[Run, float], top: HtmlElement) -> list[Run]:
    """Leave out boxes that stand around and among the paragraphs and are not made like these.

    Notes on the author, pleas, teasers, and facts aside are elements of their own among paragraphs. Goes
    from *top* down to the element that holds most of the text, looking at its children at each step.
    """
    paths = {run: _path(run.element, top) for run in runs}
    boxed: set[Run] = set()
    level, depth = runs, 0
    while True:
        branches: dict[HtmlElement | None, list[Run]] = {}
        for run in level:
            branches.setdefault(_branch(paths[run], depth), []).append(run)
        masses = {branch: sum(weights.get(run, 0.0) for run in inside) for branch, inside in branches.items()}
        main = _text_branches(masses)
        if not main:
            break
        text = {run for branch in main for run in branches[branch] if run in weights}
        before = set(level[: next(number for number, run in enumerate(level) if run in text)])
        for box in _boxes(masses, main):
            inside = branches[box]
            if all(run.element.tag != "pre" for run in inside):
                # Longer ones before the text are its beginning, set apart.
                is_short = masses[box] < _BEFORE * sum(masses.values())
                boxed.update(inside if is_short else set(inside) - before)
        if len(main) > 1 or main[0] is None:
            break
        level, depth = branches[main[0]], depth + 1
    return [run for run in runs if run not in boxed]


def _text_branches(masses: dict[HtmlElement | None, float]) -> list[HtmlElement | None]:
    """Return the one of an element's branches that holds the text, or those alike that hold it together."""
    total = sum(masses.values())
    main = max(masses, key=lambda branch: masses[branch])
    if masses[main] >= _MAIN * total:
        return [main]
    kinds: dict[_Kind, list[HtmlElement | None]] = {}
    for branch in masses:
        kinds.setdefault(_kind(branch), []).append(branch)
    alike = max(kinds.values(), key=lambda branches: sum(masses[branch] for branch in branches))
    together = sum(masses[branch] for branch in alike)
    return alike if len(alike) >= 3 and together >= _TOGETHER * total else []


def _boxes(masses: dict[HtmlElement | None, float], main: list[HtmlElement | None]) -> Iterator[HtmlElement]:
    """Yield those of an element's branches that are no part of the text, which those in *main* hold."""
    text = {None, *map(_kind, main)}
    is_frame = len(main) == 1 and main[0] is not None
    limit = sum(masses.values()) * (_AFTER if is_frame else _BOX)
    for branch, mass in masses.items():
        if branch is not None and mass < limit and _kind(branch) not in text:
            yield branch


def _branch(path: list[HtmlElement], depth: int) -> HtmlElement | None:
    """Return the element at *depth* of *path*; None where the text stands there without a box."""
    if len(path) <= depth or path[depth].tag in _TEXT_ELEMENTS:
        return None
    return path[depth]


def _path(element: HtmlElement, top: HtmlElement) -> list[HtmlElement]:
    """Return the elements from below *top* down to *element*."""
    path = []
    while element is not top:
        path.append(element)
        element = element.getparent()
    return path[::-1]


def _kind(element: HtmlElement | None) -> _Kind:
    """Return how *element* is made; None for none."""
    return None if element is None else (element.tag, first_class(element))


def _stretch(runs: list[Run], weights: dict[Run, float]) -> list[Run]:
    """Return *runs* from the first prose to the last, and the short paragraphs that adjoin these."""
    prose = [number for number, run in enumerate(runs) if run in weights]
    begin, end = prose[0], prose[-1] + 1
    while begin > 0 and _adjoins(runs[begin - 1], runs[begin]):
        begin -= 1
    while end < len(runs) and _adjoins(runs[end], runs[end - 1]):
        end += 1
    return runs[begin:end]


def _adjoins(run: Run, neighbour: Run) -> bool:
    return run.element.tag == "p" and run.element.getparent() is neighbour.element.getparent()


def _repaired(runs: list[Run]) -> list[Run]:
    """Leave out what is no part of the text: captions, repeated lines, links, headings before nothing."""
    times = Counter(run.text for run in runs)
    # Where paragraphs are lines of one element, set apart by `br`, short ones among them are text.
    prose = Counter(run.element for run in runs if run.is_prose)
    kept = [
        run
        for run in runs
        if run.element.tag != "h1" and not _is_residue(run, times[run.text], is_line=prose[run.element] >= 2)
    ]
    return [
        run
        for number, run in enumerate(kept)
        if not run.is_heading or run.is_prose or _leads_to_text(kept, number)
    ]


def _is_residue(run: Run, times: int, *, is_line: bool) -> bool:
    """Tell whether *run* is no part of the text; *is_line* where it is one of an element's lines of prose."""
    length = len(run.text)
    if run.is_heading:
        return run.linked > 0.5
    return (
        (times > 1 and length < 100)
        or (run.linked > 0.5 and (length < 200 or run.linked > 0.6) and not _is_sentence(run))
        or (length < 160 and _CREDIT.search(run.text) is not None)
        or (length < 40 and _DATE_LINE.match(run.text) is not None)
        or (length < 200 and _PLEA.search(run.text) is not None)
        or (
            length < 50
            and not is_line
            and run.element.tag not in {"p", "li", "blockquote", "td"}
            and not _SENTENCE_END.search(run.text)
        )
    )


def _is_sentence(run: Run) -> bool:
    """Tell whether a paragraph with links in it is a sentence: what leads to other pages has no full stop."""
    if run.element.tag != "p" or run.linked >= _ALL_LINK or len(run.text) < 40:
        return False
    return _FULL_STOP.search(run.text) is not None


def _leads_to_text(runs: list[Run], number: int) -> bool:
    if number + 1 == len(runs):
        return False
    following = runs[number + 1]
    # A heading may be followed by one of a lower rank.
    return not following.is_heading or following.element.tag > runs[number].element.tag


def _lead(runs: list[Run], article: list[Run], quotes: list[set[str]]) -> list[Run]:
    """Return the lead where it stands between headline and *article*, as a list of one or none."""
    if not article:
        return []
    end = runs.index(article[0])
    headlines = [number for number, run in enumerate(runs[:end]) if run.element.tag == "h1"]
    begin = headlines[-1] + 1 if headlines else max(0, end - 25)
    opening = _shingles(" ".join(run.text for run in article[:4]))
    candidates: list[tuple[float, int, Run]] = []
    for run in runs[begin:end]:
        if run.linked > 0.4 or not 30 <= len(run.text) <= 900:
            continue
        if len(run.text) < 160 and _CREDIT.search(run.text):
            continue
        shingles = _shingles(run.text)
        quoted = max((len(shingles & quote) / len(shingles) for quote in quotes), default=0.0)
        named = any(words(element) & _LEAD_WORDS for element in _nearest(run.element))
        if (quoted >= 0.6 or named) and len(shingles & opening) < 0.8 * len(shingles):
            candidates.append((quoted, -len(candidates), run))
    return [max(candidates, key=lambda candidate: candidate[:2])[2]] if candidates else []


def _nearest(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield *element* and the two around it."""
    yield element
    for number, ancestor in enumerate(element.iterancestors()):
        if number < 2:
            yield ancestor


def _shingles(text: str) -> set[str]:
    """Return the pieces of six characters of *text*, white space left out."""
    letters = "".join(text.lower().split())
    return {letters[start : start + 6] for start in range(max(1, len(letters) - 5))}
