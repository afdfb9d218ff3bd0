"""Error pages that are known again, within what is kept of each host."""

from __future__ import annotations

from crawler.extraction import KnownPages, PageReading, Verdict, read
from crawler.extraction.kinds.known_pages import text_digest

SITE = "https://example.com/news/"
ARTICLE = Verdict(kind="article", score=0.7)


def _reading(digest: str | None = "d", kind: str = "article", *, proves_itself: bool = False) -> PageReading:
    verdict = ARTICLE if kind == "article" else Verdict(kind="error")
    return PageReading(verdict=verdict, text_digest=digest, proves_itself=proves_itself)


def test_digests_leave_out_what_differs() -> None:
    one = text_digest("No page at /news/a-1 (request 4711).", SITE + "a-1")
    assert one == text_digest("No  page at /news/b-2\n(request 12)", SITE + "b-2")
    assert one != text_digest("No page today", SITE + "a-1")
    assert text_digest(" 12 \n", SITE) is None
    assert text_digest("a \ud800", "http://[")


def test_the_text_of_an_error_page_is_known_again() -> None:
    known = KnownPages()
    assert known.check(SITE + "1", _reading()).kind == "article"
    assert known.check(SITE + "2", _reading(kind="error")).kind == "error"
    again = known.check(SITE + "3", _reading())
    assert (again.kind, again.article, again.verdict.score) == ("error", None, 0.7)
    assert "error page of this site" in again.verdict.reasons[0]
    assert known.check(SITE + "3", _reading(proves_itself=True)).kind == "article"
    assert known.check("https://example.org/news/3", _reading()).kind == "article"


def test_the_text_of_a_real_404_counts() -> None:
    known = KnownPages()
    known.note_error(SITE + "1", "d")
    known.note_error(SITE + "1", None)
    assert known.check(SITE + "2", _reading()).kind == "error"


def test_a_text_that_two_other_addresses_showed() -> None:
    known = KnownPages()
    kinds = [known.check(SITE + number, _reading()).kind for number in "1121345"]
    assert kinds == ["article", "article", "article", "article", "error", "error", "error"]
    assert known.check(SITE + "9", _reading(None)).kind == "article"


def test_what_proves_itself_is_not_counted() -> None:
    known = KnownPages()
    for number in "123":
        assert known.check(SITE + number, _reading(proves_itself=True)).kind == "article"
    assert known.check(SITE + "4", _reading()).kind == "article"


def test_what_was_not_seen_for_longest_is_forgotten() -> None:
    known = KnownPages(most_hosts=2, most_texts=2)
    known.note_error(SITE, "d")
    known.note_error(SITE, "e")
    known.note_error(SITE, "f")
    assert known.check(SITE + "2", _reading("d")).kind == "article"
    assert known.check(SITE + "2", _reading("f")).kind == "error"
    for host in ("a.example", "b.example"):
        known.note_error(f"https://{host}/", "d")
    assert known.check(SITE + "3", _reading("f")).kind == "article"
    assert known.check("http://[", _reading()).kind == "article"


def test_pages_as_they_are_read() -> None:
    head = "<title>Red River Post</title><h1>Latest</h1>"
    text = (
        "<p>We have nothing at {} for you, dear friend of ours; the editors wish you a very pleasant day.</p>"
        * 3
    )
    readings = [
        read((head + text.replace("{}", f"/news/{n}")).encode(), f"{SITE}{n}", threshold=0.0)
        for n in ("a", "b", "c")
    ]
    assert len({reading.text_digest for reading in readings}) == 1
    known = KnownPages()
    checked = [known.check(f"{SITE}{n}", each).kind for n, each in zip("abc", readings, strict=True)]
    assert checked == ["article", "article", "error"]
    named = f'<link rel="canonical" href="http://example.com/news/a/">{head}{text}'
    assert read(named.encode(), f"{SITE}a").proves_itself
    assert not read(named.encode(), f"{SITE}b").proves_itself
