"""The tables of the state, and the migrations to them.

Times are milliseconds since 1970 (UTC). MIGRATIONS[n] brings a database from version n to n + 1. Steps are
added, never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST = """
CREATE TABLE edition (
    name TEXT PRIMARY KEY,
    looked TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    fields TEXT NOT NULL,
    job TEXT NOT NULL
) WITHOUT ROWID;
"""

# Of version 1 the revision numbers are kept; the fields of an article are digested when it is next fetched.
_FRONTIER = """
ALTER TABLE article RENAME TO old_article;
DROP TABLE edition;
CREATE TABLE edition (
    name TEXT PRIMARY KEY,
    looked BIGINT NOT NULL         -- start of the last crawl that read all its announcements
) WITHOUT ROWID;
CREATE TABLE source (              -- sitemaps, feeds and listings, which announce; and robots.txt
    key INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL DEFAULT '',-- the editions for which it was last read
    since BIGINT,                  -- entries from this time on were taken then; NULL: all
    lastmod BIGINT,                -- its date in the sitemap index at that time
    etag TEXT,
    modified TEXT,                 -- its Last-Modified header
    read BIGINT,                   -- when it was last read to its end
    read_there BIGINT,             -- the same by the server's clock
    body BLOB                      -- only of robots.txt
);
CREATE TABLE article (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,       -- publisher:edition:article id
    site TEXT NOT NULL,            -- the edition_key, publisher:edition
    url TEXT NOT NULL,
    announced BIGINT,              -- when we first saw it announced; NULL: never
    dated BIGINT,                  -- the latest date announced with it
    due BIGINT,                    -- when to fetch it next; NULL: never
    renewed BIGINT,                -- when an announcement last made it due again
    wanted_by TEXT,                -- the crawl that last saw it announced
    leased_until BIGINT,           -- a crawl is fetching it
    captured BIGINT,               -- when its page was first fetched
    fetched BIGINT,                -- when its last successful request was sent
    fetched_there BIGINT,          -- the same by the server's clock
    visits INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,  -- in a row
    failing_since BIGINT,
    reason TEXT,                   -- of the latest failure
    removed BIGINT,                -- when the server first said that it is gone
    etag TEXT,
    modified TEXT,
    revision INTEGER NOT NULL DEFAULT 0,
    fields BLOB                    -- digests of the fields of the latest revision
);
CREATE INDEX article_due ON article (due) WHERE due IS NOT NULL;
CREATE TABLE announcement (        -- each date that a source gave for an article
    article INTEGER NOT NULL,
    source INTEGER NOT NULL,
    dated BIGINT NOT NULL,         -- 0: none given
    seen BIGINT NOT NULL,
    PRIMARY KEY (article, source, dated)
) WITHOUT ROWID;
CREATE TABLE event (               -- revisions, removals and returns
    article INTEGER NOT NULL,
    seen BIGINT NOT NULL,
    what TEXT NOT NULL,            -- revision, removed, returned
    number INTEGER NOT NULL DEFAULT 0,
    changed TEXT NOT NULL DEFAULT '',  -- names of fields, separated by commas
    job TEXT NOT NULL,
    file TEXT, place BIGINT, record_id TEXT,
    PRIMARY KEY (article, seen, what, number)
) WITHOUT ROWID;
CREATE TABLE sketch (              -- the sketch of each article's latest text: see crawler.state.minhash
    article INTEGER PRIMARY KEY,
    value BLOB NOT NULL
);
CREATE TABLE band (
    band BIGINT NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (band, article)
) WITHOUT ROWID;
CREATE TABLE site (                -- registered domains and their refusals: see crawler.state.sites
    name TEXT PRIMARY KEY,
    refusals INTEGER NOT NULL,     -- in a row
    rests INTEGER NOT NULL,        -- in a row
    rests_until BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE run (
    job TEXT PRIMARY KEY,
    began BIGINT NOT NULL,
    ended BIGINT,
    reason TEXT,
    figures TEXT NOT NULL DEFAULT '{}'  -- JSON
) WITHOUT ROWID;
INSERT INTO article (id, site, url, revision, captured, fetched)
    SELECT id, substr(id, 1, instr(id, ':') + instr(substr(id, instr(id, ':') + 1), ':') - 1),
        '', revision, 0, 0
    FROM old_article;
DROP TABLE old_article;
"""

MIGRATIONS = [_FIRST, _FRONTIER]


def statements(version: int) -> Iterator[str]:
    """Yield the statements that bring a database from *version* to the current one.

    They are run one by one: a script would end the transaction around them.
    """
    for step in MIGRATIONS[version:]:
        statement = ""
        for line in step.splitlines():
            statement += f"{line.partition('--')[0].rstrip()}\n"
            if statement.rstrip().endswith(";"):
                yield statement.strip().removesuffix(";")
                statement = ""
