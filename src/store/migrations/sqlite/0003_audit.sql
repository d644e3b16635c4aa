-- The audit log is the table of changes. What a change says can be erased from it: its digest
-- stays, and does not tell what was erased, since a random salt went into it and is gone too.
ALTER TABLE changes ADD COLUMN salt BLOB;
-- Of what was erased; NULL while it is there.
ALTER TABLE changes ADD COLUMN digest BLOB;
UPDATE changes SET salt = randomblob(16);

-- Questions to the log. Entries come in the order of these but for the subjects, so that each
-- index grows at its end.
CREATE INDEX changes_by_time ON changes (changed_at);
CREATE INDEX changes_by_person ON changes (changed_by);
CREATE INDEX events_by_action ON changes (json_extract(body, '$.action'))
    WHERE kind = 'event' AND body <> '';
CREATE INDEX events_by_subject ON changes (json_extract(body, '$.subject[1]'))
    WHERE kind = 'event' AND body <> '';

-- Each covers the changes behind the one before, and that seal itself.
CREATE TABLE seals (
    -- 1, 2, 3 …
    number    INTEGER NOT NULL PRIMARY KEY,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    sealed_at INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    -- Number and shortened digest of each change, 8 bytes each: tells which of them was touched.
    entries   BLOB    NOT NULL
) STRICT;
