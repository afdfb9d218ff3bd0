"""`Totals`: articles by input, and pages by kind, of an extraction."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, get_args

from crawler.extraction import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crawler.bulk.shards import Shard
    from crawler.bulk.tasks import Extracted

_ORDER = {kind: place for place, kind in enumerate(get_args(PageKind))}


def in_words(kinds: Mapping[str, int]) -> str:
    """Return the numbers of pages by kind, articles first: "10 article, 2 listing, 1 cut"."""
    ordered = sorted(kinds, key=lambda kind: (_ORDER.get(kind, len(_ORDER)), kind))
    return ", ".join(f"{kinds[kind]:,} {kind}" for kind in ordered)


class Totals:
    """Adds up the results of shards, for each of the inputs *given*."""

    def __init__(self, given: Sequence[str], shards: Sequence[Shard]) -> None:
        self._articles = dict.fromkeys(given, 0)
        self._kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        read = {shard.given for shard in shards}
        #: Inputs of which something was reported.
        self._reported = {each for each in given if each not in read}

    @property
    def articles(self) -> int:
        """Number of articles in all inputs, every capture counted."""
        return sum(self._articles.values())

    @property
    def kinds(self) -> Counter[str]:
        """Number of pages by kind, in all inputs."""
        return sum(self._kinds.values(), Counter())

    def add(self, shard: Shard, result: Extracted) -> None:
        """Add the *result* of *shard*."""
        self._articles[shard.given] += result.count
        self._kinds[shard.given].update(result.kinds)
        if result.complaints or result.empty:
            self._reported.add(shard.given)

    def without_article(self) -> Iterator[str]:
        """Yield a line for each input that gave no article, unless something was reported of it."""
        for given, count in self._articles.items():
            if not count and given not in self._reported:
                kinds = in_words(self._kinds[given])
                yield f"{given}: no article found" + (f"; pages: {kinds}" if kinds else "")
