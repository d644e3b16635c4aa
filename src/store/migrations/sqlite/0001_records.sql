-- Records with their history. Instants are UTC milliseconds, civil dates and bodies are text,
-- so that every statement of the store runs on PostgreSQL as well; STRICT and AUTOINCREMENT
-- are this dialect's own. (In PostgreSQL `records.id` needs COLLATE "C": ids order as bytes.)
--
-- A released migration is never changed: databases remember its checksum.

-- Facts about the store itself; `epoch` names its life.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The present state of every record, tombstones included.
CREATE TABLE records (
    -- AUTOINCREMENT: a row number is never given to another record.
    row         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    source      TEXT    NOT NULL,
    external_id TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    visibility  TEXT    NOT NULL,
    revision    INTEGER NOT NULL CHECK (revision >= 1),
    created_at  INTEGER NOT NULL,
    created_by  TEXT    NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  TEXT    NOT NULL,
    deleted_at  INTEGER,
    merged_into TEXT,
    source_url  TEXT    NOT NULL,
    as_of       TEXT,
    body        TEXT    NOT NULL,
    UNIQUE (kind, source, external_id)
) STRICT;

-- Lists and counts leave tombstones out.
CREATE INDEX records_live ON records (kind, id) WHERE deleted_at IS NULL;
CREATE INDEX records_by_external_id ON records (kind, external_id);

-- How to reach people: apart from the bodies and without history, so that it can be erased.
CREATE TABLE contacts (
    row     INTEGER NOT NULL PRIMARY KEY REFERENCES records (row),
    contact TEXT    NOT NULL
) STRICT;

-- One line per change, written in its transaction: the feed, read by seq, and the history,
-- read by row and revision. What never changes of a record is not repeated here.
CREATE TABLE changes (
    -- AUTOINCREMENT with one writer at a time: numbers grow in the order of the commits.
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    op          TEXT    NOT NULL CHECK (op IN ('create', 'update', 'delete', 'revive')),
    changed_at  INTEGER NOT NULL,
    changed_by  TEXT    NOT NULL,
    row         INTEGER NOT NULL REFERENCES records (row),
    kind        TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    owner       TEXT    NOT NULL,
    visibility  TEXT    NOT NULL,
    deleted_at  INTEGER,
    merged_into TEXT,
    source_url  TEXT    NOT NULL,
    as_of       TEXT,
    body        TEXT    NOT NULL,
    UNIQUE (row, revision)
) STRICT;

-- Which live record names which.
CREATE TABLE links (
    from_row INTEGER NOT NULL REFERENCES records (row),
    to_row   INTEGER NOT NULL REFERENCES records (row),
    PRIMARY KEY (from_row, to_row)
) STRICT, WITHOUT ROWID;

CREATE INDEX links_by_target ON links (to_row);
