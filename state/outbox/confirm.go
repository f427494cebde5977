package outbox

import (
	"cmp"
	"context"
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
	if added == nil {
		b.confirm(ctx, func(Entry) bool { return true })
		return
	}
	claims := map[string]bool{}
	for _, a := range added {
		claims[a.ClaimID] = true
	}
	if len(claims) > 0 {
		b.confirm(ctx, func(e Entry) bool { return claims[e.ClaimID] })
	}
}

// confirmClaim compares the open writes of one claim with what is stored.
func (b *Box) confirmClaim(ctx context.Context, claimID string) {
	b.confirm(ctx, func(e Entry) bool { return e.ClaimID == claimID })
}

// confirm compares the open writes that are wanted with what is stored.
func (b *Box) confirm(ctx context.Context, wanted func(Entry) bool) {
	b.matching.Lock()
	defer b.matching.Unlock()
	open, err := b.confirmable(ctx)
	if err != nil {
		b.o.Log.Warn("outbox not compared with the feed", "error", err)
		return
	}
	b.match(ctx, slices.DeleteFunc(open, func(e Entry) bool { return !wanted(e) }))
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

func (b *Box) match(ctx context.Context, open []Entry) {
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
	for _, e := range open {
		// What is being sent right now may be what the feed shows: wait for its answer before a write in doubt
		// may take it.
		if e.State == Sending || (e.State != Accepted && sending[lane{e.ClaimID, e.Action}]) {
			continue
		}
		if err := b.matchOne(ctx, e); err != nil {
			b.o.Log.Warn("write not compared with the feed", "entry", e.ID, "error", err)
		}
	}
}

func (b *Box) matchOne(ctx context.Context, e Entry) error {
	since, err := b.o.Journal.Candidates(ctx, e, notBefore(e))
	if err != nil || len(since) == 0 {
		return err
	}
	keys, whole := b.o.Sender.Match(e, since)
	c := change{step: stepPart, at: b.o.Now(), keys: keys}
	note := fmt.Sprintf("a part was seen in the feed (%d activities)", len(keys))
	if whole {
		c.step, note = stepSee, "seen in the feed"
		if e.State != Accepted {
			note = "seen in the feed after all"
		}
	}
	if !whole && len(keys) <= len(e.ConfirmedBy) {
		return nil
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
