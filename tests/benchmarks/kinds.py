"""The kinds of pages: how many real pages give an article, and the table of weights, learned anew.

    python -m tests.benchmarks.kinds FOLDER              # what is kept and refused with the table as it is
    python -m tests.benchmarks.kinds FOLDER --learn      # the same cross-validated by site, and a new table

FOLDER holds `fundus`, `magic`, `wcxb` and `kinds`, each a `.jsonl.xz` with a page a line: `html_latin1`, `url`, and
`kind` where not all are articles. The first two are news, the third articles of all kinds of sites; of the fourth
most are none. A weight may not leave the side of zero on which it is in the table.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections import Counter
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.domains import site_of
from crawler.extraction import ArticlePage, OneCmsPage, parse_html
from crawler.extraction.kinds import THRESHOLD, judge, weighed
from crawler.extraction.kinds.judge import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SETS = ("fundus", "magic", "wcxb", "kinds")
_SEED = 20261126
_FOLDS = 8
_ROUNDS = 400
_PENALTY = 12.0  # of squared weights, in standard deviations of their signs
_STEP = 0.5
_FAVOUR = 2.6  # a lost article counts as much as so many pages that should not have been kept


@dataclass
class Page:
    """A page of the sets: what it is, and what the decision sees of it."""

    set: str
    site: str
    url: str
    kind: str
    #: The kind that did not need weights; None if the weights decide.
    decided: str | None
    #: What JSON-LD adds to the sum.
    bonus: float
    signs: list[float]

    @property
    def is_article(self) -> bool:
        return self.kind == "article"


NAMES = list(weighed.WEIGHTS)


def read(folder: Path) -> Iterator[Page]:
    """Yield the pages of all sets."""
    for name in SETS:
        with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                kind = row.get("kind", "article")
                yield _page(name, kind, row["url"], row["html_latin1"].encode("latin-1"))


def _page(name: str, kind: str, url: str, body: bytes) -> Page:
    tree = parse_html(body)
    assert tree is not None
    page = ArticlePage(tree, url)
    if page.select(".cms-body"):
        page = OneCmsPage(tree, url)
    verdict = judge(page)
    facts = read_facts(page)
    signs = weighed.signs(facts)
    bonus = weighed.json_ld(facts)
    decided = None if verdict.score is not None else verdict.kind
    values = [float(signs[each]) for each in NAMES]
    return Page(name, site_of(url), url, kind, decided, bonus, values)


@dataclass
class Table:
    """Weights in the order of NAMES."""

    weights: list[float]
    bias: float

    def score(self, page: Page) -> float:
        total = self.bias + page.bonus + sum(w * x for w, x in zip(self.weights, page.signs, strict=True))
        return 1 / (1 + exp(-max(-50.0, min(50.0, total))))

    def keeps(self, page: Page, threshold: float) -> bool:
        return page.decided == "article" if page.decided else self.score(page) >= threshold


def learn(pages: Sequence[Page]) -> Table:
    """Return the table that fits *pages*: logistic regression, each weight on its side of zero."""
    pages = [page for page in pages if page.decided is None]
    count = len(pages)
    means = [sum(page.signs[n] for page in pages) / count for n in range(len(NAMES))]
    spreads = [
        sqrt(sum((page.signs[n] - means[n]) ** 2 for page in pages) / count) or 1.0 for n in range(len(NAMES))
    ]
    rows = [
        [(x - mean) / spread for x, mean, spread in zip(page.signs, means, spreads, strict=True)]
        for page in pages
    ]
    sides = [1 if weighed.WEIGHTS[name] > 0 else -1 for name in NAMES]
    # Whatever their numbers, the articles count more: the table must rather keep a page than lose one.
    articles = sum(page.is_article for page in pages)
    shares = [
        count / 2 / articles * _FAVOUR if page.is_article else count / 2 / (count - articles)
        for page in pages
    ]
    weights, bias = [0.0] * len(NAMES), 0.0
    velocity, bias_velocity = [0.0] * len(NAMES), 0.0
    for _ in range(_ROUNDS):
        gradient, bias_gradient = [_PENALTY / count * w for w in weights], 0.0
        for page, row, share in zip(pages, rows, shares, strict=True):
            total = bias + page.bonus + sum(w * x for w, x in zip(weights, row, strict=True))
            error = share * (1 / (1 + exp(-max(-50.0, min(50.0, total)))) - page.is_article) / count
            bias_gradient += error
            for n, x in enumerate(row):
                gradient[n] += error * x
        velocity = [0.9 * v - _STEP * 0.1 * g for v, g in zip(velocity, gradient, strict=True)]
        bias_velocity = 0.9 * bias_velocity - _STEP * 0.1 * bias_gradient
        bias += bias_velocity
        weights = [
            max(0.0, w + v) if side > 0 else min(0.0, w + v)
            for w, v, side in zip(weights, velocity, sides, strict=True)
        ]
    scaled = [w / spread for w, spread in zip(weights, spreads, strict=True)]
    return Table(scaled, bias - sum(w * mean for w, mean in zip(scaled, means, strict=True)))


def cross_validated(pages: Sequence[Page]) -> list[tuple[Page, Table]]:
    """Return each page with a table that no page of its site was learned for."""
    sites = sorted({page.site for page in pages})
    random.Random(_SEED).shuffle(sites)
    fold_of = {site: number % _FOLDS for number, site in enumerate(sites)}
    tables = [learn([page for page in pages if fold_of[page.site] != fold]) for fold in range(_FOLDS)]
    return [(page, tables[fold_of[page.site]]) for page in pages]


def report(judged: Sequence[tuple[Page, Table]], thresholds: Sequence[float]) -> None:
    """Print how many pages of each set and kind are taken for articles."""
    total = Counter((page.set, page.kind) for page, _ in judged)
    for threshold in thresholds:
        kept = Counter((page.set, page.kind) for page, table in judged if table.keeps(page, threshold))
        columns = [f"{name}/{kind} {kept[name, kind]}/{total[name, kind]}" for name, kind in sorted(total)]
        general = [(page, table) for page, table in judged if page.set in {"wcxb", "kinds"}]
        articles = [table.keeps(page, threshold) for page, table in general if page.is_article]
        others = [not table.keeps(page, threshold) for page, table in general if not page.is_article]
        print(f"{threshold:.2f}  general articles {sum(articles) / len(articles):.3f}, others refused"
              f" {sum(others) / len(others):.3f}; {', '.join(columns)}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--learn", action="store_true", help="learn the table anew, and print it")
    parser.add_argument(
        "--lost", action="store_true", help="print the articles that are lost, and what is kept"
    )
    options = parser.parse_args()
    pages = list(read(options.folder))
    thresholds = (0.2, 0.3, 0.4, THRESHOLD, 0.6)
    shipped = Table([weighed.WEIGHTS[name] for name in NAMES], weighed.BIAS)
    print("the table as it is:")
    report([(page, shipped) for page in pages], thresholds)
    if options.lost:
        for page in pages:
            if shipped.keeps(page, THRESHOLD) != page.is_article:
                print(page.set, page.kind, page.decided, f"{shipped.score(page):.2f}", page.url[:110])
    if options.learn:
        print("cross-validated by site:")
        report(cross_validated(pages), thresholds)
        table = learn(pages)
        print("learned from all:")
        report([(page, table) for page in pages], thresholds)
        for name, weight in zip(NAMES, table.weights, strict=True):
            print(f'    "{name}": {weight:.2f},')
        print(f"BIAS = {table.bias:.2f}")


if __name__ == "__main__":
    main()
