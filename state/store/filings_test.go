package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"claimdeck/state/filing"
	"claimdeck/state/store"
)

func filingOf(n int, state filing.State) filing.Entry {
	return filing.Entry{
		ID: fmt.Sprintf("T-%04d", n), Hash: "h", File: "june.csv", Position: filing.Position{Row: n + 1, Line: n + 2}, State: state, SentAt: clock(),
	}
}

// put writes entries as they are.
func put(tb testing.TB, l filing.Ledger, list ...filing.Entry) {
	tb.Helper()
	byID := map[string]filing.Entry{}
	var ids []string
	for _, e := range list {
		byID[e.ID] = e
		ids = append(ids, e.ID)
	}
	must(tb, l.Update(tb.Context(), ids, func(id string, _ filing.Entry, _ bool) (filing.Entry, bool) { return byID[id], true }))
}

func walk(tb testing.TB, l filing.Ledger, q filing.Query) (ids []string) {
	tb.Helper()
	for e, err := range l.Walk(tb.Context(), q) {
		must(tb, err)
		ids = append(ids, e.ID)
	}
	return ids
}

func TestFilingRoundTrip(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := openStore(t, path)
	before := filing.Entry{ID: "full", Hash: "old", State: filing.Rejected, Code: "1002", Message: "no", SentAt: clock(), Warnings: []filing.Remark{{Field: "a", Text: "b"}}}
	full := filing.Entry{
		ID: "full", Hash: "new", File: "a.csv", Position: filing.Position{Row: 3, Line: 5}, PolicyNumber: "P", State: filing.Sending,
		BatchID: "b", Code: "0", Message: "m", Warnings: []filing.Remark{{Field: "total", Text: "off"}}, TransactionID: "t", Attempts: 4,
		SentAt: clock(), SettledAt: clock().Add(time.Second), Holder: "us", Doubt: true,
		Earlier: &filing.Version{Hash: "x", State: filing.Accepted, SentAt: clock(), BatchID: "c"}, Before: &before,
	}
	bare := filing.Entry{ID: "bare", State: filing.Unknown}
	put(t, s.Filings(), full, bare)
	again := openStore(t, path).Filings()
	got, err := again.Find(t.Context(), []string{"full", "nobody", "bare"})
	if diff := gocmp.Diff([]filing.Entry{full, bare}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	must(t, again.Update(t.Context(), []string{"full", "bare"}, func(id string, prev filing.Entry, known bool) (filing.Entry, bool) {
		if !known || prev.ID != id {
			t.Errorf("%s: %+v", id, prev)
		}
		return filing.Entry{}, id == "full" // removed
	}))
	if got := walk(t, again, filing.Query{}); !slices.Equal(got, []string{"bare"}) {
		t.Errorf("left: %v", got)
	}
	err = again.Update(t.Context(), []string{"x"}, func(string, filing.Entry, bool) (filing.Entry, bool) { return bare, true })
	if err == nil {
		t.Error("an entry was written under another id")
	}
}

func TestFilingWalk(t *testing.T) {
	t.Parallel()
	l := newStore(t).Filings()
	var list []filing.Entry
	for n := range 700 {
		e := filingOf(n, []filing.State{filing.Accepted, filing.Rejected, filing.Queued}[n%3])
		e.Position.Row = 700 - n
		if n%2 == 0 {
			e.File = "a.csv"
		}
		if e.State == filing.Queued {
			e.BatchID = fmt.Sprintf("batch-%d", n%4)
			e.SentAt = clock().Add(-time.Duration(n%4) * time.Minute)
		}
		list = append(list, e)
	}
	put(t, l, list...)
	slices.SortFunc(list, func(x, y filing.Entry) int {
		if x.File != y.File {
			return slices.Compare([]string{x.File}, []string{y.File})
		}
		return x.Position.Row - y.Position.Row
	})
	for _, q := range []filing.Query{
		{},
		{State: filing.Rejected},
		{File: "a.csv"},
		{Batch: "batch-1"},
		{State: filing.Queued, File: "june.csv"},
		{Batch: "batch-1", State: filing.Queued},
		{Batch: "batch-9"},
		{Batch: "batch-1", State: filing.Queued, File: "june.csv"},
	} {
		var want []string
		counts := map[filing.State]int{}
		for _, e := range list {
			if (q.State == "" || q.State == e.State) && (q.File == "" || q.File == e.File) && (q.Batch == "" || q.Batch == e.BatchID) {
				want = append(want, e.ID)
				counts[e.State]++
			}
		}
		if got := walk(t, l, q); !slices.Equal(got, want) {
			t.Errorf("%+v: %d entries, want %d", q, len(got), len(want))
		}
		if got, err := l.Counts(t.Context(), q); err != nil || !maps.Equal(got, counts) {
			t.Errorf("%+v: %v, want %v, %v", q, got, counts, err)
		}
	}
	if got, err := l.Batches(t.Context()); err != nil || !slices.Equal(got, []string{"batch-3", "batch-2", "batch-1", "batch-0"}) {
		t.Errorf("%v %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	for _, err := range l.Walk(ctx, filing.Query{}) {
		if seen++; seen == 10 {
			cancel()
		}
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			return
		}
	}
	t.Error("a cancelled walk went on")
}

// Two processes claim the same rows at once: each row goes to one of them.
func TestFilingClaimsAreExclusive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	stores := []*store.Store{openStore(t, path), openStore(t, path)}
	var ids []string
	for n := range 200 {
		ids = append(ids, filingOf(n, "").ID)
	}
	won := make([]int, len(stores))
	var wg sync.WaitGroup
	for who, s := range stores {
		wg.Go(func() {
			for chunk := range slices.Chunk(ids, 7) {
				err := s.Filings().Update(t.Context(), chunk, func(id string, _ filing.Entry, known bool) (filing.Entry, bool) {
					if !known {
						won[who]++
					}
					return filing.Entry{ID: id, State: filing.Sending, Holder: fmt.Sprint(who)}, !known
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if won[0]+won[1] != len(ids) {
		t.Errorf("claimed %v of %d", won, len(ids))
	}
}

// A change that fails leaves nothing of its transaction.
func TestFilingUpdateIsWhole(t *testing.T) {
	t.Parallel()
	l := newStore(t).Filings()
	err := l.Update(t.Context(), []string{"a", "b"}, func(string, filing.Entry, bool) (filing.Entry, bool) {
		return filing.Entry{ID: "a", State: filing.Sending}, true // wrong for b
	})
	if err == nil || len(walk(t, l, filing.Query{})) != 0 {
		t.Errorf("%v, %v", err, walk(t, l, filing.Query{}))
	}
}
