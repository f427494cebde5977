package activity

import (
	"time"

	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/state/store"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/row"
)

// Styles are few in a row: each costs as much on the wire as a word, on every line that scrolls in. So a row has a dim
// time, or a sign that calls for attention, or is dim as a whole; and a day has no style at all.

// lenderWidth is the cells of the lender's column, shown from lenderFrom cells on, and margin what is then left free at the
// right: a line that scrolls in must not cost 200 bytes, however much it has to say.
const (
	lenderWidth = 16
	lenderFrom  = 110
	margin      = 12
)

// View draws the stream, and the claim of the selected row where there is room.
func (s *Screen) View(w, h int) string {
	return s.env.Theme.Body(w, h, s.env.Layout, s.stream, s.pane.View)
}

// stream draws the title and the rows.
func (s *Screen) stream(w, h int) []string {
	lines := make([]string, 0, h)
	lines = append(lines, s.title(w))
	s.list.SetHeight(h - 1)
	number := s.claimWidth()
	var b []byte
	var above store.Row
	s.list.Lines(func(r store.Row, selected bool) {
		b = s.row(b[:0], r, selected, twice(above, r), w, number)
		above = r
		lines = append(lines, string(b))
	}, func(day string) {
		b = row.Fit(append(b[:0], ' ', ' '), day, w-2, "")
		lines = append(lines, string(b))
	})
	if s.list.Len() == 0 {
		lines = append(lines, s.env.Theme.Words(w, s.nothing())...)
	}
	return lines
}

// twice reports whether two neighbours tell one fact: the service still sends deprecated activities beside the new
// ones. The second is shown, but it does not call for attention again.
func twice(above, r store.Row) bool {
	return above.ClaimID == r.ClaimID && above.Summary == r.Summary && above.Type != r.Type &&
		above.CreatedAt.Sub(r.CreatedAt).Abs() < 5*time.Second
}

func (s *Screen) row(b []byte, r store.Row, selected, again bool, w, number int) []byte {
	l := s.env.Theme
	tail := l.Glyphs.Ellipsis
	tone := r.Tone
	if again {
		tone = activity.Muted
	}
	when, whole := l.Pens.Dim, row.Pen{}
	switch tone {
	case activity.Muted:
		when, whole = row.Pen{}, l.Pens.Dim
	case activity.Attention:
		when = row.Pen{}
	default:
	}
	b = append(l.Marker(b, selected), ' ', ' ')
	b = append(b, whole.Open...)
	b = row.Styled(b, when, r.CreatedAt.In(s.env.At.Location()).Format("15:04:05"), 8, "")
	b = append(b, ' ', ' ')
	b = append(row.Fit(b, r.ClaimNumber, number, tail), ' ', ' ')
	left := w - 3 - 8 - 2 - number - 2 - 2
	if w >= lenderFrom {
		b = append(row.Fit(b, r.Lender, lenderWidth, tail), ' ', ' ')
		left -= lenderWidth + 2 + margin
	}
	b, _ = l.Tone(b, tone)
	b = append(b, ' ')
	b = append(b, row.Cut(r.Summary, left, tail)...)
	return append(b, whole.Close...)
}

// claimWidth is the width of the claim numbers held, within reason.
func (s *Screen) claimWidth() int {
	n := 8
	s.list.Lines(func(r store.Row, _ bool) { n = max(n, row.Width(r.ClaimNumber)) }, func(string) {})
	return min(n, 16)
}

// title says what the stream shows, how much of it there is, and what waits.
func (s *Screen) title(w int) string {
	what := "all types"
	if s.text != "" {
		what = s.text
	}
	state, pen := s.state()
	return s.env.Theme.ListTitle(w, "Activity", what, s.list.Total, state, pen)
}

func (s *Screen) state() (string, row.Pen) {
	p, keys := s.env.Theme.Pens, s.env.Keys
	switch {
	case s.frozen:
		return "frozen  " + keys.Hint(keymap.ActivityFreeze), p.Warn
	case s.list.Waiting > 0:
		return screen.Count(s.list.Waiting) + " new  " + keys.Hint(keymap.ActivityNew), p.Accent
	case s.follow:
		return "following", p.Dim
	}
	return "", p.Dim
}

// nothing says why there are no rows, and which key would change that.
func (s *Screen) nothing() string {
	keys := s.env.Keys
	switch {
	case s.list.Failed != nil:
		return "The activities could not be read from the store: " + s.list.Failed.Error()
	case !s.list.Loaded:
		return ""
	case s.text != "":
		return "No activity matches " + s.text + ". " + keys.Hint(keymap.AppFilter) +
			" changes the filter; an empty one shows everything."
	}
	return "No activities yet. What LossExpress and the lenders do on your claims appears here as it happens. " +
		keys.Hint(keymap.AppRetryFeed) + " asks the service now."
}

// day is the heading of a row: the day it happened on.
func (s *Screen) day(r store.Row) string { return dayName(r.CreatedAt, s.env.At) }

func dayName(t, now time.Time) string {
	t = t.In(now.Location())
	y, m, d := t.Date()
	ny, nm, nd := now.Date()
	switch {
	case y == ny && m == nm && d == nd:
		return "today"
	case time.Date(y, m, d+1, 12, 0, 0, 0, now.Location()).YearDay() == now.YearDay() && now.Sub(t) < 48*time.Hour:
		return "yesterday"
	case y == ny:
		return t.Format("Mon Jan 2")
	}
	return t.Format("Mon Jan 2, 2006")
}
