package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// busyTimeout is how long a connection waits for another process; a checkpoint of a large log takes a third of a
// second.
const busyTimeout = 10 * time.Second

// conn is one connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	db    *sqlite3.Conn
	stmts map[string]*stmt
}

func openConn(path string, flags sqlite3.OpenFlag, pragmas []string) (*conn, error) {
	db, err := sqlite3.OpenFlags(path, flags)
	if err != nil {
		return nil, err
	}
	c := &conn{db: db, stmts: make(map[string]*stmt)}
	if err := db.BusyTimeout(busyTimeout); err != nil {
		return nil, closing(c, err)
	}
	for _, p := range pragmas {
		if err := db.Exec("PRAGMA " + p); err != nil {
			return nil, closing(c, err)
		}
	}
	return c, nil
}

// closing closes c and returns err, the reason for it.
func closing(c *conn, err error) error {
	if closeErr := c.close(); closeErr != nil {
		return fmt.Errorf("%w (and then %w)", err, closeErr)
	}
	return err
}

func (c *conn) close() error {
	for _, st := range c.stmts {
		if err := st.s.Close(); err != nil {
			return err
		}
	}
	clear(c.stmts)
	return c.db.Close()
}

// stmt is a prepared statement that binds in order and keeps its first error for done.
type stmt struct {
	s   *sqlite3.Stmt
	n   int
	err error
}

// prepare returns the statement of sql, reset and ready to bind. A statement must be done before it is prepared
// again.
func (c *conn) prepare(sql string) *stmt {
	if st, ok := c.stmts[sql]; ok {
		st.n, st.err = 0, st.s.Reset()
		return st
	}
	s, _, err := c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return &stmt{err: err}
	}
	st := &stmt{s: s}
	c.stmts[sql] = st
	return st
}

func (st *stmt) int(v int64) *stmt {
	if st.n++; st.err == nil {
		st.err = st.s.BindInt64(st.n, v)
	}
	return st
}

func (st *stmt) bool(v bool) *stmt {
	if v {
		return st.int(1)
	}
	return st.int(0)
}

func (st *stmt) text(v string) *stmt {
	if st.n++; st.err == nil {
		st.err = st.s.BindText(st.n, v)
	}
	return st
}

// blob binds v; nil binds NULL.
func (st *stmt) blob(v []byte) *stmt {
	if st.n++; st.err == nil {
		if v == nil {
			st.err = st.s.BindNull(st.n)
		} else {
			st.err = st.s.BindBlob(st.n, v)
		}
	}
	return st
}

// next steps to the next row; false at the end or at an error, which done returns.
func (st *stmt) next() bool {
	if st.err != nil {
		return false
	}
	if st.s.Step() {
		return true
	}
	st.err = st.s.Err()
	return false
}

// done ends the statement, so that it holds no lock, and returns its first error.
func (st *stmt) done() error {
	if st.s == nil {
		return st.err
	}
	resetErr := st.s.Reset()
	if st.err != nil {
		return st.err
	}
	return resetErr
}

// run executes the statement to its end.
func (st *stmt) run() error {
	for st.next() {
	}
	return st.done()
}

// one reads one number.
func (st *stmt) one() (v int64, found bool, err error) {
	if st.next() {
		v, found = st.s.ColumnInt64(0), true
	}
	return v, found, st.done()
}

// take waits for a connection of the pool; one that was never opened is opened now.
func take(ctx context.Context, pool chan *conn, open func() (*conn, error)) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case c, ok := <-pool:
		if !ok {
			return nil, ErrClosed
		}
		if c == nil {
			var err error
			if c, err = open(); err != nil {
				pool <- nil
				return nil, err
			}
		}
		c.db.SetInterrupt(ctx)
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func put(pool chan *conn, c *conn) {
	c.db.SetInterrupt(context.Background())
	pool <- c
}
