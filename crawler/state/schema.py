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

# Each look at a page is kept; the versions of an article have the interval in which they stood.
_LOOKS = """
ALTER TABLE article ADD COLUMN form TEXT;          -- of `fields`, see crawler.state.changes
ALTER TABLE article ADD COLUMN rules TEXT;         -- the version of banluu that read the latest revision
ALTER TABLE article ADD COLUMN published BIGINT;   -- its date of publication
ALTER TABLE article ADD COLUMN date_modified TEXT; -- its date of modification, as in the item
ALTER TABLE article ADD COLUMN length INTEGER;     -- of its text, in characters
ALTER TABLE article ADD COLUMN unconditional INTEGER NOT NULL DEFAULT 0; -- the next request has no validators
ALTER TABLE article ADD COLUMN same_as INTEGER;    -- the article's first row, if its address changed
ALTER TABLE event ADD COLUMN last_seen BIGINT;     -- of a revision
ALTER TABLE event ADD COLUMN fields BLOB;          -- of a revision: digests of its fields
ALTER TABLE event ADD COLUMN form TEXT;            -- of `fields`
ALTER TABLE event ADD COLUMN outcome TEXT;         -- of an unconfirmed revision; of a removal: lasting
ALTER TABLE event ADD COLUMN sort TEXT;            -- of a removal: gone, soft, redirected
ALTER TABLE event ADD COLUMN target TEXT;          -- the address that it leads to now
CREATE TABLE visit (               -- each look at an article's page
    article INTEGER NOT NULL,
    seen BIGINT NOT NULL,          -- when the request was sent
    status INTEGER,                -- NULL: no answer
    kind TEXT,                     -- of the page
    digest TEXT,                   -- of its payload
    outcome TEXT NOT NULL,         -- see crawler.state.visits
    job TEXT NOT NULL,
    PRIMARY KEY (article, seen)
) WITHOUT ROWID;
CREATE INDEX visit_seen ON visit (seen) WHERE kind = 'article';
CREATE INDEX article_removed ON article (removed) WHERE removed IS NOT NULL;
CREATE TABLE host (                -- hosts that said "unchanged" of a page that had changed
    name TEXT PRIMARY KEY,
    distrusted BIGINT NOT NULL     -- since when
) WITHOUT ROWID;
UPDATE event SET last_seen = (SELECT fetched FROM article WHERE key = event.article)
    WHERE what = 'revision' AND number = (SELECT revision FROM article WHERE key = event.article)
    AND (SELECT removed FROM article WHERE key = event.article) IS NULL;
UPDATE article SET due = fetched + 15552000000, unconditional = 1
    WHERE due IS NULL AND fetched IS NOT NULL AND revision > 0 AND url <> '';
"""

MIGRATIONS = [_FIRST, _FRONTIER, _LOOKS]


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
