package feed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"claimdeck/state/activity"
)

// maxPasses is how often one walk may go over its pages again because rows moved between them.
const maxPasses = 6

// clockSlack is how far in the future of the service's own clock a row may lie and still become the cursor. A row
// from the future would otherwise hide everything until then.
const clockSlack = 5 * time.Second

// errTooLong says that a window has too many pages for one walk.
var errTooLong = errors.New("too many pages for one walk")

// Report is what a walk came to.
type Report struct {
	Added       int  // activities that were not stored before
	Pages       int  // pages read
	Undecodable int  // rows without an id; they are left out
	Complete    bool // everything the service said it has was seen; otherwise the next poll goes on
}

func (r *Report) plus(other Report) {
	r.Added += other.Added
	r.Pages += other.Pages
	r.Undecodable += other.Undecodable
	r.Complete = other.Complete
}

// walk goes over all pages of one window and stores them page by page. Rows may move between pages while it does:
// it keeps the set of rows it saw and goes over the pages again until it saw as many as the service says there are.
type walk struct {
	s       *Syncer
	window  Window
	limit   int                       // pages; 0: no limit
	shows   bool                      // progress is shown
	moves   bool                      // a complete walk moves the cursor
	cursor  Cursor                    // the stored one
	newest  Cursor                    // newest row that may become it
	seen    map[activity.Key]struct{} // distinct rows of all passes
	report  Report
	pass    int
	gained  int // rows first seen in this pass
	barren  int // passes in a row that gained nothing
	repeats map[activity.Key]struct{}
}

// run walks to the end. The report also counts what an interrupted walk stored.
func (w *walk) run(ctx context.Context) (Report, error) {
	w.seen = make(map[activity.Key]struct{})
	for {
		page, err := w.s.o.Source.Page(ctx, w.window)
		if err != nil {
			return w.report, err
		}
		w.s.heard(page)
		if w.limit > 0 && w.pass == 0 && w.window.Number == 0 && page.TotalPages > w.limit {
			return w.report, fmt.Errorf("%d pages: %w", page.TotalPages, errTooLong)
		}
		w.report.Pages++
		w.progress(page)
		fresh, repeated := w.take(ctx, page)
		w.window.Number++
		over := w.over(page, repeated)
		done := w.done(page, over)
		w.report.Complete = done
		if err := w.store(ctx, fresh, done); err != nil {
			return w.report, err
		}
		if done || (over && w.pass >= maxPasses) {
			return w.report, nil
		}
		if over {
			w.again()
		}
	}
}

// take decodes a page and returns the rows that this walk did not see before. repeated says that the page is the
// previous one again, as from a service that does not know page numbers.
func (w *walk) take(ctx context.Context, page Page) (fresh []activity.Activity, repeated bool) {
	keys := make(map[activity.Key]struct{}, len(page.Results))
	for _, raw := range page.Results {
		a, err := activity.Decode(raw)
		if err != nil {
			a.Key = rawKey(raw)
		}
		keys[a.Key] = struct{}{}
		if _, known := w.seen[a.Key]; known {
			continue
		}
		w.seen[a.Key] = struct{}{}
		w.gained++
		if err != nil {
			w.report.Undecodable++
			w.s.undecodable(ctx, a.Key, len(raw), err)
			continue
		}
		if a.ID == w.cursor.ID { // an inclusive cursor: it is stored
			continue
		}
		w.candidate(a, page.ServerTime)
		fresh = append(fresh, a.Stamped(w.s.o.Now()))
	}
	repeated = len(keys) > 0 && maps.Equal(keys, w.repeats)
	w.repeats = keys
	return fresh, repeated
}

// candidate considers a row for the cursor.
func (w *walk) candidate(a activity.Activity, serverTime time.Time) {
	limit := serverTime.Add(clockSlack)
	if serverTime.IsZero() {
		limit = w.s.o.Now().Add(time.Hour) // better than nothing, and a slow clock of ours must not hold the cursor
	}
	if a.CreatedAt.IsZero() || a.CreatedAt.After(limit) {
		return
	}
	if c := (Cursor{ID: a.ID, CreatedAt: a.CreatedAt}); w.newest.ID == "" || c.after(w.newest) {
		w.newest = c
	}
}

// after orders cursors as the store orders activities, so that of several rows of one millisecond always the same
// one is chosen.
func (c Cursor) after(d Cursor) bool {
	if n := c.CreatedAt.Compare(d.CreatedAt); n != 0 {
		return n > 0
	}
	ours, theirs := activity.KeyOf(c.ID), activity.KeyOf(d.ID)
	return bytes.Compare(ours[:], theirs[:]) > 0
}

// over reports whether the page just read was the last of its pass.
func (w *walk) over(page Page, repeated bool) bool {
	switch {
	case len(page.Results) == 0:
		return true
	case page.TotalPages > 0:
		return w.window.Number >= page.TotalPages
	default:
		return repeated
	}
}

// covers reports whether as many rows were seen as the service says there are.
func (w *walk) covers(page Page) bool { return len(w.seen) >= page.TotalResults }

// done reports whether the walk is finished: all rows were seen, or the service counts rows that it does not show.
func (w *walk) done(page Page, over bool) bool {
	if w.covers(page) {
		return over || w.pass > 0
	}
	return over && w.pass > 0 && w.gained == 0 && w.barren > 0
}

// again starts the next pass: rows that arrived at the front, or moved, are found from page 0 on.
func (w *walk) again() {
	w.barren++
	if w.gained > 0 {
		w.barren = 0
	}
	w.pass++
	w.gained = 0
	w.repeats = nil
	w.window.Number = 0
}

// store commits the new rows of a page; with the last one, and in the same transaction, the cursor.
func (w *walk) store(ctx context.Context, fresh []activity.Activity, done bool) error {
	b := Batch{Activities: fresh}
	if done && w.moves && w.newest.ID != "" && (w.cursor.ID == "" || w.newest.after(w.cursor)) {
		b.Cursor = &w.newest
	}
	if len(b.Activities) == 0 && b.Cursor == nil {
		return nil
	}
	result, err := w.s.o.Journal.Ingest(ctx, b)
	if err != nil {
		return &storeError{err}
	}
	if b.Cursor != nil {
		w.cursor = *b.Cursor
	}
	w.report.Added += len(result.Added)
	if len(result.Added) > 0 {
		w.s.o.OnAdded(ctx, result.Added)
	}
	return nil
}

func (w *walk) progress(page Page) {
	if !w.shows {
		return
	}
	w.s.update(func(st *Status) {
		st.Pages, st.TotalPages = w.window.Number+1, page.TotalPages
		if st.Phase == Live && page.TotalPages > 2 {
			st.Phase = CatchingUp
		}
	})
}

// rawKey stands for a row that has no id, so that it is counted once.
func rawKey(raw json.RawMessage) activity.Key {
	sum := sha256.Sum256(raw)
	return activity.Key(sum[:16])
}

// storeError is a failure of the journal, not of the source.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }
