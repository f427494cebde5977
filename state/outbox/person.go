package outbox

import (
	"context"
	"fmt"
	"time"
)

// Refusal is what a person asked of an entry and cannot have, in words, with the entry as it stands.
type Refusal struct {
	Entry  Entry
	Reason string
	Err    error // the cause; may be nil
}

// Error returns the words.
func (r *Refusal) Error() string { return r.Reason }

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// Undo takes a held write back. Later than that it is a *Refusal that says what happened to it.
func (b *Box) Undo(ctx context.Context, id string) (Entry, error) {
	return b.change(ctx, id, func(e Entry) (change, string, error) {
		if e.State != Held {
			return change{}, "", refuse(e, "it cannot be undone: "+Standing(e))
		}
		return change{step: stepUndo}, "taken back before it was sent", nil
	})
}

// Drop gives a write up: a held one is taken back, one in doubt or rejected is put away. Should the feed show the
// effect of a dropped one later, it is corrected to confirmed.
func (b *Box) Drop(ctx context.Context, id string) (Entry, error) {
	return b.change(ctx, id, func(e Entry) (change, string, error) {
		if _, ok := transitions[e.State][stepDrop]; !ok {
			return change{}, "", refuse(e, "it cannot be dropped: "+Standing(e))
		}
		return change{step: stepDrop}, "given up by a person", nil
	})
}

// change applies what a person asked for, also when the entry moves at the same moment.
func (b *Box) change(ctx context.Context, id string, ask func(Entry) (change, string, error)) (Entry, error) {
	for {
		e, err := b.load(ctx, id)
		if err != nil {
			return e, err
		}
		c, note, err := ask(e)
		if err != nil {
			return e, err
		}
		c.at = b.o.Now()
		n, moved, err := b.move(ctx, e, c, note)
		switch {
		case err != nil:
			return e, fmt.Errorf("%s: the outbox could not be written: %w", e.Title, err)
		case moved:
			b.poke()
			return n, nil
		case ctx.Err() != nil:
			return e, ctx.Err()
		}
	}
}

// Recheck looks for the effect of a write in doubt now. The entry comes back confirmed, or unknown: Checked when
// enough time has passed since the attempt to believe that it had no effect.
func (b *Box) Recheck(ctx context.Context, id string) (Entry, error) {
	e, err := b.load(ctx, id)
	if err != nil {
		return e, err
	}
	if e.State == Accepted {
		if err := b.o.Sender.Recheck(ctx, e); err != nil {
			return e, fmt.Errorf("%s: it cannot be checked now: %w", e.Title, err)
		}
		if err := b.confirmOne(ctx, e); err != nil {
			return e, fmt.Errorf("%s: it cannot be checked now: %w", e.Title, err)
		}
		return b.load(ctx, id)
	}
	return b.look(ctx, id, false)
}

// Retry sends a write again that was rejected, or whose effect was looked for and not seen. One in doubt is looked
// for once more first: when it is seen, it comes back confirmed and nothing is sent. The entry comes back sending;
// Run or Settle performs it.
func (b *Box) Retry(ctx context.Context, id string) (Entry, error) {
	e, err := b.load(ctx, id)
	if err != nil {
		return e, err
	}
	if e.State == Unknown {
		if e, err = b.look(ctx, id, false); err != nil {
			return e, refuseFor(e, "it was not sent again: "+err.Error(), err)
		}
		if e.State == Confirmed || e.State == Accepted {
			return e, nil
		}
	}
	if err := b.retryable(e); err != nil {
		return e, err
	}
	n, moved, err := b.take(ctx, e)
	if err != nil {
		return e, err
	}
	if !moved {
		cur, err := b.load(ctx, id)
		if err != nil {
			return e, err
		}
		return cur, refuse(cur, "it was not sent again: "+Standing(cur))
	}
	b.poke()
	return n, nil
}

func (b *Box) retryable(e Entry) error {
	switch {
	case e.State == Unknown && len(e.ConfirmedBy) > 0:
		return refuse(e, "it was not sent again: a part of it was seen in the feed and would be doubled; drop it and ask for the rest anew")
	case e.State == Unknown && !e.Checked:
		return refuse(e, fmt.Sprintf("it was not sent again: its effect may still show up; look again after %s",
			clock(e.AnsweredAt.Add(b.last))))
	case e.State == Unknown || e.State == Rejected:
		return nil
	}
	return refuse(e, "it cannot be sent again: "+Standing(e))
}

// Standing says in a few words where a write stands and since when.
func Standing(e Entry) string {
	switch e.State {
	case Held:
		return "it goes out at " + clock(e.HoldUntil)
	case Sending:
		return "it is being sent since " + clock(e.SentAt)
	case Accepted:
		return "already sent at " + clock(e.SentAt) + ": accepted, and not confirmed yet"
	case Confirmed:
		return "already sent at " + clock(e.SentAt) + " and confirmed"
	case Rejected:
		return "it was rejected at " + clock(e.SettledAt)
	case Unknown:
		if e.Checked {
			return "sent at " + clock(e.SentAt) + ", no answer, and its effect was not seen: retry or drop it"
		}
		return "already sent at " + clock(e.SentAt) + ": no answer, its outcome is being checked"
	case Undone:
		return "it was taken back at " + clock(e.SettledAt)
	case Dropped:
		return "it was dropped at " + clock(e.SettledAt)
	}
	return "its state is " + string(e.State)
}

func clock(t time.Time) string { return t.Local().Format("15:04:05") }

func refuse(e Entry, reason string) error { return refuseFor(e, reason, nil) }

func refuseFor(e Entry, reason string, err error) error {
	if title := e.Title; title != "" {
		reason = title + ": " + reason
	}
	return &Refusal{Entry: e, Reason: reason, Err: err}
}
