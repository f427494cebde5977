package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/store"
)

func clock() time.Time { return time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC) }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func openStore(tb testing.TB, path string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), path, store.Options{Now: clock})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func newStore(tb testing.TB) *store.Store {
	tb.Helper()
	return openStore(tb, filepath.Join(tb.TempDir(), "store.db"))
}

func ingest(tb testing.TB, s *store.Store, list ...activity.Activity) feed.Result {
	tb.Helper()
	result, err := s.Ingest(tb.Context(), feed.Batch{Activities: list})
	if err != nil {
		tb.Fatal(err)
	}
	return result
}
