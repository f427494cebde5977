package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"claimdeck/state/filing"
)

// Filings is the ledger of filings in a store.
type Filings struct{ s *Store }

var _ filing.Ledger = Filings{}

// Filings returns the ledger of filings.
func (s *Store) Filings() Filings { return Filings{s: s} }

// The columns of an entry, in the order of its index first, so that a page says where the next one begins.
const filingColumns = `file, row, id, line, hash, policy_number, state, batch, code, message, warnings, transaction_id,
	attempts, sent_ns, settled_ns, holder, doubt, earlier, before`

// Update implements filing.Ledger. The transaction is on the disk when it returns.
func (f Filings) Update(ctx context.Context, ids []string, change filing.Change) error {
	return f.s.write(ctx, "write the ledger of filings", true, func(c *conn) error {
		for _, id := range ids {
			prev, known, err := findFiling(c, id)
			if err != nil {
				return err
			}
			next, write := change(id, prev, known)
			switch {
			case !write:
			case next.State == "":
				err = c.prepare("DELETE FROM filings WHERE id = ?").text(id).run()
			case next.ID != id:
				err = fmt.Errorf("filing %s: its entry is that of %q", id, next.ID)
			default:
				err = putFiling(c, next)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func putFiling(c *conn, e filing.Entry) error {
	st := c.prepare("INSERT OR REPLACE INTO filings (" + filingColumns + ") VALUES (?" + strings.Repeat(", ?", 18) + ")")
	st = st.text(e.File).int(int64(e.Position.Row)).text(e.ID).int(int64(e.Position.Line)).text(e.Hash).text(e.PolicyNumber).
		text(string(e.State)).text(e.BatchID).text(e.Code).text(e.Message)
	st = asJSON(st, len(e.Warnings) > 0, e.Warnings).text(e.TransactionID).int(int64(e.Attempts)).int(toNano(e.SentAt)).
		int(toNano(e.SettledAt)).text(e.Holder).bool(e.Doubt)
	st = asJSON(st, e.Earlier != nil, e.Earlier)
	return asJSON(st, e.Before != nil, e.Before).run()
}

// asJSON binds v, or an empty text when it is not there.
func asJSON(st *stmt, there bool, v any) *stmt {
	if !there {
		return st.text("")
	}
	raw, err := json.Marshal(v)
	if err != nil && st.err == nil {
		st.err = fmt.Errorf("encode a filing: %w", err)
	}
	return st.text(string(raw))
}

func findFiling(c *conn, id string) (e filing.Entry, known bool, err error) {
	var bad error
	st := c.prepare("SELECT " + filingColumns + " FROM filings WHERE id = ?").text(id)
	if st.next() {
		e, bad = filingOf(st.s)
		known = true
	}
	return e, known, cmp.Or(st.done(), bad)
}

func filingOf(s *sqlite3.Stmt) (filing.Entry, error) {
	e := filing.Entry{
		File: s.ColumnText(0), Position: filing.Position{Row: s.ColumnInt(1), Line: s.ColumnInt(3)}, ID: s.ColumnText(2),
		Hash: s.ColumnText(4), PolicyNumber: s.ColumnText(5), State: filing.State(s.ColumnText(6)), BatchID: s.ColumnText(7),
		Code: s.ColumnText(8), Message: s.ColumnText(9), TransactionID: s.ColumnText(11), Attempts: s.ColumnInt(12),
		SentAt: fromNano(s.ColumnInt64(13)), SettledAt: fromNano(s.ColumnInt64(14)), Holder: s.ColumnText(15), Doubt: s.ColumnBool(16),
	}
	err := errors.Join(fromJSON(s, 10, &e.Warnings), fromJSON(s, 17, &e.Earlier), fromJSON(s, 18, &e.Before))
	if err != nil {
		return e, fmt.Errorf("filing %s: its entry cannot be read: %w", e.ID, err)
	}
	return e, nil
}

func fromJSON(s *sqlite3.Stmt, column int, v any) error {
	raw := s.ColumnRawText(column)
	if len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, v)
}

// Find implements filing.Ledger.
func (f Filings) Find(ctx context.Context, ids []string) ([]filing.Entry, error) {
	var list []filing.Entry
	err := f.s.read(ctx, "read the ledger of filings", func(c *conn) error {
		for _, id := range ids {
			e, known, err := findFiling(c, id)
			if err != nil {
				return err
			}
			if known {
				list = append(list, e)
			}
		}
		return nil
	})
	return list, err
}

// filingPage is how many entries a walk reads at once; between pages nothing is held.
const filingPage = 256

// Walk implements filing.Ledger.
func (f Filings) Walk(ctx context.Context, q filing.Query) iter.Seq2[filing.Entry, error] {
	return func(yield func(filing.Entry, error) bool) {
		var last *filing.Entry
		for {
			page, err := f.page(ctx, q, last)
			if err != nil {
				yield(filing.Entry{}, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if len(page) < filingPage {
				return
			}
			last = &page[len(page)-1]
		}
	}
}

// page reads the entries after last.
func (f Filings) page(ctx context.Context, q filing.Query, last *filing.Entry) ([]filing.Entry, error) {
	where, args := filingWhere(q)
	if last != nil {
		where = append(where, "(file, row, id) > (?, ?, ?)")
	}
	sql := "SELECT " + filingColumns + " FROM filings" + clause(where) + " ORDER BY file, row, id LIMIT ?"
	var list []filing.Entry
	err := f.s.read(ctx, "read the ledger of filings", func(c *conn) error {
		st := c.prepare(sql)
		for _, arg := range args {
			st = st.text(arg)
		}
		if last != nil {
			st = st.text(last.File).int(int64(last.Position.Row)).text(last.ID)
		}
		st = st.int(filingPage)
		var bad error
		for bad == nil && st.next() {
			var e filing.Entry
			e, bad = filingOf(st.s)
			list = append(list, e)
		}
		return cmp.Or(st.done(), bad)
	})
	return list, err
}

// filingWhere returns the conditions of a query, each of which an index begins with.
func filingWhere(q filing.Query) (where, args []string) {
	for _, condition := range []struct{ sql, arg string }{
		{"batch = ? AND batch <> ''", q.Batch}, {"state = ?", string(q.State)}, {"file = ?", q.File},
	} {
		if condition.arg != "" {
			where, args = append(where, condition.sql), append(args, condition.arg)
		}
	}
	return where, args
}

func clause(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(where, " AND ")
}

// Counts implements filing.Ledger.
func (f Filings) Counts(ctx context.Context, q filing.Query) (map[filing.State]int, error) {
	where, args := filingWhere(q)
	counts := map[filing.State]int{}
	err := f.s.read(ctx, "count the ledger of filings", func(c *conn) error {
		st := c.prepare("SELECT state, count(*) FROM filings" + clause(where) + " GROUP BY state")
		for _, arg := range args {
			st = st.text(arg)
		}
		for st.next() {
			counts[filing.State(st.s.ColumnText(0))] = st.s.ColumnInt(1)
		}
		return st.done()
	})
	return counts, err
}

// Batches implements filing.Ledger.
func (f Filings) Batches(ctx context.Context) ([]string, error) {
	var list []string
	err := f.s.read(ctx, "read the batches of filings", func(c *conn) error {
		st := c.prepare("SELECT batch FROM filings WHERE state = 'queued' GROUP BY batch ORDER BY min(sent_ns), batch")
		for st.next() {
			list = append(list, st.s.ColumnText(0))
		}
		return st.done()
	})
	return list, err
}
