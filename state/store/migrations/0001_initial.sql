-- Times are milliseconds since 1970 UTC in the feed's tables, nanoseconds in the outbox; 0 is "none" in the outbox.

CREATE TABLE types (
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL UNIQUE,
  activities INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE lenders (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  lower TEXT NOT NULL
) STRICT;

-- One row a claim. Each fact carries the time of what stated it last, so that order of arrival does not matter.
CREATE TABLE claims (
  id           INTEGER PRIMARY KEY,
  claim_id     TEXT    NOT NULL UNIQUE,
  number       TEXT    NOT NULL DEFAULT '',
  number_lower TEXT    NOT NULL DEFAULT '',
  vin          TEXT    NOT NULL DEFAULT '',
  lender       INTEGER REFERENCES lenders (id),
  owner        TEXT    NOT NULL DEFAULT '',
  vehicle      TEXT    NOT NULL DEFAULT '',
  vin_ms       INTEGER NOT NULL DEFAULT 0,
  lender_ms    INTEGER NOT NULL DEFAULT 0,
  owner_ms     INTEGER NOT NULL DEFAULT 0,
  vehicle_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX claims_by_id     ON claims (claim_id COLLATE NOCASE);
CREATE INDEX claims_by_number ON claims (number_lower);
CREATE INDEX claims_by_vin    ON claims (vin);
CREATE INDEX claims_by_lender ON claims (lender);

-- What changes with every activity of a claim, apart from the wide row that hardly ever changes.
CREATE TABLE heads (
  claim      INTEGER PRIMARY KEY REFERENCES claims (id),
  last_ms    INTEGER NOT NULL DEFAULT 0, -- the newest activity in the feed's order,
  last_key   BLOB    NOT NULL DEFAULT x'',
  last_seq   INTEGER NOT NULL DEFAULT 0,
  arrival    INTEGER NOT NULL DEFAULT 0, -- and the newest to arrive: the head of the chain by activities.prev
  number_ms  INTEGER NOT NULL DEFAULT 0, -- of claims.number: every activity states it
  activities INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX heads_by_last ON heads (last_ms, claim);

CREATE TABLE snapshots (
  claim INTEGER PRIMARY KEY REFERENCES claims (id),
  at_ns INTEGER NOT NULL,
  raw   BLOB    NOT NULL
) STRICT;

-- The narrow table that lists and filters read. seq counts arrivals without holes; rows never change.
CREATE TABLE activities (
  seq        INTEGER PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  type       INTEGER NOT NULL,
  claim      INTEGER NOT NULL, -- 0: none
  prev       INTEGER NOT NULL, -- the arrival before this one of the same claim; 0: none. It saves an index.
  key        BLOB    NOT NULL,
  number     TEXT    NOT NULL,
  summary    TEXT    NOT NULL,
  tone       INTEGER NOT NULL -- what it asks of a person, for the sign beside it
) STRICT;
CREATE UNIQUE INDEX activities_by_key  ON activities (key);
CREATE INDEX activities_by_time  ON activities (created_ms, key);

-- What the service sent, apart: an activity is decoded from it again when it is opened.
CREATE TABLE bodies (
  seq INTEGER PRIMARY KEY,
  raw BLOB NOT NULL
) STRICT;

-- A segment is 8192 arrivals in 128 blocks of 64: when each block happened, and (once full) which blocks may hold
-- which bits of text, bit by bit, so that a search reads only the slices of its own word.
CREATE TABLE segments (
  id       INTEGER PRIMARY KEY,
  sealed   INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms  INTEGER NOT NULL,
  bounds   BLOB    NOT NULL
) STRICT;
CREATE TABLE slices (
  id   INTEGER PRIMARY KEY,
  bits BLOB NOT NULL
) STRICT;

CREATE TABLE cursor (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  activity   TEXT    NOT NULL,
  created_ns INTEGER NOT NULL
) STRICT;

CREATE TABLE gaps (
  id        INTEGER PRIMARY KEY,
  from_ns   INTEGER NOT NULL,
  to_ns     INTEGER NOT NULL,
  filled_ns INTEGER NOT NULL,
  added     INTEGER NOT NULL,
  why       TEXT    NOT NULL
) STRICT;

CREATE TABLE writes (
  id           TEXT PRIMARY KEY,
  action       TEXT    NOT NULL,
  claim_id     TEXT    NOT NULL,
  claim_number TEXT    NOT NULL,
  title        TEXT    NOT NULL,
  input        BLOB,
  origin       TEXT    NOT NULL,
  state        TEXT    NOT NULL,
  created_ns   INTEGER NOT NULL,
  hold_ns      INTEGER NOT NULL,
  sent_ns      INTEGER NOT NULL,
  answered_ns  INTEGER NOT NULL,
  settled_ns   INTEGER NOT NULL,
  attempts     INTEGER NOT NULL,
  holder       TEXT    NOT NULL,
  baseline     INTEGER NOT NULL,
  answer       BLOB,
  problem      TEXT    NOT NULL, -- JSON; empty: none
  checked      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX writes_by_state ON writes (state, created_ns);
CREATE INDEX writes_by_time  ON writes (created_ns, id);

CREATE TABLE write_history (
  id         INTEGER PRIMARY KEY,
  write_id   TEXT    NOT NULL REFERENCES writes (id),
  at_ns      INTEGER NOT NULL,
  from_state TEXT    NOT NULL,
  to_state   TEXT    NOT NULL,
  note       TEXT    NOT NULL
) STRICT;
CREATE INDEX write_history_by_write ON write_history (write_id);

-- An activity confirms at most one write.
CREATE TABLE confirmations (
  id       INTEGER PRIMARY KEY,
  key      BLOB NOT NULL UNIQUE,
  write_id TEXT NOT NULL REFERENCES writes (id)
) STRICT;
CREATE INDEX confirmations_by_write ON confirmations (write_id);

CREATE TABLE drafts (
  action   TEXT NOT NULL,
  claim_id TEXT NOT NULL,
  fields   BLOB NOT NULL,
  PRIMARY KEY (action, claim_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
