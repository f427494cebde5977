package outbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"claimdeck/action"
	"claimdeck/keymap"
	"claimdeck/state/outbox"
	"claimdeck/state/text"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/row"
)

// View draws the writes, and the story of the selected one where there is room.
func (s *Screen) View(w, h int) string {
	return s.env.Theme.Body(w, h, s.env.Layout, s.rows, s.detailLines)
}

func (s *Screen) rows(w, h int) []string {
	l := s.env.Theme
	lines := make([]string, 0, h)
	lines = append(lines, l.ListTitle(w, "Outbox", "what you asked for, newest first", s.list.Total, "", row.Pen{}))
	narrow := w < 100
	under := 0
	if _, ok := s.list.Selected(); ok && narrow {
		under = min(7, h/3)
	}
	s.list.SetHeight(h - 1 - under)
	var b []byte
	s.list.Lines(func(e outbox.Entry, selected bool) {
		b = s.row(b[:0], e, selected, w)
		lines = append(lines, string(b))
	}, func(string) {})
	if s.list.Len() == 0 {
		return append(lines, l.Words(w, s.nothing())...)
	}
	if under > 1 {
		for len(lines) < h-under {
			lines = append(lines, "")
		}
		lines = append(lines, string(row.Styled(nil, l.Pens.Faint, strings.Repeat(l.Glyphs.Horizontal, w), w, "")))
		lines = append(lines, s.detailLines(w, under-1)...)
	}
	return lines
}

func (s *Screen) row(b []byte, e outbox.Entry, selected bool, w int) []byte {
	l := s.env.Theme
	tail := l.Glyphs.Ellipsis
	b = append(l.Marker(b, selected), ' ', ' ')
	b = row.Styled(b, l.Pens.Dim, when(e.CreatedAt, s.env.At), 12, "")
	b = append(b, ' ', ' ')
	b = row.Styled(b, s.pen(e), string(e.State), 9, "")
	b = append(b, ' ', ' ')
	b = append(row.Fit(b, e.ClaimNumber, 12, tail), ' ', ' ')
	return row.Fit(b, e.Title, w-3-14-11-14-1, tail)
}

func (s *Screen) pen(e outbox.Entry) row.Pen {
	p := s.env.Theme.Pens
	switch e.State {
	case outbox.Confirmed:
		return p.Good
	case outbox.Rejected:
		return p.Bad
	case outbox.Unknown:
		return p.Warn
	case outbox.Undone, outbox.Dropped:
		return p.Dim
	default:
		return p.Accent
	}
}

// detailLines tell the selected write: what it is, why it stands where it does, what can be done, and its story.
func (s *Screen) detailLines(w, h int) []string {
	e, ok := s.list.Selected()
	if !ok {
		return nil
	}
	l := s.env.Theme
	lines := []string{string(row.Styled([]byte{' '}, l.Pens.Title, e.Title, w-2, l.Glyphs.Ellipsis))}
	add := func(pen row.Pen, words string) {
		for _, line := range row.Wrap(words, max(10, w-3)) {
			lines = append(lines, string(row.Styled([]byte{' '}, pen, line, w-2, "")))
		}
	}
	add(s.pen(e), s.stands(e))
	if e.Problem != nil && e.Problem.Message != "" {
		add(row.Pen{}, text.Line(e.Problem.Message))
		for _, name := range sortedKeys(e.Problem.Fields) {
			add(row.Pen{}, name+": "+text.Line(e.Problem.Fields[name]))
		}
	}
	if h > len(lines)+2 {
		lines = append(lines, "")
	}
	if e.ID == s.storyOf {
		for _, ev := range slices.Backward(s.story) { // the newest must be in sight
			add(l.Pens.Dim, when(ev.At, s.env.At)+"  "+told(ev))
		}
	}
	return lines
}

// told is one step of a write's story. A note that begins with the state says it already.
func told(ev outbox.Event) string {
	note := text.Line(ev.Note)
	if strings.HasPrefix(note, string(ev.To)) {
		return note
	}
	return strings.TrimSpace(string(ev.To) + "  " + note)
}

// stands says in words where the write is and what a person can do about it.
func (s *Screen) stands(e outbox.Entry) string {
	key := s.env.Keys.Hint
	switch e.State {
	case outbox.Held:
		return "Not sent yet. " + key(keymap.OutboxUndo) + " undoes it."
	case outbox.Sending:
		return "Being sent."
	case outbox.Accepted:
		if act, side := s.side(e); side {
			return act.System + " accepted it."
		}
		return "LossExpress accepted it. The feed has not shown it yet."
	case outbox.Confirmed:
		by := "the feed"
		if act, side := s.side(e); side {
			by = act.System
		}
		if !e.SettledAt.IsZero() && !e.SentAt.IsZero() {
			return fmt.Sprintf("Confirmed by %s after %.1f s.", by, e.SettledAt.Sub(e.SentAt).Seconds())
		}
		return "Confirmed by " + by + "."
	case outbox.Rejected:
		return "Not done. " + key(keymap.OutboxOpen) + " opens the form as you left it, " + key(keymap.OutboxRetry) + " sends it again."
	case outbox.Unknown:
		if act, side := s.side(e); side {
			return "Sent, but no answer came. " + screen.DoubtOf(act) + ". " + key(keymap.OutboxRetry) + " sends it again, " +
				key(keymap.OutboxDrop) + " drops it."
		}
		if e.Checked {
			return "Sent, but no answer came, and the claim does not show it. " + key(keymap.OutboxRetry) + " sends it again, " +
				key(keymap.OutboxDrop) + " drops it, " + key(keymap.OutboxRecheck) + " looks again."
		}
		return "Sent, but no answer came. Looking for its effect on the claim."
	case outbox.Undone:
		return "Taken back before it was sent."
	case outbox.Dropped:
		return "Given up by you after its outcome stayed unknown."
	}
	return string(e.State)
}

// side returns the action of a write that goes to another system than LossExpress, of which the feed tells nothing.
func (s *Screen) side(e outbox.Entry) (action.Action, bool) {
	act, ok := s.env.Actions.Get(e.Action)
	return act, ok && !act.ToldByFeed()
}

func (s *Screen) nothing() string {
	if s.list.Failed != nil {
		return "The outbox could not be read from the store: " + s.list.Failed.Error()
	}
	if !s.list.Loaded {
		return ""
	}
	return "Nothing was sent yet. Orders, payoff requests and answers to counters appear here, from the moment you press enter until the feed confirms them. " +
		s.env.Keys.Hint(keymap.OrderCreate) + " on a claim orders documents."
}

func when(t, now time.Time) string {
	t = t.In(now.Location())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	return t.Format("Jan _2 15:04")
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
