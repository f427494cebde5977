package feed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"claimdeck/state/activity"
)

// Syncer keeps the journal in step with the source. Its methods are safe for concurrent use; one walk that moves
// the cursor runs at a time.
type Syncer struct {
	o    Options
	turn chan struct{} // held by the walk that may move the cursor

	mu          sync.Mutex
	status      Status
	watchers    map[int]func()
	nextWatcher int
	paused      bool
	idle        bool
	hurry       time.Time          // poll fast until then
	forced      bool               // poll at once
	ended       time.Time          // end of the latest poll
	delay       time.Duration      // of the next try after a failure
	refuses     time.Time          // the service asked not to be called before
	failures    int                // in a row
	wake        context.CancelFunc // ends the wait under way
	logged      map[activity.Key]struct{}

	sweeps sweeps // of the holder of turn
	size   int    // of a page; of the holder of turn
}

// New returns a syncer that does nothing yet.
func New(o Options) *Syncer {
	o.fill()
	return &Syncer{
		o: o, turn: make(chan struct{}, 1), watchers: make(map[int]func()), logged: make(map[activity.Key]struct{}),
		size: o.PageSize, status: Status{Phase: Starting, Since: o.Now()},
	}
}

// Once polls now, all pages, and returns what came of it. An error is a *Problem, an error of the store, or the end
// of ctx; what was stored before it stays.
func (s *Syncer) Once(ctx context.Context) (Report, error) { return s.take(ctx, s.poll) }

// Sweep reads the overlap again now, whatever the time of the last sweep.
func (s *Syncer) Sweep(ctx context.Context) (Report, error) {
	return s.take(ctx, func(ctx context.Context) (Report, error) {
		s.sweeps.due = true
		return s.poll(ctx)
	})
}

// Backfill reads the whole history of one claim, or what came after a time. It does not move the cursor.
func (s *Syncer) Backfill(ctx context.Context, claimID string, after time.Time) (Report, error) {
	if claimID == "" {
		return Report{}, errors.New("read the history of a claim: it has no claim id")
	}
	if after.IsZero() {
		after = time.Unix(0, 0).UTC()
	}
	w := walk{s: s, window: Window{After: after, ClaimID: claimID, Size: s.o.PageSize}}
	return w.run(ctx)
}

// take runs a poll when it is its turn, and keeps the status.
func (s *Syncer) take(ctx context.Context, poll func(context.Context) (Report, error)) (Report, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return Report{}, ctx.Err()
	}
	defer func() { <-s.turn }()
	report, err := poll(ctx)
	s.settle(ctx, err)
	return report, err
}

// settle notes how a poll ended.
func (s *Syncer) settle(ctx context.Context, err error) {
	now := s.o.Now()
	s.mu.Lock()
	s.ended = now
	s.mu.Unlock()
	if err == nil {
		s.mu.Lock()
		s.failures, s.delay, s.refuses = 0, 0, time.Time{}
		s.mu.Unlock()
		s.update(func(st *Status) {
			st.Phase, st.Why, st.NextTry, st.LastOK = Live, "", time.Time{}, now
			st.Pages, st.TotalPages = 0, 0
		})
		return
	}
	if ctx.Err() != nil {
		s.update(func(st *Status) { st.Pages, st.TotalPages = 0, 0 })
		return
	}
	s.fail(ctx, now, err)
}

func (s *Syncer) fail(ctx context.Context, now time.Time, err error) {
	p := &Problem{Kind: Unreachable, Err: err}
	if _, ours := errors.AsType[*storeError](err); !ours {
		p = AsProblem(err)
	}
	phase := Retrying
	if p.Kind == Unauthorized {
		phase = SignedOut
	}
	why, after := p.Error(), p.After
	s.mu.Lock()
	s.failures++
	s.delay = s.backoff(p.Kind)
	if after > 0 {
		s.refuses = now.Add(after)
	}
	next := now.Add(max(s.delay, after))
	s.mu.Unlock()
	s.o.Log.LogAttrs(ctx, slog.LevelWarn, "the feed could not be read", slog.Any("error", err), slog.Time("next", next))
	s.update(func(st *Status) {
		st.Phase, st.Why, st.NextTry, st.Pages, st.TotalPages = phase, why, next, 0, 0
	})
}

// backoff is the wait after a failure: it doubles, with jitter, so that many consoles do not come back at once.
// What will not heal by itself is asked rarely.
func (s *Syncer) backoff(k Kind) time.Duration {
	d := s.o.Pace.Max
	if (k == Unreachable || k == TooFast) && s.failures < 16 {
		d = min(d, s.o.Pace.Normal<<(s.failures-1))
	}
	return time.Duration(float64(d) * (0.75 + s.o.Rand()/2))
}

// undecodable notes a row that cannot be kept; each is told once, and its content never.
func (s *Syncer) undecodable(ctx context.Context, key activity.Key, size int, err error) {
	s.mu.Lock()
	_, told := s.logged[key]
	if !told && len(s.logged) < 1000 {
		s.logged[key] = struct{}{}
	}
	s.mu.Unlock()
	if told {
		return
	}
	s.update(func(st *Status) { st.Undecodable++ })
	s.o.Log.LogAttrs(ctx, slog.LevelError, "an entry of the feed has no id and is left out",
		slog.Int("bytes", size), slog.Any("error", err))
}
