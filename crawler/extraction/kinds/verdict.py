"""The kind of a page, and what was read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crawler.items import Article

PageKind = Literal["article", "listing", "error", "challenge", "wall", "other", "empty", "cut", "not_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The kind of a page, and why: the strongest reasons first, "+ …" for an article, "- …" against it."""

    kind: PageKind
    reasons: tuple[str, ...] = ()
    #: How much a page of an unknown site is like an article, from 0 to 1; None where this did not decide.
    score: float | None = None
    #: The address of another article of the publisher that the page names as its own.
    names: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A page that was read: its verdict, and its article if it is one."""

    verdict: Verdict
    article: Article | None = None
    #: The article of a known publisher's page that names another article than the one at its address.
    misplaced: Article | None = None
    #: Of the text that was taken for the article's, without digits, white space and the page's address: pages
    #: that say the same have the same. None if there is no text.
    text_digest: str | None = None
    #: Whether canonical address, og:url or JSON-LD name the address of the page.
    proves_itself: bool = False

    @property
    def kind(self) -> PageKind:
        """The kind of the page."""
        return self.verdict.kind
