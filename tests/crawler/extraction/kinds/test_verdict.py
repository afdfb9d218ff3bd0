"""A reading gives its verdict's kind."""

from crawler.extraction.kinds.verdict import PageReading, Verdict


def test_the_kind_of_a_reading() -> None:
    reading = PageReading(verdict=Verdict(kind="wall", reasons=("- a login",)))
    assert (reading.kind, reading.article, reading.misplaced) == ("wall", None, None)
