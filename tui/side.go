package tui

import (
	"context"
	"strings"

	"claimdeck/action"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
)

// blocked is why the form of an action does not open: it could surely not be sent from here.
type blocked string

func (b blocked) Error() string { return string(b) }

// recalled is what is remembered of last time; a form opens without it as well.
func (a *App) recalled(ctx context.Context, o opened) action.Values {
	if o.act.Recall == nil {
		return nil
	}
	v, err := o.act.Recall(ctx, o.on)
	if err != nil && ctx.Err() == nil {
		a.env.Log.Warn("what was sent last time was not read", "action", o.act.ID, "claim", o.on.Claim.ID, "error", err)
	}
	return v
}

// systemOf is the system that a write goes to.
func (a *App) systemOf(e outbox.Entry) string {
	if act, ok := a.env.Actions.Get(e.Action); ok {
		return act.System
	}
	return action.LossExpress
}

// toldByFeed reports whether the feed may show what became of a write.
func (a *App) toldByFeed(e outbox.Entry) bool { return a.systemOf(e) == action.LossExpress }

// confirmed says that the effect of a write was seen, and where.
func (a *App) confirmed(e outbox.Entry) string {
	act, _ := a.env.Actions.Get(e.Action)
	switch {
	case a.toldByFeed(e):
		return "Confirmed by the feed" + after(e) + ": " + e.Title
	case act.Risk == action.Reads:
		return "Done: " + e.Title
	}
	return "Confirmed by " + act.System + after(e) + ": " + unnamed(e.Title, act.System)
}

// unnamed leaves the name of a system away from what is done there, for where it is named already.
func unnamed(words, system string) string {
	return strings.TrimSuffix(strings.TrimSuffix(words, " to "+system), " at "+system)
}

// doubtful says what happens to a write whose outcome is not known.
func (a *App) doubtful(e outbox.Entry) string {
	if act, ok := a.env.Actions.Get(e.Action); ok && !act.ToldByFeed() {
		return screen.DoubtOf(act) + ": " + e.Title
	}
	return "Looking for the effect of: " + e.Title
}
