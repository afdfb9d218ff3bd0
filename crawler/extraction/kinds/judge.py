"""`judge`: the kind of a page that was parsed, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction.kinds.certain import certain
from crawler.extraction.kinds.facts import facts_of, read_hidden
from crawler.extraction.kinds.proof import is_ruled, prove
from crawler.extraction.kinds.verdict import Verdict
from crawler.extraction.kinds.weighed import THRESHOLD, weigh
from crawler.extraction.unknown.blocks import Block, cut
from crawler.extraction.unknown.finder import FoundArticle
from crawler.items import MediaBlock, TextBlock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.extraction.kinds.facts import PageFacts
    from crawler.extraction.page import ArticlePage

_SAMPLE = 60  # characters
_CARD = 150  # letters of text beside a headline that is a link: less is that one's teaser
# In characters.
_LONG = 40
_ENOUGH = 200


def judge(page: ArticlePage, *, is_closed: bool = True, threshold: float = THRESHOLD) -> Verdict:
    """Return the kind of *page*.

    *is_closed* says that its HTML ends with the end of its body or document. On an unknown site a page whose
    score is at least *threshold*, from 0 to 1, is an article.
    """
    facts = read_facts(page)
    has_media = any(isinstance(block, MediaBlock) for block in page.body().blocks) or _is_film(facts)
    sign = certain(facts)
    if sign and not (sign[0] == "empty" and has_media):
        kind, reason = sign
        return Verdict(kind=kind, reasons=(f"- {reason}",))
    if page.publisher:
        return _known(page, facts, is_closed=is_closed, has_media=has_media)
    if not facts.paragraphs:
        if has_media and (facts.is_published or facts.says_article):
            return Verdict(kind="article", reasons=("+ a film or pictures, and a date of publication",))
        return Verdict(kind="empty", reasons=("- no text",))
    score, reasons, is_list = weigh(facts)
    if score >= threshold:
        return Verdict(kind="article", reasons=reasons, score=score)
    return Verdict(kind="listing" if is_list else "other", reasons=reasons, score=score)


def read_facts(page: ArticlePage) -> PageFacts:
    """Return the facts of *page* and of the text that is taken for its article."""
    article, everything = blocks_of(page)
    texts = [block.text for block in page.body().blocks if isinstance(block, TextBlock)]
    if set(texts).isdisjoint(block.text for block in article):
        # Another finder than ours has the body: very short texts, and markup that ours cannot read.
        article = [block for block in everything if block.text in texts] or _within(everything, texts)
    is_hidden = not article and (page.is_scripted or _in_noscript(page, texts))
    if not article and not is_hidden and sum(map(len, texts)) >= _ENOUGH:
        # No block has this text: it is in a link that is never closed, or in the head of a page without body.
        article = [Block(page.tree, text, 0.0, ()) for text in texts]
        everything = [*everything, *article]
    facts = facts_of(page.tree, page.url, article, everything)
    if is_hidden:
        read_hidden(facts, texts)
    return facts


def _in_noscript(page: ArticlePage, texts: list[str]) -> bool:
    """Return whether *texts* stand where only readers without scripts see them."""
    hidden = "".join("".join(each.text_content().split()) for each in page.tree.iter("noscript"))
    return bool(texts) and all("".join(text.split())[:_SAMPLE] in hidden for text in texts)


def _within(everything: Sequence[Block], texts: Sequence[str]) -> list[Block]:
    """Return the longer blocks that are part of *texts*, which may join several of them."""
    whole = "\n".join(texts)
    return [
        block
        for block in everything
        if len(block.text) >= _LONG and block.linked < 0.5 and not block.boilerplate and block.text in whole
    ]


def _known(page: ArticlePage, facts: PageFacts, *, is_closed: bool, has_media: bool) -> Verdict:
    """Return the kind of a known publisher's page against which no certain sign speaks."""
    if page.article_id(page.url) is None:
        is_list = facts.linked > facts.body
        return Verdict(kind="listing" if is_list else "other", reasons=("- the address is no article's",))
    if page.always_closes and not is_closed:
        return Verdict(kind="cut", reasons=("- its HTML ends before its body closes",))
    proof = prove(page)
    cards = facts.count["linked heading"]
    is_list = (cards >= 5 and facts.linked > 3 * facts.body) or (cards >= 8 and facts.body < _CARD * cards)
    if not proof.is_proven:
        return Verdict(kind="listing" if is_list else "other", reasons=proof.reasons, names=proof.other)
    if is_list and not (is_ruled(page) or facts.is_published or facts.says_article):
        return Verdict(kind="listing", reasons=("- headlines that are links, and hardly any text",))
    if not has_media and not (facts.paragraphs and _has_text(page)):
        return Verdict(kind="empty", reasons=("- no text, no pictures and no film",))
    return Verdict(kind="article", reasons=proof.reasons)


def _has_text(page: ArticlePage) -> bool:
    return any(getattr(block, "text", "") for block in page.body().blocks)


def _is_film(facts: PageFacts) -> bool:
    is_video = facts.og_type.startswith("video") or "VideoObject" in facts.types
    return is_video and (facts.count["film"] > 0 or "VideoObject" in facts.types)


def blocks_of(page: ArticlePage) -> FoundArticle:
    """Return the blocks of the article on *page*, as its body has it, and all blocks of the page."""
    if page.body_reading.is_fallback or not page.body_reading.body.blocks:
        return page.found
    body = page.tree.find("body")
    everything = cut(page.tree if body is None else body)
    inside = {element for root in page.body_elements() for element in root.iter()}
    return FoundArticle([block for block in everything if block.element in inside], everything)
