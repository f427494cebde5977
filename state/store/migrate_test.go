package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"claimdeck/state/filing"
	"claimdeck/state/side"
)

// oldDatabase makes a database of version 1, as the program before wrote it, and adds sql to it.
func oldDatabase(t *testing.T, sql string) string {
	t.Helper()
	list, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "store.db")
	db, err := sqlite3.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(db.Exec(list[0].sql), db.Exec(fmt.Sprintf("PRAGMA user_version = 1; PRAGMA application_id = %d", applicationID)),
		db.Exec("INSERT INTO settings (name, value) VALUES ('kept', 'yes'); "+sql), db.Close())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// ask reads one number from a database behind the store's back.
func ask(t *testing.T, path, sql string) int64 {
	t.Helper()
	db, err := sqlite3.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	st, _, err := db.Prepare(sql)
	if err != nil {
		t.Fatal(err)
	}
	if !st.Step() {
		t.Fatal(st.Err())
	}
	n := st.ColumnInt64(0)
	if err := errors.Join(st.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMigrateFromVersion1(t *testing.T) {
	t.Parallel()
	path := oldDatabase(t, "")
	s, err := Open(t.Context(), path, Options{Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	if value, found, err := s.Setting(t.Context(), "kept"); value != "yes" || !found || err != nil {
		t.Errorf("what was there: %q %v", value, err)
	}
	if err := s.SaveLink(t.Context(), side.Link{ClaimID: "c", System: side.ClaimCenter, Ref: "r"}); err != nil {
		t.Error(err)
	}
	if _, err := s.Filings().Counts(t.Context(), filing.Query{}); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if v := ask(t, path, "PRAGMA user_version"); v != 2 {
		t.Errorf("version %d", v)
	}
}

// A migration that fails halfway leaves the database as it was, for the program before.
func TestFailedMigrationLeavesVersion1(t *testing.T) {
	t.Parallel()
	path := oldDatabase(t, "CREATE TABLE links (theirs)")
	if s, err := Open(t.Context(), path, Options{Now: testClock}); err == nil {
		t.Fatal("it was opened", s.Close())
	} else if !strings.Contains(err.Error(), "migrate to version 2") {
		t.Error(err)
	}
	if v := ask(t, path, "PRAGMA user_version"); v != 1 {
		t.Errorf("version %d", v)
	}
	if n := ask(t, path, "SELECT count(*) FROM sqlite_schema WHERE name IN ('filings', 'cached')"); n != 0 {
		t.Errorf("%d of its tables stay", n)
	}
	if n := ask(t, path, "SELECT count(*) FROM settings WHERE value = 'yes'"); n != 1 {
		t.Error("what was there is gone")
	}
}

// Every query of the ledger goes along an index, in its order.
func TestFilingQueriesUseAnIndex(t *testing.T) {
	t.Parallel()
	s := open(t)
	c, err := take(t.Context(), s.writer, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer put(s.writer, c)
	for _, q := range []filing.Query{{}, {State: filing.Rejected}, {File: "a"}, {Batch: "b"}, {Batch: "b", State: filing.Queued}, {State: filing.Queued, File: "a"}} {
		where, _ := filingWhere(q)
		for _, more := range []string{"", "(file, row, id) > (?, ?, ?)"} {
			if more != "" {
				where = append(where, more)
			}
			st, _, err := c.db.Prepare("EXPLAIN QUERY PLAN SELECT " + filingColumns + " FROM filings" + clause(where) + " ORDER BY file, row, id LIMIT ?")
			if err != nil {
				t.Fatal(err)
			}
			for st.Step() {
				step := st.ColumnText(3)
				if strings.Contains(step, "TEMP B-TREE") || strings.Contains(step, "SCAN") && !strings.Contains(step, "USING INDEX") {
					t.Errorf("%+v: %s", q, step)
				}
			}
			if err := st.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A full disk leaves the ledger as it was, and says so; with room again it works on.
func TestFilingsOnAFullDisk(t *testing.T) {
	t.Parallel()
	s := open(t)
	l := s.Filings()
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = fmt.Sprintf("T-%d", i)
	}
	claim := func(id string, _ filing.Entry, _ bool) (filing.Entry, bool) {
		return filing.Entry{ID: id, State: filing.Sending, Message: strings.Repeat("long words ", 90)}, true
	}
	s.limit(t, "1") // becomes the present size
	if err := l.Update(t.Context(), ids, claim); !errors.Is(err, ErrDiskFull) {
		t.Errorf("%v", err)
	}
	if counts, err := l.Counts(t.Context(), filing.Query{}); len(counts) != 0 || err != nil {
		t.Errorf("half written: %v %v", counts, err)
	}
	s.limit(t, "1000000")
	if err := l.Update(t.Context(), ids, claim); err != nil {
		t.Error(err)
	}
	if counts, err := l.Counts(t.Context(), filing.Query{}); counts[filing.Sending] != 500 || err != nil {
		t.Errorf("%v %v", counts, err)
	}
}
