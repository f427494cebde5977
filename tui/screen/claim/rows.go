package claim

import (
	"slices"
	"time"

	"claimdeck/keymap"
	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/claimview"
)

// cursor is the selected row of a tab: by key, so that rows which come in do not move it.
type cursor struct {
	key string
	at  int // where it was: the row that takes its place when it is gone
}

// keys are the rows of the tab, from top to bottom; nil where there is nothing to select.
func (s *Screen) keys() []string {
	c := s.claim
	switch s.tab {
	case claimview.Timeline:
		return each(c.Timeline, false, func(e claim.Event) string { return claimview.EventKey(e.Key) })
	case claimview.Orders:
		return each(c.Orders, true, func(o claim.Order) string { return o.ID })
	case claimview.Documents:
		return each(c.Documents, true, func(d claim.Document) string { return d.ID })
	case claimview.Messages:
		return each(c.Messages, true, func(m claim.Message) string { return claimview.EventKey(m.Key) })
	default:
		return nil
	}
}

// each returns the keys of all; what is kept oldest first is shown newest first.
func each[T any](all []T, oldestFirst bool, key func(T) string) []string {
	keys := make([]string, len(all))
	for i, x := range all {
		keys[i] = key(x)
	}
	if oldestFirst {
		slices.Reverse(keys)
	}
	return keys
}

// current returns the key of the selected row.
func (s *Screen) current() (string, bool) {
	keys := s.keys()
	if len(keys) == 0 {
		return "", false
	}
	cur, known := s.selected[s.tab]
	at := slices.Index(keys, cur.key)
	if !known || at < 0 {
		at = min(cur.at, len(keys)-1)
	}
	s.selected[s.tab] = cursor{keys[at], at}
	return keys[at], true
}

// move moves the selection; it returns false where there is nothing to select.
func (s *Screen) move(n int) bool {
	if _, ok := s.current(); !ok {
		return false
	}
	keys := s.keys()
	at := max(0, min(s.selected[s.tab].at+n, len(keys)-1))
	s.selected[s.tab] = cursor{keys[at], at}
	return true
}

// scroller lets the movements of lists move the selection, or scroll the body where nothing is selected.
type scroller struct{ s *Screen }

func (x scroller) Move(n int) bool {
	if !x.s.move(n) {
		x.s.top = max(0, x.s.top+n)
	}
	return true
}
func (x scroller) Page(n int) bool { return x.Move(n * max(1, x.s.height-2)) }
func (x scroller) Half(n int) bool { return x.Move(n * max(1, x.s.height/2)) }

// farthest is how many days ahead the payoff can be looked at.
const farthest = 120

// arrive moves the day on which the payoff check is to arrive; where that day is not on screen it shows the payoff first.
func (s *Screen) arrive(days int) {
	if s.tab != claimview.Payoff && s.tab != claimview.Reserves {
		s.show(claimview.Payoff)
		return
	}
	s.days = max(0, min(s.days+days, farthest))
}

// arrives is the day on which the payoff check is to arrive.
func (s *Screen) arrives() time.Time { return s.env.At.AddDate(0, 0, s.days) }

// payment opens the record of a payment; on the tabs with a day for the payoff with the amount of that day.
func (s *Screen) payment() screen.Request {
	r := screen.Act{Action: string(keymap.PaymentSent), On: s.on}
	if s.tab != claimview.Payoff && s.tab != claimview.Reserves {
		return r
	}
	if due, ok := s.claim.PayoffOn(s.arrives()); ok {
		r.Values = map[string][]string{"checkAmount": {money.FormatExact(due)}}
	}
	return r
}
