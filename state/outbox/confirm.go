package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"claimdeck/state/activity"
)

// droppedLimit is how many of the latest dropped entries a late activity may still correct.
const droppedLimit = 100

// Observe tells the Box which activities were just stored; nil stands for any, such as when another process stored
// them. It confirms the writes whose effect they show, those in doubt and those given up included. Call it after each
// ingest.
func (b *Box) Observe(ctx context.Context, added []activity.Activity) {
	defer b.poke() // another process may have left something to find out about
	claims := map[string]bool{}
	for _, a := range added {
		claims[a.ClaimID] = true
	}
	if added != nil && len(claims) == 0 {
		return
	}
	// What creates a claim does not know its id before it is confirmed.
	wanted := func(e Entry) bool { return added == nil || e.ClaimID == "" || claims[e.ClaimID] }
	if _, err := b.confirm(ctx, wanted); err != nil {
		b.o.Log.Warn("outbox not compared with the feed", "error", err)
	}
}

// confirmOne compares the open writes of e's claim with what is stored. An error means that e was not compared.
func (b *Box) confirmOne(ctx context.Context, e Entry) error {
	failed, err := b.confirm(ctx, func(open Entry) bool { return open.ClaimID == e.ClaimID })
	return cmp.Or(err, failed[e.ID])
}

// confirm compares the open writes that are wanted with what is stored. It returns, by entry, why one could not be
// compared.
func (b *Box) confirm(ctx context.Context, wanted func(Entry) bool) (failed map[string]error, err error) {
	b.matching.Lock()
	defer b.matching.Unlock()
	open, err := b.confirmable(ctx)
	if err != nil {
		return nil, err
	}
	failed = b.match(ctx, slices.DeleteFunc(open, func(e Entry) bool { return !wanted(e) }))
	for id, err := range failed {
		b.o.Log.Info("write not compared with the feed", "entry", id, "error", err)
	}
	return failed, nil
}

// confirmable returns what the feed may confirm, and what is being sent.
func (b *Box) confirmable(ctx context.Context) ([]Entry, error) {
	open, err := b.o.Journal.Entries(ctx, 0, Sending, Accepted, Unknown)
	if err != nil {
		return nil, err
	}
	dropped, err := b.o.Journal.Entries(ctx, droppedLimit, Dropped)
	if err != nil {
		return nil, err
	}
	return append(open, dropped...), nil
}

// rank orders entries for matching: an answer names what it created, so accepted writes choose first; then those
// in doubt, then those given up. Within a rank the older one goes first.
func rank(s State) int { return slices.Index([]State{Accepted, Unknown, Dropped}, s) }

// errOtherFirst is why an entry in doubt may have to wait.
var errOtherFirst = errors.New("another write of this kind is being sent to the claim, and what the feed shows may be its effect")

func (b *Box) match(ctx context.Context, open []Entry) map[string]error {
	slices.SortFunc(open, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(rank(x.State), rank(y.State)), cmp.Compare(x.ID, y.ID))
	})
	type lane struct{ claim, action string }
	sending := map[lane]bool{}
	for _, e := range open {
		if e.State == Sending {
			sending[lane{e.ClaimID, e.Action}] = true
		}
	}
	failed := map[string]error{}
	for _, e := range open {
		if e.State == Sending {
			continue
		}
		if err := b.matchOne(ctx, e, sending[lane{e.ClaimID, e.Action}]); err != nil {
			failed[e.ID] = err
		}
	}
	return failed
}

// matchOne compares one entry. While a write of its kind is being sent, what the feed shows may belong to that: an
// entry in doubt then has to wait for its answer.
func (b *Box) matchOne(ctx context.Context, e Entry, otherSends bool) error {
	since, err := b.o.Journal.Candidates(ctx, e, notBefore(e))
	if err != nil {
		return err
	}
	keys, whole := b.o.Sender.Match(e, since)
	if len(keys) <= len(e.ConfirmedBy) && !whole {
		return nil
	}
	if otherSends && e.State != Accepted {
		return errOtherFirst
	}
	c := change{step: stepPart, at: b.o.Now(), keys: keys}
	note := fmt.Sprintf("a part was seen in the feed (%d activities)", len(keys))
	if whole {
		c.step, note = stepSee, "seen in the feed"
		if e.State != Accepted {
			note = "seen in the feed after all"
		}
	}
	_, _, err = b.move(ctx, e, c, note)
	return err
}

// notBefore is the oldest time, by the service's clock, at which e can have had its effect.
func notBefore(e Entry) time.Time {
	if e.Attempts > 1 {
		return e.CreatedAt.Add(-skew)
	}
	return e.SentAt.Add(-skew)
}

// witness asks the service itself for the effect of e, where the Sender can, and confirms e if it is there.
func (b *Box) witness(ctx context.Context, e Entry) (Entry, error) {
	w, ok := b.o.Sender.(Witness)
	if !ok {
		return e, nil
	}
	seen, err := w.Seen(ctx, e)
	if err != nil || !seen {
		return e, err
	}
	n, moved, err := b.move(ctx, e, change{step: stepFind, at: b.o.Now()}, "seen at the service")
	if err != nil || moved {
		return n, err
	}
	return b.load(ctx, e.ID)
}
