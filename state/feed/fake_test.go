package feed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
)

var dawn = time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)

// fake is a service, a store and a clock in memory. Its bounds are exclusive and its cursor inclusive.
type fake struct {
	t *testing.T

	mu      sync.Mutex
	now     time.Time // the service's clock
	skew    time.Duration
	rows    []fakeRow
	newest  bool                               // pages come newest first
	asked   []feed.Window                      // every request
	answer  func(w feed.Window, p *feed.Page)  // spoils an answer
	refuse  func(w feed.Window) error          // fails a request
	stored  map[activity.Key]activity.Activity // the store
	cursor  *feed.Cursor
	gaps    []feed.Gap
	commits int
	full    error // the store fails
	log     bytes.Buffer
}

type fakeRow struct {
	id  string
	at  time.Time
	raw json.RawMessage
}

func newFake(t *testing.T) *fake {
	t.Helper()
	return &fake{t: t, now: dawn, stored: make(map[activity.Key]activity.Activity)}
}

// emit adds a row with a createdAt so long after dawn.
func (f *fake) emit(id string, after time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := dawn.Add(after)
	raw := fmt.Sprintf(`{"activityId":%q,"createdAt":%q,"claimId":"c","type":"call-made","data":{}}`, id, at.Format("2006-01-02T15:04:05.000Z"))
	f.rows = append(f.rows, fakeRow{id: id, at: at, raw: json.RawMessage(raw)})
	slices.SortStableFunc(f.rows, func(a, b fakeRow) int { return a.at.Compare(b.at) })
}

func (f *fake) Page(_ context.Context, w feed.Window) (feed.Page, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, w)
	f.check(w)
	if f.refuse != nil {
		if err := f.refuse(w); err != nil {
			return feed.Page{}, err
		}
	}
	var rows []json.RawMessage
	reached := w.FromID == ""
	for _, r := range f.rows {
		reached = reached || r.id == w.FromID
		if reached && r.at.After(w.After) && (w.Before.IsZero() || r.at.Before(w.Before)) {
			rows = append(rows, r.raw)
		}
	}
	if f.newest {
		slices.Reverse(rows)
	}
	p := feed.Page{TotalResults: len(rows), TotalPages: (len(rows) + w.Size - 1) / w.Size, ServerTime: f.now.Truncate(time.Second)}
	from := min(w.Number*w.Size, len(rows))
	p.Results = rows[from:min(from+w.Size, len(rows))]
	if f.answer != nil {
		f.answer(w, &p)
	}
	return p, nil
}

func (f *fake) Ingest(_ context.Context, b feed.Batch) (feed.Result, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.full != nil {
		return feed.Result{}, f.full
	}
	f.commits++
	var r feed.Result
	for _, a := range b.Activities {
		if _, known := f.stored[a.Key]; !known {
			f.stored[a.Key] = a
			r.Added = append(r.Added, a)
		}
	}
	if b.Cursor != nil {
		f.cursor = b.Cursor
	}
	if b.Gap != nil {
		f.gaps = append(f.gaps, *b.Gap)
	}
	return r, nil
}

func (f *fake) Cursor(context.Context) (feed.Cursor, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cursor == nil {
		return feed.Cursor{}, false, nil
	}
	return *f.cursor, true, nil
}

// options are those of a syncer on the fake; its clock differs from the service's by skew.
func (f *fake) options() feed.Options {
	return feed.Options{
		Source: f, Journal: f, PageSize: 2, Rand: func() float64 { return 0.5 },
		Now: func() time.Time {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.now.Add(f.skew)
		},
		Wait: func(context.Context, time.Duration) error { return errors.New("nothing waits here") },
		Log:  slog.New(slog.NewTextHandler(&f.log, nil)),
	}
}

func (f *fake) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

// check wants a window that every service takes.
func (f *fake) check(w feed.Window) {
	if w.After.IsZero() || (w.FromID != "" && !w.Before.IsZero()) || w.Size < 1 || w.Size > 500 {
		f.t.Errorf("a window no service takes: %+v", w)
	}
}

// at says where the cursor is.
func (f *fake) at() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cursor == nil {
		return ""
	}
	return f.cursor.ID
}

// take empties the list of what was asked.
func (f *fake) take() []feed.Window {
	f.mu.Lock()
	defer f.mu.Unlock()
	asked := f.asked
	f.asked = nil
	return asked
}

// once polls and wants no error.
func (f *fake) once(s *feed.Syncer) feed.Report {
	f.t.Helper()
	r, err := s.Once(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}

// holds wants exactly these rows stored.
func (f *fake) holds(ids ...string) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var got []string
	for _, a := range f.stored {
		got = append(got, a.ID)
	}
	slices.Sort(got)
	slices.Sort(ids)
	if !slices.Equal(got, ids) {
		f.t.Errorf("stored: %s, want %s", strings.Join(got, " "), strings.Join(ids, " "))
	}
}

func (f *fake) cursorAt(want string) {
	f.t.Helper()
	if got := f.at(); got != want {
		f.t.Errorf("the cursor is at %q, want %q", got, want)
	}
}
