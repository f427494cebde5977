package action

import (
	"context"
	"strings"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// nearby is how far the clock of the service may be from ours where a write is known by its time. Clocks that are set by
// the network differ by less.
const nearby = 15 * time.Second

// rewritten finds the effect of a write that was accepted and whose text the service writes in a way of its own, such as
// with something added. Nobody else's will do: it is the only activity that shows it, it was told when our answer came,
// and no other attempt was ever made. What two activities may show stays accepted, which is true.
func rewritten(e outbox.Entry, since []activity.Activity, shows func(a *activity.Activity) bool) (keys []activity.Key, whole bool) {
	if e.State != outbox.Accepted || e.Attempts != 1 {
		return nil, false
	}
	from, to := e.SentAt.Add(-nearby), e.AnsweredAt.Add(nearby)
	for i := range since {
		a := &since[i]
		if a.CreatedAt.Before(from) || a.CreatedAt.After(to) || !shows(a) {
			continue
		}
		if keys != nil {
			return nil, false
		}
		keys = []activity.Key{a.Key}
	}
	return keys, keys != nil
}

// begins reports whether theirs is ours with nothing but something behind it; spaces and signs do not count.
func begins(theirs, ours string) bool {
	letters := lettersOf(ours)
	return letters != "" && strings.HasPrefix(lettersOf(theirs), letters)
}

// Journal returns j as the outbox of these actions needs it: the effect of a write that created a claim is looked for on
// the claim that its answer names, whatever number the service gave it.
func Journal(j outbox.Journal) outbox.Journal { return journal{j} }

type journal struct{ outbox.Journal }

// Candidates implements outbox.Journal.
func (j journal) Candidates(ctx context.Context, e outbox.Entry, since time.Time) ([]activity.Activity, error) {
	e.ClaimID = ClaimIDOf(e)
	return j.Journal.Candidates(ctx, e, since)
}
