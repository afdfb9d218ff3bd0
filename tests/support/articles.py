"""Articles and texts made up."""

from __future__ import annotations

import random

from crawler.items import Article, Extractor


def an_article(number: int, headline: str = "A headline") -> Article:
    return Article(
        id=f"x:y:{number}",
        url=f"http://a.vn/{number}",
        canonical_url=None,
        publisher="x",
        edition="y",
        language=None,
        headline=headline,
        extractor=Extractor(name="test", version="1", page="test"),
    )


VOCABULARY = [f"word{number}" for number in range(3000)]


CHARACTERS = [chr(0x4E00 + number) for number in range(2000)]


def random_text(seed: int, *, cjk: bool = False, length: int = 400) -> str:
    chance = random.Random(seed)
    return ("" if cjk else " ").join(chance.choices(CHARACTERS if cjk else VOCABULARY, k=length))


def with_changes(text: str, count: int, *, cjk: bool = False) -> str:
    chance = random.Random(text[:50])
    words = list(text) if cjk else text.split(" ")
    for at in chance.sample(range(len(words)), count):
        words[at] = "X" if cjk else "changed"
    return ("" if cjk else " ").join(words)
