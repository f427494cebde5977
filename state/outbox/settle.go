package outbox

import (
	"context"
	"fmt"
	"time"
)

// settlePoll is how often Settle looks at an entry that another process is sending.
const settlePoll = time.Second

// settlePatience is how many rechecks in a row may fail before Settle leaves the doubt as it is.
const settlePatience = 3

// Settle sends a write now, held or not, and returns when it is accepted, rejected, or in doubt after every recheck
// of the schedule. It never waits for the feed to confirm. An error means that the entry is not there yet: ctx ended
// or the journal failed.
func (b *Box) Settle(ctx context.Context, id string) (Entry, error) {
	for {
		e, err := b.load(context.WithoutCancel(ctx), id)
		if err != nil {
			return e, err
		}
		done := true
		switch e.State {
		case Held, Sending:
			e, done, err = b.settleSend(ctx, e)
		case Unknown:
			if done = b.settleDoubt(ctx, e); done {
				e, err = b.load(context.WithoutCancel(ctx), id)
			}
		case Undone, Accepted, Confirmed, Rejected, Dropped:
		}
		if done || err != nil {
			return e, err
		}
	}
}

// settleSend gets an entry sent, by us or by whoever holds it. Done is true when there is no more to do.
func (b *Box) settleSend(ctx context.Context, e Entry) (Entry, bool, error) {
	if e.State == Sending && !b.holds(e.ID) {
		if !b.foreign(e) {
			n, err := b.adopt(ctx, e)
			return n, false, err
		}
		if err := b.o.Wait(ctx, settlePoll); err != nil {
			return e, true, fmt.Errorf("%s: another claimdeck is sending it: %w", e.Title, err)
		}
		return e, false, nil
	}
	j, busy := b.begin(e)
	if busy != nil {
		return e, false, join(ctx, busy)
	}
	defer b.end(e, j)
	cur, err := b.load(ctx, e.ID) // it may have moved before the lane was ours
	if err != nil || (cur.State != Held && cur.State != Sending) {
		return cur, false, err
	}
	if cur.State == Held {
		n, moved, err := b.take(ctx, cur)
		if err != nil || !moved {
			return cur, err != nil, err
		}
		cur = n
	} else if !b.holds(cur.ID) {
		return cur, false, nil
	}
	n, err := b.attempt(ctx, cur)
	return n, err != nil, err
}

// settleDoubt runs the rechecks of an entry in doubt. Done is true when nothing more can be found out.
func (b *Box) settleDoubt(ctx context.Context, e Entry) bool {
	if e.Checked || ctx.Err() != nil {
		return true
	}
	j, busy := b.reserve(b.checks, e.ID, e.ID)
	if busy != nil {
		return join(ctx, busy) != nil
	}
	defer b.release(b.checks, e.ID, j)
	return b.resolve(ctx, e, settlePatience) != nil
}

// join waits for the end of a job.
func join(ctx context.Context, j *job) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-j.done:
		return nil
	}
}
