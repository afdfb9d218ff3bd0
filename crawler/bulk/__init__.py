"""Articles out of what is there already, in bulk: WARC, WACZ and WET files near and far, saved pages.

    from crawler.bulk import Plan, Processes, extracted, find_shards

Inputs become shards, each of which is read by one process; what they give comes in the order of the inputs,
and is the same whoever does the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.bulk.outputs import opened
from crawler.bulk.pages import articles_in, articles_of, learned_from, records_of
from crawler.bulk.parts import Parts, run_of
from crawler.bulk.pools import Dask, InProcess, Processes, cores
from crawler.bulk.shards import Shard, find_shards, listed_in
from crawler.bulk.tasks import Extracted, Plan
from crawler.bulk.url_filter import UrlFilter, lines_of_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.bulk.pools import Pool

__all__ = [
    "Dask",
    "Extracted",
    "InProcess",
    "Parts",
    "Plan",
    "Processes",
    "Shard",
    "UrlFilter",
    "articles_in",
    "articles_of",
    "cores",
    "extracted",
    "find_shards",
    "learned_from",
    "lines_of_index",
    "listed_in",
    "opened",
    "records_of",
    "run_of",
]


def extracted(
    pool: Pool, plan: Plan, shards: Sequence[Shard], parts: Parts | None = None
) -> Iterator[tuple[Shard, Extracted]]:
    """Yield what each of *shards* gives, in their order. With *parts*, what these have is not done again."""
    missing = [number for number in range(len(shards)) if parts is None or not parts.has(number)]
    left, turn = set(missing), 0
    done: dict[int, Extracted] = {}
    results = pool.results(plan, ((number, shards[number]) for number in missing))
    while turn < len(shards):
        if turn in left:
            number, result = next(results)
            left.discard(number)
            if parts:
                parts.put(number, result)
            else:
                done[number] = result
        else:
            yield shards[turn], parts.get(turn) if parts else done.pop(turn)
            turn += 1
    # What it holds open is closed by its end.
    for _ in results:
        pass
