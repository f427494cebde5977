// Package claimview draws a claim: its strip, its tabs, and the body of each tab, as lines. It is pure: a claim, a
// width and a moment in, lines out.
package claimview

import (
	"fmt"
	"strings"
	"time"

	"claimdeck/action/systems"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/cells"
)

// Tab is one part of a claim.
type Tab int

// The tabs of a claim, in order.
const (
	Overview Tab = iota
	Timeline
	Orders
	Documents
	Payoff
	Messages
	Reserves
	tabs
)

// View is how a claim is drawn.
type View struct {
	Look     *screen.Look
	Now      time.Time                  // in the person's zone
	Revealed bool                       // account and phone numbers are shown
	Hint     func(action string) string // the key of an action, "" when it has none
	Selected string                     // Key of the row with the marker; empty: none
	Arrives  time.Time                  // the day on which the check is to arrive at the lender; zero: today
	Case     *systems.Case              // at Scalepoint, as it is remembered; nil: none
	// Reserves draws the tab of that name; nil: nothing is known of them. Short says that they do not cover the claim.
	Reserves func(w int) []string
	Short    bool
}

// Row is one thing in the body of a tab that can be selected: an event, an order, a document, a message.
type Row struct {
	Key      string // see EventKey; of an order or a document its id
	From, To int    // its lines in the body
}

// EventKey is the Key of the row that shows an activity.
func EventKey(k activity.Key) string { return string(k[:]) }

// Count is how many tabs there are.
const Count = int(tabs)

// Name is the tab's word.
func (t Tab) Name() string {
	return [...]string{"Overview", "Timeline", "Orders", "Documents", "Payoff", "Messages", "Reserves"}[t]
}

// label is the tab's word with the number of things in it, or a mark where it is about something that must be looked at.
func (v View) label(t Tab, c claim.Claim) string {
	n := 0
	switch t {
	case Orders:
		n = len(c.Orders)
	case Documents:
		n = len(c.Documents)
	case Messages:
		n = len(c.Messages)
	case Reserves:
		if v.Short {
			return t.Name() + " " + v.Look.Glyphs.Attention
		}
	default:
	}
	if n == 0 {
		return t.Name()
	}
	return fmt.Sprintf("%s %d", t.Name(), n)
}

// Strip is the head of a claim: who and what it is about, how its case stands, and the most urgent thing. Four lines,
// three without an owner, one more for a case that does not fit beside the owner.
func (v View) Strip(c claim.Claim, w int) []string {
	l := v.Look
	p := newPage(v, w)
	head := c.Headline(v.Now)
	left := fallback(c.Number, c.ID)
	pen := l.Pens.Dim
	if who, _ := c.WaitingOn(v.Now); who == "you" {
		pen = l.Pens.Warn
	}
	p.ends(l.Pens.Title, left, pen, head)
	p.columns(vehicle(c.Vehicle), c.VIN)
	p.columns(fallback(c.Lender, "lender not known"), join(" "+l.Glyphs.Dot+" ", c.FinanceType, strings.ToLower(c.InsurerType), strings.ToLower(c.CauseOfLoss)))
	owned := c.Owner.Name != "" || c.Owner.Phone != ""
	if owned {
		p.columns(c.Owner.Name, v.secret(c.Owner.Phone))
	}
	if v.Case != nil {
		p.standing(*v.Case, owned)
	}
	return p.Lines
}

// Body is the content of a tab, as many lines as it takes.
func (v View) Body(t Tab, c claim.Claim, w int) []string {
	lines, _ := v.Rows(t, c, w)
	return lines
}

// Rows is the content of a tab with the rows in it that can be selected, from top to bottom.
func (v View) Rows(t Tab, c claim.Claim, w int) ([]string, []Row) {
	p := newPage(v, w)
	switch t {
	case Timeline:
		p.timeline(c)
	case Orders:
		p.orders(c)
	case Documents:
		p.documents(c)
	case Payoff:
		p.payoff(c)
	case Messages:
		p.messages(c)
	case Reserves:
		p.reserves()
	default:
		p.overview(c)
	}
	return p.Lines, p.rows
}

// secret masks all but the last four signs of a sensitive value, unless it is revealed.
func (v View) secret(s string) string {
	if v.Revealed {
		return s
	}
	return cells.Mask(s, v.Look.Glyphs.Masked)
}

func (v View) key(action string) string {
	if v.Hint == nil {
		return ""
	}
	return v.Hint(action)
}

func vehicle(x claim.Vehicle) string {
	year := ""
	if x.Year > 0 {
		year = fmt.Sprint(x.Year)
	}
	return fallback(join(" ", year, x.Make, x.Model), "vehicle not known")
}

func join(sep string, parts ...string) string {
	out := parts[:0:0]
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, sep)
}

func fallback(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
