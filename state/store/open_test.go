package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"claimdeck/state/query"
	"claimdeck/state/store"
)

func TestOpenMakesAPrivateFileInAPrivateFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "store.db")
	s := openStore(t, path)
	ingest(t, s, newGenerator(1).activities(t, 3)...)
	if runtime.GOOS == "windows" {
		t.Skip("files have no mode here")
	}
	for name, want := range map[string]os.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

func TestOpenAgainKeepsEverything(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	list := newGenerator(1).activities(t, 20)
	s, err := store.Open(t.Context(), path, store.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	ingest(t, s, list...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := s.CountActivities(t.Context(), query.Filter{}); !errors.Is(err, store.ErrClosed) {
		t.Errorf("a closed store answered %v", err)
	}
	if n, err := openStore(t, path).CountActivities(t.Context(), query.Filter{}); n != 20 || err != nil {
		t.Errorf("%d activities, %v", n, err)
	}
}

// editFile changes a database behind the store's back.
func editFile(t *testing.T, path, sql string) {
	t.Helper()
	db, err := sqlite3.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Exec(sql), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		prepare func(t *testing.T, path string)
		want    error
		words   string
	}{
		{"a newer schema", func(t *testing.T, path string) {
			t.Helper()
			s := openStore(t, path)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			editFile(t, path, "PRAGMA user_version = 999")
		}, store.ErrNewer, "version 999"},
		{"the database of another program", func(t *testing.T, path string) {
			t.Helper()
			editFile(t, path, "CREATE TABLE theirs (x)")
		}, store.ErrCorrupt, "another program"},
		{"a file that is no database", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, strings.Repeat("not a database ", 1000))
		}, store.ErrCorrupt, "move the file"},
		{"a folder in its place", func(t *testing.T, path string) {
			t.Helper()
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, nil, "is a directory"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store.db")
			c.prepare(t, path)
			s, err := store.Open(t.Context(), path, store.Options{Now: clock})
			if err == nil {
				t.Fatal("it was opened", s.Close())
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v is not %v", err, c.want)
			}
			if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%q names neither %q nor the file", err, c.words)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedPageIsToldAndNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := openStore(t, path)
	ingest(t, s, newGenerator(1).activities(t, 500)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(raw); i++ { // everything but the header page
		raw[i] = 0xa5
	}
	write(t, path, string(raw))
	s, err = store.Open(t.Context(), path, store.Options{Now: clock})
	if err == nil {
		defer func() { _ = s.Close() }() // what is damaged may not close
		_, err = s.Activities(t.Context(), query.Filter{}, store.Paging{Limit: 50})
	}
	if !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), path) {
		t.Errorf("reading a damaged database: %v", err)
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.Open(ctx, filepath.Join(t.TempDir(), "store.db"), store.Options{Now: clock}); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
}

func TestSubscribeAndDataVersion(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	ours, theirs := openStore(t, path), openStore(t, path)
	calls := 0
	cancel := ours.Subscribe(func() {
		calls++
		if _, err := ours.CountActivities(t.Context(), query.Filter{}); err != nil { // under no lock
			t.Error(err)
		}
	})
	version := func() int64 {
		v, err := ours.DataVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	list := newGenerator(1).activities(t, 4)
	start := version()
	ingest(t, ours, list[0])
	if calls != 1 || version() != start {
		t.Errorf("own commit: %d calls, version %d -> %d", calls, start, version())
	}
	ingest(t, ours, list[0])
	if calls != 1 {
		t.Error("told of a commit that changed nothing")
	}
	ingest(t, theirs, list[1])
	if calls != 1 || version() == start {
		t.Errorf("another's commit: %d calls, version %d -> %d", calls, start, version())
	}
	cancel()
	ingest(t, ours, list[2])
	if calls != 1 {
		t.Error("told after the end of the subscription")
	}
}
