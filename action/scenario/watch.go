package scenario

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
)

const (
	pageSize    = 500
	maxPages    = 40
	feedOverlap = 2 * time.Minute // an activity may be listed after a younger one
	firstPause  = 60 * time.Millisecond
	longPause   = time.Second
)

// origin is before any activity of the service.
var origin = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// errLate is the end of a wait without what it waited for.
var errLate = errors.New("it did not come in time")

// watch is the feed of one claim, as far as it was read. It relies on nothing that the documents leave open: rows are
// told apart by their id, and every poll reads again what is near the newest row.
type watch struct {
	claimID string
	past    bool // the claim has a history, which is not yet read: it is no answer to anything
	known   map[activity.Key]bool
	fresh   []arrival
	newest  time.Time
}

func newWatch(claimID string, past bool) *watch {
	return &watch{claimID: claimID, past: past, known: map[activity.Key]bool{}}
}

// settle reads the history of a claim that was there before the run, so that only what comes after counts.
func (w *watch) settle(ctx context.Context, s *Studio) error {
	if !w.past {
		return nil
	}
	if err := w.read(ctx, s); err != nil {
		return fmt.Errorf("the claim's history cannot be read: %w", err)
	}
	w.past = false
	for i := range w.fresh {
		w.fresh[i].taken = true
	}
	return nil
}

// read polls the feed of the claim once.
func (w *watch) read(ctx context.Context, s *Studio) error {
	after := origin
	if !w.newest.IsZero() {
		after = w.newest.Add(-feedOverlap)
	}
	for page := range maxPages {
		p, err := s.o.Client.Activities(ctx, lossexpress.ActivityQuery{
			ClaimID: w.claimID, CreatedAfter: after, PageSize: pageSize, PageNumber: page,
		})
		if err != nil {
			return err
		}
		for _, raw := range p.Results {
			a, err := activity.Decode(raw)
			if err != nil || a.ClaimID != w.claimID || w.known[a.Key] {
				continue
			}
			w.known[a.Key] = true
			w.fresh = append(w.fresh, arrival{Activity: a, seen: s.o.Now()})
			if a.CreatedAt.After(w.newest) {
				w.newest = a.CreatedAt
			}
		}
		if page+1 >= p.TotalPages || len(p.Results) == 0 {
			break
		}
	}
	return nil
}

// await polls until an activity is there that a step wants and no step before has taken.
func (w *watch) await(ctx context.Context, s *Studio, st Step, limit time.Duration) (arrival, error) {
	var found arrival
	var failed error
	err := s.until(ctx, limit, func() (bool, error) {
		if failed = w.read(ctx, s); failed != nil {
			return false, final(failed)
		}
		var err error
		var ok bool
		found, ok, err = w.pick(st)
		return ok, err
	})
	if !errors.Is(err, errLate) {
		return found, err
	}
	if failed != nil {
		return found, fmt.Errorf("%s did not come in %s: the feed cannot be read: %w", st.What, Seconds(limit), failed)
	}
	return found, errors.New(w.missing(st, limit))
}

// pick takes the first activity that fits.
func (w *watch) pick(st Step) (arrival, bool, error) {
	for i := range w.fresh {
		a := &w.fresh[i]
		if a.taken || string(a.Type) != st.What {
			continue
		}
		doc, err := readDocument(a.Raw)
		if err != nil {
			return arrival{}, false, err
		}
		if doc.lacks(st) == "" {
			a.taken = true
			return *a, true, nil
		}
	}
	return arrival{}, false, nil
}

// missing says what came instead.
func (w *watch) missing(st Step, limit time.Duration) string {
	var others []string
	for i := range w.fresh {
		a := &w.fresh[i]
		switch {
		case a.taken:
		case string(a.Type) != st.What:
			others = append(others, string(a.Type))
		default:
			if doc, err := readDocument(a.Raw); err == nil {
				return fmt.Sprintf("%s came, but %s", st.What, doc.lacks(st))
			}
		}
	}
	words := fmt.Sprintf("%s did not come in %s", st.What, Seconds(limit))
	if len(others) > 0 {
		words += "; what came: " + strings.Join(others, ", ")
	}
	return words
}

// until asks again and again, slower with time, until done says so, it fails, or the limit is over: then errLate.
func (s *Studio) until(ctx context.Context, limit time.Duration, done func() (bool, error)) error {
	end := s.o.Now().Add(limit)
	for pause := firstPause; ; pause = min(pause*3/2, longPause) {
		ok, err := done()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if ok || err != nil {
			return err
		}
		left := end.Sub(s.o.Now())
		if left <= 0 {
			return errLate
		}
		if err := s.o.Wait(ctx, min(pause, left)); err != nil {
			return err
		}
	}
}

// Seconds says how long something took: "30 s", "0.4 s", "<0.1 s".
func Seconds(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 100*time.Millisecond:
		return "<0.1 s"
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
