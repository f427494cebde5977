package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/query"
)

func testClock() time.Time { return time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC) }

type opened struct{ *Store }

func open(t *testing.T) opened {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), Options{Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened{s}
}

// limit sets how many pages the file may have.
func (s opened) limit(t *testing.T, pages string) {
	t.Helper()
	c, err := take(t.Context(), s.writer, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer put(s.writer, c)
	if err := c.db.Exec("PRAGMA max_page_count = " + pages); err != nil {
		t.Fatal(err)
	}
}

func messages(t *testing.T, from, n int) []activity.Activity {
	t.Helper()
	list := make([]activity.Activity, n)
	for i := range list {
		raw := fmt.Sprintf(`{"activityId":"m%d","createdAt":"2026-11-20T10:00:00.000Z","claimId":"c","claimNumber":"EX-1",
			"type":"direct-message-added","data":{"message":%q}}`, from+i, strings.Repeat("long words ", 90))
		var err error
		if list[i], err = activity.Decode(json.RawMessage(raw)); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// A full disk, as SQLite sees it: the file may not grow.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := messages(t, 0, 5)
	if _, err := s.Ingest(t.Context(), feed.Batch{Activities: first}); err != nil {
		t.Fatal(err)
	}
	s.limit(t, "1") // becomes the present size
	cursor := feed.Cursor{ID: "m9", CreatedAt: testClock()}
	more := feed.Batch{Activities: messages(t, 5, 500), Cursor: &cursor}
	_, err := s.Ingest(t.Context(), more)
	if !errors.Is(err, ErrDiskFull) || !strings.Contains(err.Error(), s.path) || !strings.Contains(err.Error(), "free some space") {
		t.Errorf("ingest on a full disk: %v", err)
	}
	err = s.Insert(t.Context(), outbox.Entry{ID: "w", State: outbox.Held, Input: json.RawMessage(strings.Repeat(" ", 1<<20))})
	if !errors.Is(err, ErrDiskFull) {
		t.Errorf("insert on a full disk: %v", err)
	}
	if n, err := s.CountActivities(t.Context(), query.Filter{}); n != 5 || err != nil {
		t.Errorf("half written: %d activities, %v", n, err)
	}
	if _, known, err := s.Cursor(t.Context()); known || err != nil {
		t.Errorf("the cursor moved without its rows: %v", err)
	}
	s.limit(t, "1000000")
	if r, err := s.Ingest(t.Context(), more); err != nil || len(r.Added) != 500 {
		t.Errorf("after space was freed: %d added, %v", len(r.Added), err)
	}
	rows, err := s.Claims(t.Context(), query.Filter{}, ClaimPaging{Limit: 9})
	if err != nil || len(rows) != 1 || rows[0].Activities != 505 {
		t.Errorf("the counts of the failed attempt stayed: %+v, %v", rows, err)
	}
}

// A write that is interrupted leaves nothing, and the connection works on.
func TestInterruptedWrite(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.write(ctx, "test", false, func(c *conn) error {
		in := &ingestion{c: c, types: s.types, known: s.claims, claims: map[string]*claimRecord{}, counts: map[int64]int64{}}
		for i, a := range messages(t, 0, 3) {
			if i == 2 {
				cancel()
			}
			if _, err := in.add(a); err != nil {
				return err
			}
		}
		return in.flush()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted write: %v", err)
	}
	if r, err := s.Ingest(t.Context(), feed.Batch{Activities: messages(t, 0, 3)}); err != nil || len(r.Added) != 3 {
		t.Errorf("afterwards: %d added, %v", len(r.Added), err)
	}
}

// A migration that fails leaves the version as it was; the numbers have no holes.
func TestMigrationsAreNumbered(t *testing.T) {
	t.Parallel()
	list, err := steps()
	if err != nil || len(list) == 0 {
		t.Fatalf("%d migrations, %v", len(list), err)
	}
	for i, m := range list {
		if m.version != int64(i+1) || !strings.Contains(m.sql, "STRICT") {
			t.Errorf("migration %d is number %d", i+1, m.version)
		}
	}
}
