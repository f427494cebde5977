// Package toast shows short messages in the footer, one line at a time, the latest first.
package toast

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/text"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
)

// Kind is what a message means.
type Kind int

// The kinds.
const (
	Info Kind = iota
	Good
	Warn
	Bad
)

// depth is how many messages are kept; older ones give way.
const depth = 8

// Toast is one message.
type Toast struct {
	Kind Kind
	Text string
	Key  string        // the key of the action that helps, such as "u"; may be empty
	Hint string        // what that key does: "undo"
	Stay time.Duration // how long it is shown; 0: the default of its kind; negative: until dismissed
}

// Stack holds the messages that are shown or wait behind a newer one. The zero value is ready. It is touched only on
// the event loop.
type Stack struct {
	items   []entry
	gen     uint64
	version uint64
}

type entry struct {
	Toast
	gen uint64
}

// expired is delivered when a message has been shown long enough.
type expired struct {
	owner *Stack
	gen   uint64
}

// Push shows a message and returns the command that lets it expire; nil when it stays.
func (s *Stack) Push(m Toast) tea.Cmd {
	m.Text, m.Hint = text.Line(m.Text), text.Line(m.Hint)
	s.gen++
	s.version++
	s.items = append(s.items, entry{m, s.gen})
	if len(s.items) > depth {
		s.items = s.items[len(s.items)-depth:]
	}
	stay := m.stay()
	if stay < 0 {
		return nil
	}
	msg := expired{s, s.gen}
	return tea.Tick(stay, func(time.Time) tea.Msg { return msg })
}

func (m Toast) stay() time.Duration {
	switch {
	case m.Stay != 0:
		return m.Stay
	case m.Kind == Bad:
		return 12 * time.Second
	case m.Kind == Warn:
		return 8 * time.Second
	}
	return 4 * time.Second
}

// Update reports whether msg was the expiry of one of this stack's messages. One that is already gone is ignored.
func (s *Stack) Update(msg tea.Msg) bool {
	e, ok := msg.(expired)
	if !ok || e.owner != s {
		return false
	}
	for i, it := range s.items {
		if it.gen == e.gen {
			s.items = append(s.items[:i:i], s.items[i+1:]...)
			s.version++
			break
		}
	}
	return true
}

// Dismiss removes the message that is shown, so that the one behind it appears.
func (s *Stack) Dismiss() {
	if n := len(s.items); n > 0 {
		s.items = s.items[:n-1]
		s.version++
	}
}

// Version changes with what is shown.
func (s *Stack) Version() uint64 { return s.version }

// Empty reports whether there is nothing to show.
func (s *Stack) Empty() bool { return len(s.items) == 0 }

// View returns one line of exactly w cells: the latest message and how many wait behind it. It is blank when there
// is none.
func (s *Stack) View(w int, t theme.Theme) string {
	if w <= 0 {
		return ""
	}
	if s.Empty() {
		return cells.Fit("", w, "")
	}
	m := s.items[len(s.items)-1]
	glyph, style := look(m.Kind, t)
	left := style.Render(glyph+" "+m.Text) + hint(m, t)
	right := ""
	if n := len(s.items) - 1; n > 0 {
		right = t.Dim.Render("+" + strconv.Itoa(n))
	}
	if w < 3 {
		return cells.Fit(left, w, t.Glyphs.Ellipsis)
	}
	return " " + cells.Ends(left, right, w-2, t.Glyphs.Ellipsis) + " "
}

func hint(m entry, t theme.Theme) string {
	if m.Key == "" {
		return ""
	}
	return "   " + t.Key.Render(m.Key) + " " + m.Hint
}

// look never lets colour alone carry the kind: each has its own sign.
func look(k Kind, t theme.Theme) (string, theme.Style) {
	switch k {
	case Good:
		return t.Glyphs.Good, t.Good
	case Warn:
		return t.Glyphs.Attention, t.Warn
	case Bad:
		return t.Glyphs.Attention, t.Bad
	default:
		return t.Glyphs.Dot, t.Text
	}
}
