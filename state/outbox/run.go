package outbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// foreignPause is how often to look after entries of other processes that may end without finishing them.
	foreignPause = 5 * time.Second
	// troublePause is the pause after the journal could not be read or written.
	troublePause = 5 * time.Second
)

// Run sends what is due, finds out about what is in doubt and adopts what dead processes left, until ctx ends. It
// wakes when something happens or is due, and not otherwise. What is being sent when ctx ends is journaled as unknown
// before Run returns ctx's error.
func (b *Box) Run(ctx context.Context) error {
	var work sync.WaitGroup
	defer work.Wait()
	b.Observe(ctx, nil) // what the feed showed while no process looked
	for {
		due, err := b.scan(ctx, &work)
		if err != nil && ctx.Err() == nil {
			b.o.Log.Warn("outbox not served", "error", err)
			due.at(b.o.Now().Add(troublePause))
		}
		if err := b.sleep(ctx, due); err != nil {
			return err
		}
	}
}

// alarm is the earliest of some times.
type alarm struct{ t time.Time }

func (a *alarm) at(t time.Time) {
	if a.t.IsZero() || t.Before(a.t) {
		a.t = t
	}
}

// sleep returns when something is due, when the Box was poked, or with ctx's error.
func (b *Box) sleep(ctx context.Context, due alarm) error {
	if due.t.IsZero() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.wake:
			return nil
		}
	}
	d := due.t.Sub(b.o.Now())
	if d <= 0 {
		return ctx.Err()
	}
	waitCtx, cancel := context.WithCancel(ctx)
	var poked sync.WaitGroup
	poked.Go(func() {
		defer cancel()
		select {
		case <-b.wake:
		case <-waitCtx.Done():
		}
	})
	_ = b.o.Wait(waitCtx, d)
	cancel()
	poked.Wait()
	return ctx.Err()
}

// scan looks at everything that is not settled, oldest first, starts what can be started and returns when to look
// again.
func (b *Box) scan(ctx context.Context, work *sync.WaitGroup) (alarm, error) {
	var due alarm
	open, err := b.Pending(ctx)
	if err != nil {
		return due, err
	}
	slices.SortFunc(open, func(x, y Entry) int { return cmp.Compare(x.ID, y.ID) })
	var first error
	for _, e := range open {
		var err error
		switch e.State {
		case Held:
			err = b.scanHeld(ctx, work, e, &due)
		case Sending:
			err = b.scanSending(ctx, work, e, &due)
		default:
			b.scanUnknown(ctx, work, e, &due)
		}
		first = cmp.Or(first, err)
	}
	return due, first
}

// foreign reports whether e belongs to another process that still runs.
func (b *Box) foreign(e Entry) bool {
	return e.Holder != "" && e.Holder != b.o.Instance && b.o.Alive(e.Holder)
}

func (b *Box) scanHeld(ctx context.Context, work *sync.WaitGroup, e Entry, due *alarm) error {
	now := b.o.Now()
	switch {
	case b.foreign(e):
		due.at(now.Add(foreignPause))
		return nil
	case now.Before(e.HoldUntil):
		due.at(e.HoldUntil)
		return nil
	case now.Sub(e.HoldUntil) > b.o.Grace && !b.isLate(e.ID):
		_, _, err := b.move(ctx, e, change{step: stepExpire, at: now, problem: &Problem{
			NotSent: true,
			Message: fmt.Sprintf("it was due at %s, but claimdeck was not there to send it; send it again if it is still wanted", clock(e.HoldUntil)),
		}}, "not sent: its time had passed")
		return err
	}
	j, busy := b.begin(e)
	if busy != nil {
		b.markLate(e.ID) // the end of the other attempt wakes us
		return nil
	}
	n, moved, err := b.take(ctx, e)
	if err != nil || !moved {
		b.abandon(e, j)
		return err
	}
	b.start(ctx, work, n, j)
	return nil
}

func (b *Box) scanSending(ctx context.Context, work *sync.WaitGroup, e Entry, due *alarm) error {
	if b.holds(e.ID) {
		if j, _ := b.begin(e); j != nil {
			if !b.holds(e.ID) { // it ended in between
				b.abandon(e, j)
				return nil
			}
			b.start(ctx, work, e, j)
		}
		return nil
	}
	if b.foreign(e) {
		due.at(b.o.Now().Add(foreignPause))
		return nil
	}
	_, err := b.adopt(ctx, e)
	return err
}

// adopt puts the attempt of a process that is gone into doubt. It reads the entry again first: what was read may have
// been finished, or taken anew, since.
func (b *Box) adopt(ctx context.Context, e Entry) (Entry, error) {
	cur, err := b.load(ctx, e.ID)
	if err != nil || cur.State != Sending || cur.Attempts != e.Attempts || b.holds(e.ID) {
		return cur, err
	}
	n, moved, err := b.move(ctx, cur, change{step: stepDoubt, at: b.o.Now(), problem: &Problem{
		Message: "claimdeck ended while this was being sent: it may or may not have reached the service",
	}}, "its process ended while sending")
	if err == nil && moved {
		b.poke()
	}
	return n, err
}

func (b *Box) scanUnknown(ctx context.Context, work *sync.WaitGroup, e Entry, due *alarm) {
	if e.Checked {
		return
	}
	if b.foreign(e) {
		due.at(b.o.Now().Add(foreignPause))
		return
	}
	j, busy := b.reserve(b.checks, e.ID, e.ID)
	if busy != nil {
		return
	}
	work.Go(func() {
		defer b.release(b.checks, e.ID, j)
		_ = b.resolve(ctx, e, -1) // fails with ctx only
	})
}

// start performs an attempt in the background. The lane is ours.
func (b *Box) start(ctx context.Context, work *sync.WaitGroup, e Entry, j *job) {
	work.Go(func() {
		defer b.end(e, j)
		if _, err := b.attempt(ctx, e); err != nil {
			b.o.Log.Error("outcome left to a recheck", "entry", e.ID, "error", err)
		}
	})
}

// abandon gives a lane back that was not used, without waking Run: nothing changed.
func (b *Box) abandon(e Entry, j *job) {
	b.mu.Lock()
	delete(b.lanes, b.o.Lane(e))
	b.mu.Unlock()
	close(j.done)
}

func (b *Box) markLate(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.late[id] = true
}

func (b *Box) isLate(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.late[id]
}
