package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// Memory and durability of a connection. The writer's cache holds the hot pages of the key index; a large
// checkpoint interval doubles the rate of ingestion.
const (
	readers         = 2
	writerCacheKiB  = 24 << 10
	readerCacheKiB  = 4 << 10
	checkpointPages = 16384
	applicationID   = 0x636c6b64 // "clkd"
)

// Options of a store.
type Options struct {
	// Now is the clock of what the store itself dates (the history of writes).
	Now func() time.Time
	// NoSync leaves it to the operating system when data reaches the disk: for stores whose loss costs nothing
	// (the demo, tests). It survives the death of the process, not of the machine.
	NoSync bool
}

// Store is one open database. Its methods are safe for concurrent use.
type Store struct {
	path    string
	now     func() time.Time
	noSync  bool
	writer  chan *conn
	readers chan *conn
	types   *typeNames
	claims  *claimCache

	version     sync.Mutex
	lastVersion int64

	mu       sync.Mutex
	watchers map[int]func()
	nextID   int
	closed   bool
}

// Open opens the database at path, creating it (0600) and its folder (0700) as needed and migrating it to the
// newest schema. Errors wrap ErrCorrupt, ErrNewer, ErrReadOnly or ErrBusy where they apply.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errors.New("open store: no clock was given")
	}
	s := &Store{
		path: path, now: o.Now, noSync: o.NoSync, types: newTypeNames(),
		claims: &claimCache{records: make(map[string]claimRecord)},
		writer: make(chan *conn, 1), readers: make(chan *conn, readers), watchers: make(map[int]func()),
	}
	if err := prepareFile(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := s.connect(ctx); err != nil {
		_ = s.Close() // the reason for closing matters more
		return nil, s.explain(ctx, "open store", err)
	}
	return s, nil
}

// prepareFile creates the database file before SQLite does, so that it is private from its first byte.
func prepareFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the path is the caller's own
	if err != nil {
		return err
	}
	return f.Close()
}

func (s *Store) connect(ctx context.Context) error {
	defer s.fill()
	w, err := openConn(s.path, sqlite3.OPEN_READWRITE, []string{
		s.synchronous(false), "journal_mode = WAL",
		fmt.Sprintf("wal_autocheckpoint = %d", checkpointPages), fmt.Sprintf("cache_size = -%d", writerCacheKiB),
		"temp_store = MEMORY", "foreign_keys = ON", "trusted_schema = OFF",
	})
	if err != nil {
		return err
	}
	s.writer <- w
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.restrict()
}

// openReader opens a reading connection. That is done when it is first needed: the second one often never is.
func (s *Store) openReader() (*conn, error) {
	return openConn(s.path, sqlite3.OPEN_READWRITE, []string{
		fmt.Sprintf("cache_size = -%d", readerCacheKiB), "temp_store = MEMORY", "query_only = ON", "trusted_schema = OFF",
	})
}

// fill puts nil where no connection was opened yet, so that Close finds one entry for every place of the pools.
func (s *Store) fill() {
	for _, pool := range []chan *conn{s.readers, s.writer} {
		for range cap(pool) - len(pool) {
			pool <- nil
		}
	}
}

// restrict makes the neighbours of the database as private as it is.
func (s *Store) restrict() error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Chmod(s.path+suffix, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Close waits for running calls and closes the database. Later calls return ErrClosed.
func (s *Store) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	var errs []error
	for _, pool := range []chan *conn{s.readers, s.writer} { // the writer last: it checkpoints and removes the log
		for range cap(pool) {
			if c := <-pool; c != nil { // nil: it was never opened
				errs = append(errs, c.close())
			}
		}
		close(pool)
	}
	return errors.Join(errs...)
}

// synchronous is the pragma that says how far a commit reaches before it returns: in WAL mode NORMAL survives
// the death of the process, FULL also that of the machine, because it syncs the log with every commit.
func (s *Store) synchronous(durable bool) string {
	switch {
	case s.noSync:
		return "synchronous = OFF"
	case durable:
		return "synchronous = FULL"
	default:
		return "synchronous = NORMAL"
	}
}

// read runs fn on a reading connection in one snapshot of the database.
func (s *Store) read(ctx context.Context, op string, fn func(c *conn) error) error {
	c, err := take(ctx, s.readers, s.openReader)
	if err != nil {
		return s.explain(ctx, op, err)
	}
	defer put(s.readers, c)
	if err := c.prepare("BEGIN").run(); err != nil {
		return s.explain(ctx, op, err)
	}
	err = fn(c)
	c.db.SetInterrupt(context.Background()) // the end of the snapshot must not be refused
	if endErr := c.prepare("COMMIT").run(); err == nil {
		err = endErr
	}
	return s.explain(ctx, op, err)
}

// write runs fn as one transaction, and tells the watchers when it changed anything. A durable transaction is on
// the disk when write returns.
func (s *Store) write(ctx context.Context, op string, durable bool, fn func(c *conn) error) error {
	c, err := take(ctx, s.writer, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	changed, err := s.transact(c, durable, fn)
	put(s.writer, c)
	if err != nil {
		return s.explain(ctx, op, err)
	}
	if changed {
		s.notify()
	}
	return nil
}

func (s *Store) transact(c *conn, durable bool, fn func(c *conn) error) (changed bool, err error) {
	if durable {
		if err := c.prepare("PRAGMA " + s.synchronous(true)).run(); err != nil {
			return false, err
		}
		defer func() {
			if back := c.prepare("PRAGMA " + s.synchronous(false)).run(); err == nil {
				err = back
			}
		}()
	}
	if err := c.prepare("BEGIN IMMEDIATE").run(); err != nil {
		return false, err
	}
	before := c.db.TotalChanges()
	err = fn(c)
	c.db.SetInterrupt(context.Background()) // what was begun must end, one way or the other
	if err == nil {
		err = c.prepare("COMMIT").run()
	}
	if err != nil {
		s.types.forget()
		s.claims.forget()
		if !c.db.GetAutocommit() {
			if undo := c.prepare("ROLLBACK").run(); undo != nil {
				err = fmt.Errorf("%w (and the rollback failed: %w)", err, undo)
			}
		}
		return false, err
	}
	return c.db.TotalChanges() != before, nil
}
