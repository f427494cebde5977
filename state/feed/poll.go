package feed

import (
	"context"
	"errors"
	"time"
)

// sweeps remembers what the overlap sweeps covered.
//
// A row may be committed late: at T, with a createdAt up to Overlap before T. Rows that were committed before a
// sweep began were seen by it. So what no sweep saw yet was committed after the last one began, hence after the
// time of the cursor as it was then (base), and its createdAt is not before base - Overlap: from there the next
// sweep starts. No clock of ours is involved. After a start base is not known; but the cursor never moves more than
// SweepEvery past a sweep, because every poll is a sweep when one is due.
type sweeps struct {
	base time.Time // the cursor when the last sweep began; zero: none yet
	at   time.Time // when it began, by our clock
	deep time.Time // when the last deep one began, by our clock
	due  bool      // asked for

	floor   time.Time // where the very first walk started, as long as there is no cursor
	refused string    // the cursor that the service refused; it is not sent again
}

// smallPage is the service's own default page size.
const smallPage = 100

// plan is what one poll will walk.
type plan struct {
	window Window
	base   time.Time
	deep   bool
	sweep  bool
	long   bool      // the first walk ever, or the first one after a while
	from   time.Time // start of the stretch that was not read; zero: there is none
	why    string
	always bool // the gap is told even if it is short or empty
}

// poll is one walk from the cursor to the end of the feed.
func (s *Syncer) poll(ctx context.Context) (Report, error) {
	cursor, known, err := s.o.Journal.Cursor(ctx)
	if err != nil {
		return Report{}, &storeError{err}
	}
	began := s.o.Now()
	p, err := s.plan(ctx, cursor, known, began)
	if err != nil {
		return Report{}, err
	}
	report, err := s.follow(ctx, p, cursor)
	if problem, ok := errors.AsType[*Problem](err); ok && problem.Kind == BadCursor && p.window.FromID != "" {
		s.sweeps.refused, s.sweeps.due = cursor.ID, true
		p = s.fallback(cursor)
		report, err = s.follow(ctx, p, cursor)
	}
	if err != nil {
		s.shrink(err)
		return report, err
	}
	if report.Complete && p.sweep {
		s.swept(p, began)
	}
	if report.Complete {
		err = s.tell(ctx, p, report.Added)
	}
	return report, err
}

// shrink asks for smaller pages after the service refused a request without a cursor: its limit may have changed.
func (s *Syncer) shrink(err error) {
	if problem, ok := errors.AsType[*Problem](err); ok && problem.Kind == BadCursor {
		s.size = min(s.size, smallPage)
	}
}

func (s *Syncer) swept(p plan, began time.Time) {
	s.sweeps.base, s.sweeps.at, s.sweeps.due = p.base, began, false
	if p.deep {
		s.sweeps.deep = began
	}
}

func (s *Syncer) plan(ctx context.Context, cursor Cursor, known bool, now time.Time) (plan, error) {
	if !known {
		after, err := s.firstWindow(ctx)
		return plan{window: Window{After: after}, sweep: true, deep: true, long: true}, err
	}
	p := plan{base: cursor.CreatedAt}
	last := s.Status().LastOK
	switch {
	case last.IsZero():
		p.from, p.why = cursor.CreatedAt, "claimdeck was not reading the feed"
	case elapsed(last, now) > s.o.GapAfter:
		p.from, p.why = last.Add(s.Status().Skew), s.absence()
		if cursor.CreatedAt.After(p.from) { // another process read on
			p.from = cursor.CreatedAt
		}
	}
	p.long = !p.from.IsZero() && s.serverNow().Sub(p.from) > s.o.GapAfter
	p.deep = p.long || due(s.sweeps.deep, now, s.o.DeepEvery)
	p.sweep = p.deep || s.sweeps.due || due(s.sweeps.at, now, s.o.SweepEvery)
	p.window.After = cursor.CreatedAt.Add(-s.o.Overlap)
	switch {
	case p.sweep:
		p.window.After = s.sweepStart(cursor, p.deep)
	case cursor.ID != s.sweeps.refused:
		p.window.FromID = cursor.ID
	}
	return p, nil
}

// absence says why nothing was read in this process for a while.
func (s *Syncer) absence() string {
	if why := s.Status().Why; why != "" {
		return why
	}
	return "this computer slept, or claimdeck was paused"
}

// sweepStart is where a sweep starts; see sweeps.
func (s *Syncer) sweepStart(cursor Cursor, deep bool) time.Time {
	base := s.sweeps.base
	if base.IsZero() {
		base = cursor.CreatedAt.Add(-s.o.SweepEvery - s.o.Overlap)
	}
	if cursor.CreatedAt.Before(base) {
		base = cursor.CreatedAt
	}
	start := base.Add(-s.o.Overlap)
	if back := cursor.CreatedAt.Add(-s.o.Deep); deep && back.Before(start) {
		start = back
	}
	return start
}

// fallback is the walk by time after the service refused the cursor.
func (s *Syncer) fallback(cursor Cursor) plan {
	return plan{
		window: Window{After: s.sweepStart(cursor, true)}, base: cursor.CreatedAt, sweep: true, deep: true, long: true,
		from: cursor.CreatedAt, why: "the service no longer knew the newest activity that is stored here", always: true,
	}
}

// firstWindow is where a store without a cursor starts: Lookback before the service's now. One row is asked for to
// learn its clock, so that a wrong one here cannot shorten the first night.
func (s *Syncer) firstWindow(ctx context.Context) (time.Time, error) {
	if !s.sweeps.floor.IsZero() {
		return s.sweeps.floor, nil
	}
	page, err := s.o.Source.Page(ctx, Window{After: s.o.Now().Add(-s.o.Lookback), Size: 1})
	if err != nil {
		return time.Time{}, err
	}
	s.heard(page)
	now := s.o.Now()
	if server := s.serverNow(); server.Before(now) {
		now = server
	}
	s.sweeps.floor = now.Add(-s.o.Lookback)
	return s.sweeps.floor, nil
}

// follow walks a plan, in slices of time where it is long.
func (s *Syncer) follow(ctx context.Context, p plan, cursor Cursor) (Report, error) {
	p.window.Size = s.size
	if p.long {
		s.update(func(st *Status) {
			if st.Phase == Live || st.Phase == Starting {
				st.Phase = CatchingUp
			}
		})
	}
	w := s.newWalk(p.window, cursor)
	w.limit = s.o.SlicePages
	report, err := w.run(ctx)
	if !errors.Is(err, errTooLong) {
		return report, err
	}
	return s.slices(ctx, p.window, cursor)
}

// newWalk prepares the walk of a window that moves the cursor to the newest row it saw.
func (s *Syncer) newWalk(window Window, cursor Cursor) *walk {
	return &walk{s: s, window: window, shows: true, moves: true, cursor: cursor}
}

// tell records the stretch that was filled late. It is a transaction of its own, after the one of the cursor: only
// then is it known how many rows were new.
func (s *Syncer) tell(ctx context.Context, p plan, added int) error {
	to := s.serverNow()
	if p.from.IsZero() || (!p.always && (added == 0 || to.Sub(p.from) <= s.o.GapAfter)) {
		return nil
	}
	gap := &Gap{From: p.from, To: to, FilledAt: s.o.Now(), Added: added, Why: p.why}
	if _, err := s.o.Journal.Ingest(ctx, Batch{Gap: gap}); err != nil {
		return &storeError{err}
	}
	s.update(func(st *Status) { st.Gap = gap })
	return nil
}

const (
	smallestSlice = time.Second
	// seam is how much slices overlap: whether their bounds are inclusive is not known.
	seam = time.Second
)

// slices walks a long window oldest first, slice by slice. Each slice is complete before the next begins, so the
// cursor may follow it: a catch-up that is interrupted goes on where it was, and none needs much memory.
func (s *Syncer) slices(ctx context.Context, window Window, cursor Cursor) (Report, error) {
	window.FromID = ""
	from, size := window.After, s.serverNow().Sub(window.After)/2
	var total Report
	for {
		w := s.newWalk(window, cursor)
		w.window.After = from.Add(-seam)
		if size > smallestSlice {
			w.limit = s.o.SlicePages
		}
		last := !from.Add(size).Before(s.serverNow().Add(-s.o.Overlap))
		if !last {
			w.window.Before = from.Add(size)
		}
		report, err := w.run(ctx)
		total.plus(report)
		switch {
		case errors.Is(err, errTooLong):
			size = max(size/2, smallestSlice)
			continue
		case err != nil || last || !report.Complete:
			return total, err
		}
		cursor = w.cursor
		from = from.Add(size)
		size *= 2 // too much costs one request
	}
}

// due reports whether something that happened at last is to happen again. A clock that was set back must not put
// it off.
func due(last, now time.Time, every time.Duration) bool {
	d := elapsed(last, now)
	return last.IsZero() || d >= every || d < 0
}

// elapsed is the time on the wall between two moments, sleep of the computer included.
func elapsed(from, to time.Time) time.Duration { return to.Round(0).Sub(from.Round(0)) }
