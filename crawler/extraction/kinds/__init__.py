"""Is this page an article, and if not, what is it? One decision for every page, with its reasons. Pure.

`facts` gathers what the page shows; `certain` signs name errors, walls and lists outright; a known
publisher's page must prove itself (`proof`), one of an unknown site is `weighed`. `notices` tells texts that
are nothing but a notice; all words of languages are in `words`. `known_pages` knows error pages again.
"""

from crawler.extraction.kinds.judge import judge
from crawler.extraction.kinds.known_pages import KnownPages, text_digest
from crawler.extraction.kinds.proof import names_itself
from crawler.extraction.kinds.verdict import PageKind, PageReading, Verdict
from crawler.extraction.kinds.weighed import THRESHOLD

__all__ = [
    "THRESHOLD",
    "KnownPages",
    "PageKind",
    "PageReading",
    "Verdict",
    "judge",
    "names_itself",
    "text_digest",
]
