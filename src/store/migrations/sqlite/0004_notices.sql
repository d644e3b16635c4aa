-- What the inbox tells: derived from records, kept for some weeks, in no feed and no history.
CREATE TABLE notices (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    at                INTEGER NOT NULL,
    -- The kind of the record whose change made it.
    met_kind          TEXT    NOT NULL,
    need_row          INTEGER NOT NULL REFERENCES records (row),
    lab_row           INTEGER NOT NULL REFERENCES records (row),
    -- An achievement of the lab, or the lab itself.
    document_row      INTEGER NOT NULL REFERENCES records (row),
    need_revision     INTEGER NOT NULL,
    document_revision INTEGER NOT NULL,
    -- 0 everybody, 1 those who see all evidence, 2 those who see public evidence.
    audience          INTEGER NOT NULL,
    -- 0 is the best.
    grade             INTEGER NOT NULL,
    score             REAL    NOT NULL,
    share             REAL    NOT NULL,
    reasons           TEXT    NOT NULL,
    UNIQUE (need_row, lab_row, document_row, audience)
) STRICT;

CREATE INDEX notices_by_document ON notices (document_row);
CREATE INDEX notices_by_lab ON notices (lab_row);
CREATE INDEX notices_by_age ON notices (at);

-- How far the feed was met: one row.
CREATE TABLE notices_followed (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    seq     INTEGER NOT NULL,
    -- Parts of the feed before it that are put off, as pairs in JSON.
    backlog TEXT    NOT NULL
) STRICT;

INSERT INTO notices_followed (one, seq, backlog) VALUES (1, 0, '[]');

-- The last notice that somebody has seen.
CREATE TABLE notices_seen (
    visitor TEXT    PRIMARY KEY,
    notice  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
