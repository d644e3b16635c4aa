-- What stands beside a body: contacts, hashes of passwords. Without history, so that it can be
-- erased; it was for contacts only.
ALTER TABLE contacts RENAME TO asides;
ALTER TABLE asides RENAME COLUMN contact TO aside;

-- Requests that were answered, by caller and key: sent again, they are answered alike and
-- nothing is done twice.
CREATE TABLE requests (
    caller   TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    digest   TEXT    NOT NULL,
    row      INTEGER NOT NULL REFERENCES records (row),
    revision INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_by_age ON requests (at);
