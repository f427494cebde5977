package store

import (
	"fmt"
	"strings"
	"testing"

	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/query"
)

// No statement that a screen waits for goes through a large table from end to end. The statements are those that the
// calls below left prepared.
func TestNoReadScansALargeTable(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	list := messages(t, 0, 300)
	if _, err := s.Ingest(ctx, feed.Batch{Activities: list}); err != nil {
		t.Fatal(err)
	}
	at := Position{CreatedMs: list[9].CreatedAt.UnixMilli(), Key: list[9].Key}
	narrow := query.Filter{Claim: "ex-1", Words: []string{"long"}}
	calls := map[string]func() error{
		"page": func() error { _, err := s.Activities(ctx, query.Filter{}, Paging{Limit: 5}); return err },
		"next": func() error { _, err := s.Activities(ctx, query.Filter{}, Paging{From: &at, Limit: 5}); return err },
		"up": func() error {
			_, err := s.Activities(ctx, query.Filter{}, Paging{From: &at, Dir: Newer, Limit: 5})
			return err
		},
		"filter":     func() error { _, err := s.Activities(ctx, narrow, Paging{Limit: 5}); return err },
		"newer":      func() error { _, err := s.CountNewer(ctx, query.Filter{}, at); return err },
		"activity":   func() error { _, err := s.Activity(ctx, list[0].Key); return err },
		"claim":      func() error { _, err := s.ClaimActivities(ctx, "c"); return err },
		"find":       func() error { _, err := s.FindClaims(ctx, "EX-1"); return err },
		"claims":     func() error { _, err := s.Claims(ctx, query.Filter{}, ClaimPaging{Limit: 5}); return err },
		"arrived":    func() error { _, err := s.Arrived(ctx, query.Filter{}, 3, 5); return err },
		"sequence":   func() error { _, err := s.Sequence(ctx); return err },
		"candidates": func() error { _, err := s.Candidates(ctx, outbox.Entry{ClaimID: "c"}, testClock()); return err },
	}
	for name, call := range calls {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	checked := 0
	for range cap(s.readers) {
		c, err := take(ctx, s.readers, s.openReader)
		if err != nil {
			t.Fatal(err)
		}
		for sql := range c.stmts {
			if strings.HasPrefix(sql, "SELECT") || strings.HasPrefix(sql, "WITH") {
				checked++
				checkPlan(t, c, sql)
			}
		}
		defer put(s.readers, c)
	}
	if checked < len(calls) {
		t.Errorf("%d statements were looked at", checked)
	}
}

func checkPlan(t *testing.T, c *conn, sql string) {
	t.Helper()
	st, _, err := c.db.Prepare("EXPLAIN QUERY PLAN " + sql)
	if err != nil {
		t.Fatal(err)
	}
	var plan []string
	for st.Step() {
		plan = append(plan, st.ColumnText(3))
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	paged := strings.Contains(sql, "LIMIT") || strings.Contains(sql, "h.last_ms DESC") // read to the end of a page only
	for _, step := range plan {
		scans := strings.HasPrefix(step, "SCAN a") || strings.HasPrefix(step, "SCAN activities") || strings.HasPrefix(step, "SCAN bodies")
		if (scans && !paged) || strings.Contains(step, "USE TEMP B-TREE FOR ORDER BY") && paged && !strings.Contains(sql, "h.claim IN") {
			t.Errorf("%s\n%s", sql, fmt.Sprint(strings.Join(plan, "\n")))
		}
	}
}
