package feed_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"claimdeck/state/feed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a syncer that runs on the clock of a synctest bubble.
type running struct {
	*fake
	s     *feed.Syncer
	sleep atomic.Int64 // how long the computer slept in all
	polls []time.Duration
	began time.Time
}

// bubble runs a syncer while test looks at it.
func bubble(t *testing.T, change func(*feed.Options), test func(r *running)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &running{fake: newFake(t), began: time.Now()}
		r.emit("a", 0)
		o := r.options()
		o.PageSize = 500
		o.Now = func() time.Time {
			return time.Now().Add(time.Duration(r.sleep.Load()))
		}
		o.Wait = func(ctx context.Context, d time.Duration) error {
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		r.answer = func(w feed.Window, p *feed.Page) {
			p.ServerTime = time.Time{}
			if w.Size > 1 && w.Number == 0 {
				r.polls = append(r.polls, o.Now().Sub(r.began))
			}
		}
		if change != nil {
			change(&o)
		}
		r.s = feed.New(o)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.s.Run(ctx) }()
		synctest.Wait()
		test(r)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

// after lets time go by and returns when polls began meanwhile.
func (r *running) after(d time.Duration) []time.Duration {
	r.mu.Lock()
	r.polls = nil
	r.mu.Unlock()
	start := time.Since(r.began) + time.Duration(r.sleep.Load())
	time.Sleep(d)
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	polls := slices.Clone(r.polls)
	for i := range polls {
		polls[i] -= start
	}
	return polls
}

func (r *running) wants(what string, got []time.Duration, want ...time.Duration) {
	r.t.Helper()
	if !slices.Equal(got, want) {
		r.t.Errorf("%s: polls after %v, want %v", what, got, want)
	}
}

const sec = time.Second

func TestPace(t *testing.T) {
	t.Parallel()
	bubble(t, nil, func(r *running) {
		r.wants("normal", r.after(11*sec), 5*sec, 10*sec)
		r.s.Hurry(3 * sec)
		r.wants("hurry", r.after(8*sec), 0, 1*sec, 2*sec, 7*sec)
		r.s.SetIdle(true)
		r.wants("idle", r.after(42*sec), 19*sec, 39*sec)
		r.s.Poke()
		r.wants("poke", r.after(sec), 0)
		r.s.SetIdle(false)
		r.wants("back", r.after(5*sec), 4*sec)
	})
}

func TestBackoffAndRetryAfter(t *testing.T) {
	t.Parallel()
	bubble(t, nil, func(r *running) {
		var asked []time.Duration
		fail := func(p *feed.Problem) {
			r.mu.Lock()
			defer r.mu.Unlock()
			asked = nil
			start := time.Now()
			r.refuse = func(feed.Window) error {
				asked = append(asked, time.Since(start))
				return p
			}
		}
		fail(errLine)
		r.after(5*sec + 5*sec + 10*sec + 20*sec + 40*sec + 80*sec + 120*sec + 120*sec)
		r.wants("backoff", asked, 5*sec, 10*sec, 20*sec, 40*sec, 80*sec, 160*sec, 280*sec, 400*sec)
		if st := r.s.Status(); st.Phase != feed.Retrying || st.Why != "the line is dead" || time.Until(st.NextTry) != 120*sec {
			t.Errorf("%+v", st)
		}
		r.s.Poke()
		r.after(0)
		if len(asked) != 9 {
			t.Error("a person's poke waited for the backoff")
		}
		fail(&feed.Problem{Kind: feed.TooFast, After: 5 * time.Minute, Err: errors.New("too many requests")})
		r.s.Poke()
		r.after(sec)
		r.s.Poke()
		r.s.Hurry(time.Minute)
		r.after(299 * sec)
		r.wants("Retry-After", asked, 0, 300*sec)
		fail(&feed.Problem{Kind: feed.Unauthorized, Err: errors.New("refused")})
		r.after(5 * time.Minute)
		if st := r.s.Status(); st.Phase != feed.SignedOut {
			t.Errorf("%+v", st)
		}
		r.mu.Lock()
		r.refuse = nil
		r.mu.Unlock()
		r.s.Poke() // the person signed in
		r.after(0)
		if st := r.s.Status(); st.Phase != feed.Live || st.Why != "" || !st.NextTry.IsZero() {
			t.Errorf("%+v", st)
		}
		r.wants("healed", r.after(5*sec), 5*sec)
	})
}

func TestWakingUpPollsAtOnceAndSweeps(t *testing.T) {
	t.Parallel()
	bubble(t, nil, func(r *running) {
		r.s.SetIdle(true)
		r.after(20 * sec)
		r.take()
		r.sleep.Add(int64(8 * time.Hour))
		if got := r.after(5 * sec); len(got) != 1 || got[0] > 5*sec {
			t.Errorf("after waking up: %v", got)
		}
		if asked := r.take(); len(asked) != 1 || asked[0].FromID != "" {
			t.Errorf("no sweep after waking up: %+v", asked)
		}
	})
}

func TestWakingUpEndsTheBackoff(t *testing.T) {
	t.Parallel()
	bubble(t, nil, func(r *running) {
		r.mu.Lock()
		r.refuse = func(feed.Window) error { return errLine }
		r.mu.Unlock()
		r.after(300 * sec)
		r.mu.Lock()
		r.refuse = nil
		r.mu.Unlock()
		r.sleep.Add(int64(time.Minute)) // less than what is left
		if got := r.after(6 * sec); len(got) == 0 {
			t.Error("it went on waiting after the computer woke up")
		}
	})
}

func TestStandbyTakesOver(t *testing.T) {
	t.Parallel()
	var free, held atomic.Bool
	bubble(t, func(o *feed.Options) {
		o.Lead = func() (func(), bool) {
			held.Store(free.Load())
			return func() { held.Store(false) }, free.Load()
		}
	}, func(r *running) {
		r.wants("standby", r.after(30*sec))
		if st := r.s.Status(); st.Phase != feed.Standby {
			t.Errorf("%+v", st)
		}
		free.Store(true)
		r.wants("takes over", r.after(6*sec), 5*sec)
		if st := r.s.Status(); st.Phase != feed.Live || !held.Load() {
			t.Errorf("%+v", st)
		}
		r.s.Pause()
		r.wants("paused", r.after(time.Minute))
		if st := r.s.Status(); st.Phase != feed.Paused || held.Load() {
			t.Errorf("paused: %+v, lead held: %t", st, held.Load())
		}
		r.s.Resume()
		r.wants("resumed", r.after(6*sec), 0, 5*sec)
	})
	if held.Load() {
		t.Error("the lead was not released at the end")
	}
}

func TestStatusWatchersAreCalledForChangesOnly(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	s := feed.New(f.options())
	if st := s.Status(); st.Phase != feed.Starting || st.Phase.String() != "starting" {
		t.Errorf("%+v", st)
	}
	calls := 0
	cancel := s.Subscribe(func() {
		calls++
		s.Status() // under no lock
	})
	f.once(s)
	if calls == 0 {
		t.Error("nothing was told")
	}
	cancel()
	calls = 0
	f.once(s)
	if calls != 0 {
		t.Error("told after the end of the subscription")
	}
	if got := feed.Phase(99).String(); got != "phase 99" {
		t.Error(got)
	}
}
