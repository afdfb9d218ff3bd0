"""Our index is the one that cdxj-indexer makes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.crawls import SEEDS, crawl

if TYPE_CHECKING:
    from pathlib import Path


def test_the_index_is_that_of_cdxj_indexer(tmp_path: Path) -> None:
    ended = crawl("vna", tmp_path, {"REPLAY": SEEDS})
    theirs = subprocess.run(
        # Without its metadata records: they are no answers, and the crawl's own index leaves them out.
        [
            sys.executable,
            "-m",
            "cdxj_indexer.main",
            "-s",
            "--records=response,revisit",
            *map(str, ended.warcs),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    ours = (ended.root / "indexes" / "index.cdxj").read_text()
    assert len(ours.splitlines()) == 13
    assert ours == theirs.stdout
