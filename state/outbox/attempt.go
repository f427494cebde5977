package outbox

import (
	"context"
	"fmt"
	"time"
)

// writeTimeout bounds one write to the journal that must happen although the caller is being stopped.
const writeTimeout = 10 * time.Second

// recordTries is how often the outcome of an attempt is offered to the journal before it is left to the recheck.
const recordTries = 6

// attempt sends e once and journals what came of it. The caller holds e's lane, and e is ours in Sending.
func (b *Box) attempt(ctx context.Context, e Entry) (Entry, error) {
	defer b.unclaim(e.ID)
	sendCtx, cancel := context.WithTimeout(ctx, b.o.Timeout)
	out := b.o.Sender.Send(sendCtx, e)
	cancel()
	n, err := b.record(ctx, e, out)
	if err != nil {
		return n, err
	}
	if n.State == Accepted || n.State == Unknown {
		n = b.seen(ctx, n)
	}
	if n.State == Accepted {
		if cur, err := b.witness(ctx, n); err == nil { // otherwise it stays accepted, which is true
			n = cur
		}
	}
	return n, nil
}

// seen looks for the effect of an attempt in what is stored: its activity may have arrived before its answer.
func (b *Box) seen(ctx context.Context, e Entry) Entry {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	if err := b.confirmOne(ctx, e); err != nil {
		b.o.Log.Info("write not compared with the feed", "entry", e.ID, "error", err)
	}
	if cur, err := b.load(ctx, e.ID); err == nil {
		return cur
	}
	return e
}

// record journals the outcome of an attempt, also while the program is being stopped.
func (b *Box) record(ctx context.Context, e Entry, out Outcome) (Entry, error) {
	c, note := outcomeChange(out)
	c.at = b.o.Now()
	var err error
	for try := range recordTries {
		var n Entry
		var moved bool
		if n, moved, err = b.recordOnce(ctx, e, c, note); err == nil && moved {
			return n, nil
		} else if err == nil {
			return b.recordLate(ctx, e, c, note)
		}
		b.o.Log.Error("outcome not journaled", "entry", e.ID, "try", try+1, "error", err)
		if b.o.Wait(ctx, time.Duration(1<<try)*100*time.Millisecond) != nil {
			break
		}
	}
	n, _ := advance(e, c)
	return n, fmt.Errorf("%s: its outcome (%s) could not be written to the outbox: %w; it will be checked at the service again", e.Title, n.State, err)
}

func (b *Box) recordOnce(ctx context.Context, e Entry, c change, note string) (Entry, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	return b.move(ctx, e, c, note)
}

// recordLate handles an attempt that another process took for dead while it ran: a trustworthy answer still
// counts for the entry in doubt.
func (b *Box) recordLate(ctx context.Context, e Entry, c change, note string) (Entry, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	cur, err := b.load(ctx, e.ID)
	if err != nil || cur.State != Unknown || cur.Attempts != e.Attempts || c.step == stepDoubt {
		return cur, err
	}
	n, moved, err := b.move(ctx, cur, c, note+" (late)")
	if err != nil || moved {
		return n, err
	}
	return b.load(ctx, e.ID)
}

// outcomeChange reads an outcome. One that is none of the three is not to be trusted.
func outcomeChange(out Outcome) (c change, note string) {
	p := problemOf(out.Problem)
	switch out.State {
	case Accepted:
		return change{step: stepAccept, answer: out.Answer}, "accepted by the service"
	case Rejected:
		if p.NotSent {
			return change{step: stepRefuse, problem: p}, "not sent: " + p.Message
		}
		return change{step: stepRefuse, problem: p}, "refused: " + p.Message
	default:
		return change{step: stepDoubt, problem: p}, "no trustworthy answer: " + p.Message
	}
}
