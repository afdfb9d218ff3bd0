"""Crawls `scrapy crawl` and kills it, as `kill -9` does, at one chosen instant of its writing.

    python tests/support/crash_driver.py NUMBER HOW ACKNOWLEDGED crawl vna …

Every write that the product makes is an instant: of a WARC record, an index line, an item line, a state row, a
rename, a merge. NUMBER counts them; HOW is "before", "half" (of its bytes) or "after". What the crawl was told to be
stored goes into the file ACKNOWLEDGED, a line of JSON each. NUMBER 0 kills nothing and counts them, into that file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from archive.collection import Collection
from archive.writer import _GrowingFile
from crawler.recording.output import CrawlOutput
from crawler.state.articles import Articles
from crawler.state.frontier import Frontier
from crawler.state.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER, HOW, ACKNOWLEDGED = int(sys.argv[1]), sys.argv[2], sys.argv[3]
seen = 0


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _instant(cls: type, name: str, half: Callable[..., None] | None = None) -> None:
    """Make each call of the method *name* an instant; *half* does half of what it does."""
    original = getattr(cls, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        global seen  # noqa: PLW0603
        seen += 1
        here = seen == NUMBER
        if here and HOW == "half" and half:
            half(self, *args)
        if here and HOW != "after":
            _die()
        result = original(self, *args, **kwargs)
        if here:
            _die()
        return result

    setattr(cls, name, method)


def _acknowledge(cls: type, name: str, brief: Callable[[Any], object]) -> None:
    """Note, in *brief*, what the method *name* returns, once it has.

    The notes stay smaller than any file of the crawl: where files have a largest size, it is not theirs that is met.
    """
    original = getattr(cls, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if result is not None:
            with open(ACKNOWLEDGED, "ab", buffering=0) as log:  # noqa: PTH123
                log.write(json.dumps({name: brief(result)}).encode() + b"\n")
        return result

    setattr(cls, name, method)


def _half_a_member(self: Any, data: bytes) -> None:
    self._file.write(data[: len(data) // 2])


def _half_a_line(self: Any, line: bytes) -> None:
    self._out.write(line[: len(line) // 2])


def _half_an_index_line(self: Any, name: str, line: str) -> None:
    with (self.indexes / f"{name}.cdxj.open").open("a") as pending:
        pending.write(line[: len(line) // 2])


_instant(_GrowingFile, "_write", _half_a_member)
_instant(Collection, "append_index_line", _half_an_index_line)
_instant(CrawlOutput, "_write_line", _half_a_line)
_instant(Articles, "remember")
_instant(Visits, "record_article")
_instant(Frontier, "announce")
_instant(Collection, "publish")
_instant(Collection, "_merge")
_acknowledge(CrawlOutput, "record", asdict)
_acknowledge(CrawlOutput, "store", lambda article: [article.id, article.revision.number])

if __name__ == "__main__":
    from scrapy.cmdline import execute

    try:
        execute(["scrapy", *sys.argv[4:]])
    finally:
        if NUMBER == 0:
            with open(ACKNOWLEDGED, "w") as log:  # noqa: PTH123
                log.write(str(seen))
