"""The state in PostgreSQL: it knows what SQLite's knows, and one crawl at a time has a site."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from archive import Capture
from crawler.errors import StateError
from crawler.items import Article, Extractor
from crawler.state import AnnouncedArticle, FetchFacts, SourceState, State, names_at, open_state
from crawler.state.coverage import coverage
from crawler.state.postgresql import Postgresql
from tests.support.postgres import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


def _article(article_id: str, text: str, moment: datetime) -> Article:
    capture = Capture(
        file="a.warc.gz",
        offset=7,
        length=9,
        record_id="<urn:1>",
        date=moment.isoformat(),
        payload_digest=None,
    )
    publisher, edition, _ = article_id.split(":")
    return Article(
        id=article_id, url="https://a.vn/", canonical_url=None, publisher=publisher, edition=edition,
        language=None, headline="A headline", text=text,
        extractor=Extractor(name="test", version="1", page="test"), capture=capture,
    )  # fmt: skip


def _fail_in_transaction(state: State) -> None:
    with state.transaction():
        state.visits.record_failure("x:y:3", "undone", NOW)
        raise ZeroDivisionError


def _told(state: State) -> list[object]:
    """Do all that a crawl does to *state*, and return all that it says meanwhile."""
    told: list[object] = []
    wanted = [
        AnnouncedArticle(
            id=f"x:y:{n}", edition_key="x:y", url=f"https://a.vn/{n}%?", date=NOW - HOUR * n if n else None
        )
        for n in range(4)
    ]
    source = state.sources.key("https://a.vn/sitemap.xml")
    told += [
        source == state.sources.key("https://a.vn/sitemap.xml"),
        state.sources.last_read("https://a.vn/sitemap.xml"),
    ]
    told += [
        state.frontier.announce(source, wanted, "one", NOW),
        state.frontier.announce(source, wanted, "one", NOW),
    ]
    state.sources.record_reading(
        "https://a.vn/sitemap.xml", SourceState(editions="y", since=NOW, etag='"e"'), NOW
    )
    state.sources.keep_robots("https://a.vn/robots.txt", b"\x00\xff", NOW)
    told += [
        state.sources.last_read("https://a.vn/sitemap.xml"),
        state.sources.robots("https://a.vn/robots.txt"),
    ]
    state.sources.record_complete_crawl("y", NOW)
    told += [state.sources.last_complete_crawl("y"), state.sources.last_complete_crawl("z")]
    told += [sorted(each.id for each in state.frontier.lease(2, NOW)), len(state.frontier.lease(9, NOW))]
    state.frontier.release_all()
    for number in (0, 1):
        article = _article(f"x:y:{number}", " ".join(f"word{n}" for n in range(200)), NOW + HOUR * number)
        told += [state.articles.latest(article.id), state.near_duplicates.earliest(article)]
        told.append(state.near_duplicates.twin(article))
        with state.transaction():
            state.articles.remember(article, "one")
            state.near_duplicates.remember(article)
            answer = FetchFacts(requested=NOW + HOUR * number, url=f"https://a.vn/{number}", etag='"1"')
            told.append(state.visits.record_article(article.id, answer, "one", "new"))
        told += [
            state.articles.latest(article.id),
            state.articles.fields_of(article.id, 1),
            state.near_duplicates.resemblance(article.id, article),
            state.visits.is_unrecorded(article.id, NOW + 9 * HOUR),
        ]
    for hours in (2, 3):
        gone = FetchFacts(requested=NOW + hours * HOUR, status=404)
        told.append(state.visits.record_missing("x:y:0", gone, "one", sort="gone"))
        there = FetchFacts(requested=NOW + hours * HOUR, etag='"1"')
        told.append(state.visits.record_article("x:y:1", there, "one", "revised"))
    told += [state.removals.lasts("x:y:0"), state.removals.settle(), state.removals.looks("x:y:0")]
    told += [state.visits.distrusted_since("https://a.vn/1"), list(state.visits.of("x:y:0"))]
    answer = FetchFacts(requested=NOW + 3.5 * HOUR, status=304)
    told.append(state.visits.record_article("x:y:0", answer, "two", "unmodified"))
    state.articles.record_move("x:y:0", "x:y:9", "https://a.vn/9", NOW + 3.6 * HOUR, "two")
    told += [state.articles.first_id("x:y:9"), state.articles.first_id("x:y:1")]
    error = FetchFacts(requested=NOW + 3.7 * HOUR, kind="error")
    told.append(state.visits.record_failure("x:y:1", "error", NOW + 3.7 * HOUR, "two", error))
    told.append(
        state.frontier.announce(
            source,
            [AnnouncedArticle(id="x:y:1", edition_key="x:y", url="https://a.vn/1", date=NOW + 4 * HOUR)],
            "two",
            NOW + 4 * HOUR,
        )
    )
    state.visits.record_failure("x:y:2", "503", NOW)
    told += [
        state.articles.find("https://a.vn/1"),
        state.visits.was_captured("x:y:2"),
        state.frontier.waiting(NOW + 5 * HOUR),
    ]
    told += [list(state.articles.history("x:y:0")), list(coverage(state.database))]
    told += [state.sites.refused("a.vn", NOW) for _ in range(4)]
    told.append(state.sites.rests_until("a.vn"))
    state.sites.welcomed("a.vn")
    state.crawls.began("one", NOW)
    state.crawls.ended("one", NOW + HOUR, "finished", {"a": 1.5})
    told += [state.sites.rests_until("a.vn"), state.crawls.latest(3, NOW + HOUR)]
    with pytest.raises(ZeroDivisionError):
        _fail_in_transaction(state)
    told.append(state.database.value("SELECT reason FROM article WHERE id = ?", ("x:y:3",)))
    visits = state.frontier.lease(9, NOW + 5 * HOUR)
    told.append(sorted((each.id, each.url, each.etag) for each in visits))
    return told


def test_it_says_what_sqlite_says(url: str, tmp_path: Path) -> None:
    with closing(State(None)) as embedded, closing(open_state(tmp_path / "vna", url)) as state:
        assert _told(state) == _told(embedded)


def test_what_it_knows_is_kept_apart_by_collection_but_for_copies(url: str, tmp_path: Path) -> None:
    text = " ".join(f"other{n}" for n in range(200))
    with closing(open_state(tmp_path / "one", url)) as one, closing(open_state(tmp_path / "two", url)) as two:
        first = _article("x:y:9", text, NOW)
        one.articles.remember(first, "job")
        one.near_duplicates.remember(first)
        assert not two.articles.knows("x:y:9")
        assert two.near_duplicates.earliest(_article("x:z:1", text, NOW + HOUR)) == "x:y:9"
        assert not two.articles.knows("x:y:9")
    with closing(open_state(tmp_path / "one", url)) as again:
        assert again.articles.knows("x:y:9")
    assert {"one", "two"} <= set(names_at(url))


def test_a_site_is_leased_to_one_and_goes_on_when_that_one_is_silent(url: str) -> None:
    with closing(Postgresql(url, "vna")) as one, closing(Postgresql(url, "nhandan")) as other:
        assert one.take(["a.vn", "b.vn"], 60) is None
        assert one.take(["a.vn"], 60) is None
        assert other.take(["c.vn", "b.vn"], 60) == one.worker
        # All or nothing: c.vn is free.
        assert one.take(["c.vn"], 60) is None
        assert one.renew(60) == 3
        one.give_back()
        assert other.take(["b.vn"], 0.01) is None
        while one.take(["b.vn"], 60) is not None:
            pass
        assert other.renew(60) == 0
        one.give_back()


def test_what_is_wrong_is_said_without_the_password(url: str, tmp_path: Path) -> None:
    wrong = url.replace("postgres@", "postgres:secret@").replace("/postgres", "/none")
    with pytest.raises(StateError, match=r"does not exist") as told:
        open_state(tmp_path / "x", wrong)
    assert "secret" not in str(told.value)
    with closing(Postgresql(url, "newer")) as database:
        database.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(StateError, match="schema version 99 of newer is from a newer banluu"):
        Postgresql(url, "newer")
