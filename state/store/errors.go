package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// The failures of the database that a person can do something about; match with errors.Is. The text of the error
// names the file and the next step.
var (
	ErrCorrupt  = errors.New("the file is damaged or is not a claimdeck database")
	ErrNewer    = errors.New("the database was written by a newer claimdeck")
	ErrDiskFull = errors.New("the disk is full")
	ErrBusy     = errors.New("the database is busy")
	ErrReadOnly = errors.New("the database cannot be written")
	ErrClosed   = errors.New("the store is closed")
	ErrTaken    = errors.New("the activity confirms another write already")
)

// explain turns an error of the database into one of the sentinels above, in words; op is what was attempted.
func (s *Store) explain(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sqlite3.INTERRUPT) && ctx.Err() != nil {
		return fmt.Errorf("%s: %w", op, context.Cause(ctx))
	}
	code, known := errors.AsType[sqlite3.ErrorCode](err)
	if !known {
		return fmt.Errorf("%s: %w", op, err)
	}
	advice, kind := classify(code)
	if kind == nil {
		return fmt.Errorf("%s: the database %s failed: %w", op, s.path, err)
	}
	return fmt.Errorf("%s: %s: %w (%w): %s", op, s.path, kind, err, advice)
}

func classify(code sqlite3.ErrorCode) (advice string, kind error) {
	switch code {
	case sqlite3.CORRUPT, sqlite3.NOTADB:
		return "restore it from a backup, or move the file and its -wal and -shm neighbours aside and start again: " +
			"the feed is then read anew, but the outbox in the file is not", ErrCorrupt
	case sqlite3.FULL:
		return "nothing was half written; free some space and try again", ErrDiskFull
	case sqlite3.BUSY, sqlite3.LOCKED:
		return "another program holds it; close that program or try again", ErrBusy
	case sqlite3.READONLY, sqlite3.CANTOPEN, sqlite3.PERM, sqlite3.AUTH:
		return "check the permissions of the file and its folder", ErrReadOnly
	default:
		return "", nil
	}
}
