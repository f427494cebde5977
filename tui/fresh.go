package tui

import (
	"fmt"
	"time"

	"claimdeck/keymap"
	"claimdeck/state/feed"
	"claimdeck/tui/widget/row"
)

// freshness is the header's word on how old the data is. It changes only when something changes: a clock that
// counts seconds would keep the line busy all day.
func (a *App) freshness() (mark, words string, pen row.Pen) {
	l := a.env.Theme
	switch a.feed.Phase {
	case feed.Live:
		return l.Glyphs.Live, "live", l.Pens.Good
	case feed.Starting:
		return l.Glyphs.Stale, "connecting", l.Pens.Dim
	case feed.CatchingUp:
		return l.Glyphs.Stale, "catching up", l.Pens.Dim
	case feed.Standby:
		return l.Glyphs.Live, "live, by another console", l.Pens.Good
	case feed.Paused:
		return l.Glyphs.Stale, "paused", l.Pens.Warn
	default:
	}
	return l.Glyphs.Stale, a.staleFor(), l.Pens.Warn
}

func (a *App) staleFor() string {
	if a.feed.LastOK.IsZero() {
		return "no data yet"
	}
	return span(a.env.At.Sub(a.feed.LastOK)) + " old"
}

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "under 1 min"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// trouble is why the data is not fresh and what happens next; empty when it is.
func (a *App) trouble() (string, row.Pen) {
	p := a.env.Theme.Pens
	switch a.feed.Phase {
	case feed.SignedOut:
		return "Not signed in: press " + a.env.Keys.Hint(keymap.AppSignIn) + " (or run claimdeck login). What is stored is shown.", p.Bad
	case feed.Retrying:
		words := a.feed.Why
		if !a.feed.NextTry.IsZero() {
			words += ", next try at " + a.feed.NextTry.In(a.env.At.Location()).Format("15:04:05")
		}
		return sentence(words), p.Warn
	case feed.CatchingUp:
		if a.feed.TotalPages > 1 {
			return fmt.Sprintf("Catching up: page %d of %d", a.feed.Pages, a.feed.TotalPages), p.Dim
		}
	default:
	}
	return "", p.Dim
}
