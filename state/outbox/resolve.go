package outbox

import (
	"context"
	"fmt"
	"time"
)

// recheckPause is the pause after a recheck that failed, doubled up to recheckPauseMax.
const (
	recheckPause    = 5 * time.Second
	recheckPauseMax = 2 * time.Minute
)

// resolve looks for the effect of an attempt in doubt, by the schedule, until it was seen, or until the last look did
// not see it. A look that fails (no connection) does not count: it is repeated up to patience times in a row, and
// for as long as ctx lives when patience is negative. It returns the error of the last look that failed, or ctx's.
func (b *Box) resolve(ctx context.Context, e Entry, patience int) error {
	start, pause, failed := b.o.Now(), recheckPause, 0
	plan := b.plan(start.Sub(e.AnsweredAt))
	for len(plan) > 0 {
		if d := plan[0] - b.o.Now().Sub(start); d > 0 {
			if err := b.o.Wait(ctx, d); err != nil {
				return err
			}
		}
		cur, err := b.look(ctx, e.ID, len(plan) == 1)
		if err == nil {
			if cur.State != Unknown || cur.Checked || cur.Attempts != e.Attempts {
				return nil
			}
			plan, pause, failed = plan[1:], recheckPause, 0
			continue
		}
		b.o.Log.Warn("recheck failed", "entry", e.ID, "error", err)
		if failed++; ctx.Err() != nil || failed == patience {
			return err
		}
		if err := b.o.Wait(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, recheckPauseMax)
	}
	return nil
}

// plan returns when to look, from now, for an attempt that ended age ago: at once, and what is left of the schedule.
func (b *Box) plan(age time.Duration) []time.Duration {
	plan := []time.Duration{0}
	for _, at := range b.o.Recheck {
		if d := at - age; d > 0 {
			plan = append(plan, d)
		}
	}
	return plan
}

// witnessed is the entry as it stands, after the service was asked for its effect when it is in doubt.
func (b *Box) witnessed(ctx context.Context, id string) (Entry, error) {
	cur, err := b.load(ctx, id)
	if err != nil || cur.State != Unknown {
		return cur, err
	}
	if cur, err = b.witness(ctx, cur); err != nil {
		return cur, fmt.Errorf("%s: its outcome cannot be checked now: %w", cur.Title, err)
	}
	return cur, nil
}

// look re-reads claim and feed once and compares. When it is decisive, or enough time has passed since the attempt,
// not seeing its effect counts as checked. The entry is returned as it stands then, also with an error.
func (b *Box) look(ctx context.Context, id string, decisive bool) (Entry, error) {
	e, err := b.load(ctx, id)
	if err != nil || e.State != Unknown {
		return e, err
	}
	ready := decisive || b.o.Now().Sub(e.AnsweredAt) >= b.last
	if err := b.o.Sender.Recheck(ctx, e); err != nil {
		return e, fmt.Errorf("%s: its outcome cannot be checked now: %w", e.Title, err)
	}
	if err := b.confirmOne(ctx, e); err != nil {
		return e, fmt.Errorf("%s: its outcome cannot be checked now: %w", e.Title, err)
	}
	cur, err := b.witnessed(ctx, id)
	if err != nil || cur.State != Unknown || cur.Checked || !ready || cur.Attempts != e.Attempts {
		return cur, err
	}
	n, moved, err := b.move(ctx, cur, change{step: stepCheck, at: b.o.Now()}, "not seen at the service")
	if err != nil || moved {
		return n, err
	}
	return b.load(ctx, id)
}
