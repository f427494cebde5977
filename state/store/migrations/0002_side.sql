-- The ledger of filings: every transaction id that was ever sent. Times are nanoseconds since 1970 UTC; 0 is "none".
CREATE TABLE filings (
  id             TEXT    PRIMARY KEY,
  hash           TEXT    NOT NULL,
  file           TEXT    NOT NULL,
  row            INTEGER NOT NULL, -- in the file, from 1
  line           INTEGER NOT NULL,
  policy_number  TEXT    NOT NULL,
  state          TEXT    NOT NULL,
  batch          TEXT    NOT NULL,
  code           TEXT    NOT NULL,
  message        TEXT    NOT NULL,
  warnings       TEXT    NOT NULL, -- JSON; empty: none
  transaction_id TEXT    NOT NULL,
  attempts       INTEGER NOT NULL,
  sent_ns        INTEGER NOT NULL,
  settled_ns     INTEGER NOT NULL,
  holder         TEXT    NOT NULL,
  doubt          INTEGER NOT NULL,
  earlier        TEXT    NOT NULL, -- JSON; empty: none
  before         TEXT    NOT NULL  -- JSON; empty: none
) STRICT, WITHOUT ROWID;
CREATE INDEX filings_by_file  ON filings (file, row, id);
CREATE INDEX filings_by_state ON filings (state, file, row, id);
CREATE INDEX filings_by_batch ON filings (batch, file, row, id) WHERE batch <> '';

-- Under which id a side system knows a claim. A claim needs no activity here to be linked.
CREATE TABLE links (
  claim_id TEXT    NOT NULL,
  system   TEXT    NOT NULL,
  ref      TEXT    NOT NULL,
  how      TEXT    NOT NULL,
  at_ns    INTEGER NOT NULL,
  PRIMARY KEY (claim_id, system)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_ref ON links (system, ref);

-- What a side system answered last about a claim, and why there is nothing newer.
CREATE TABLE cached (
  claim_id   TEXT    NOT NULL,
  system     TEXT    NOT NULL,
  at_ns      INTEGER NOT NULL, -- 0: never answered
  raw        BLOB,
  problem    TEXT    NOT NULL,
  problem_ns INTEGER NOT NULL,
  PRIMARY KEY (claim_id, system)
) STRICT;
