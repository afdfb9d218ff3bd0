"""Articles without a crawl: from WARC, WACZ and WET files, local or remote, and from saved pages.

    from crawler.bulk import Plan, Processes, extracted, find_shards

Imports extraction and archive, never Scrapy. Inputs are split into shards, and one process reads each shard.
Results keep the order of the inputs: the output is the same for every pool and number of processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.bulk.outputs import opened
from crawler.bulk.pages import articles_in, articles_of, described, learned_from, readings_in, records_of
from crawler.bulk.parts import Parts, parts_key
from crawler.bulk.pools import Dask, InProcess, Processes, cores
from crawler.bulk.shards import Shard, find_shards, listed_in
from crawler.bulk.tasks import Extracted, Plan
from crawler.bulk.totals import Totals, in_words
from crawler.bulk.url_filter import UrlFilter, lines_of_index
from crawler.bulk.versions import Versions, version_lines

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
    "Totals",
    "UrlFilter",
    "Versions",
    "articles_in",
    "articles_of",
    "cores",
    "described",
    "extracted",
    "find_shards",
    "in_words",
    "learned_from",
    "lines_of_index",
    "listed_in",
    "opened",
    "parts_key",
    "readings_in",
    "records_of",
    "version_lines",
]


def extracted(
    pool: Pool, plan: Plan, shards: Sequence[Shard], parts: Parts | None = None
) -> Iterator[tuple[Shard, Extracted]]:
    """Yield each of *shards* with its articles, in order. Shards that *parts* holds are not read again."""
    missing = [number for number in range(len(shards)) if parts is None or not parts.has(number)]
    pending, turn = set(missing), 0
    done: dict[int, Extracted] = {}
    results = pool.results(plan, ((number, shards[number]) for number in missing))
    while turn < len(shards):
        if turn in pending:
            number, result = next(results)
            pending.discard(number)
            if parts:
                parts.put(number, result)
            else:
                done[number] = result
        else:
            yield shards[turn], parts.get(turn) if parts else done.pop(turn)
            turn += 1
    # Exhausting the generator closes its processes or its connection.
    for _ in results:
        pass
