package screen

import (
	"strings"

	"claimdeck/state/activity"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/row"
)

// Pens are the theme's styles for rows.
type Pens struct{ Dim, Faint, Title, Accent, Key, Good, Warn, Bad row.Pen }

// NewLook takes the pens of a theme.
func NewLook(t theme.Theme) *Look {
	return &Look{Theme: t, Pens: Pens{
		Dim: row.NewPen(t.Dim), Faint: row.NewPen(t.Faint), Title: row.NewPen(t.Title), Accent: row.NewPen(t.Accent),
		Key: row.NewPen(t.Key), Good: row.NewPen(t.Good), Warn: row.NewPen(t.Warn),
		Bad: row.NewPen(t.Bad),
	}}
}

// Marker appends the selection's cell, in the terminal's own colour: it moves with every key.
func (l *Look) Marker(b []byte, selected bool) []byte {
	if !selected {
		return append(b, ' ')
	}
	return append(b, l.Glyphs.Marker...)
}

// Tone appends the one-cell sign of an activity's tone and returns the pen its words are drawn with.
func (l *Look) Tone(b []byte, t activity.Tone) ([]byte, row.Pen) {
	switch t {
	case activity.Attention:
		return row.Styled(b, l.Pens.Warn, l.Glyphs.Attention, 1, ""), row.Pen{}
	case activity.Good:
		return row.Styled(b, l.Pens.Good, l.Glyphs.Good, 1, ""), row.Pen{}
	case activity.Muted:
		return append(b, ' '), l.Pens.Dim
	default:
		return append(b, ' '), row.Pen{}
	}
}

// Body draws a list and the claim of its selected row, or the list alone where there is no room for both. It
// returns exactly h lines.
func (l *Look) Body(w, h int, layout Layout, list, pane func(w, h int) []string) string {
	sp := SplitBody(w, h, layout)
	left := exact(list(sp.ListW, sp.ListH), sp.ListH)
	switch {
	case sp.PaneW == 0:
		return strings.Join(left, "\n")
	case !sp.Side:
		rule := string(row.Styled(nil, l.Pens.Faint, strings.Repeat(l.Glyphs.Horizontal, w), w, ""))
		return strings.Join(append(append(left, rule), exact(pane(sp.PaneW, sp.PaneH), sp.PaneH)...), "\n")
	}
	right := exact(pane(sp.PaneW, sp.PaneH), sp.PaneH)
	var b []byte
	for i := range h {
		b = row.Fit(b, left[i], sp.ListW, "")
		b = row.Styled(b, l.Pens.Faint, l.Glyphs.Vertical, 1, "")
		b = append(b, right[i]...)
		if i < h-1 {
			b = append(b, '\n')
		}
	}
	return string(b)
}

// exact cuts or fills lines to n.
func exact(lines []string, n int) []string {
	if len(lines) > n {
		return lines[:n]
	}
	for len(lines) < n {
		lines = append(lines, "")
	}
	return lines
}

// ListTitle is the first line of a list: its name, what it shows, how many there are, and a state at the right.
// A negative total is being counted.
func (l *Look) ListTitle(w int, name, what string, total int, state string, pen row.Pen) string {
	b := row.Styled([]byte{' '}, l.Pens.Title, name, row.Width(name), "")
	b = append(b, "   "...)
	if total >= 0 {
		what += " " + l.Glyphs.Dot + " " + Count(total)
	}
	room := w - row.Width(name) - 5
	if state != "" {
		room -= row.Width(state) + 2
	}
	b = row.Styled(b, l.Pens.Dim, what, room, l.Glyphs.Ellipsis)
	if state != "" {
		b = append(b, ' ', ' ')
		b = row.Styled(b, pen, state, row.Width(state), "")
	}
	return string(b)
}

// Words are the lines that stand in for rows where there are none: what would be here, and which key brings it.
func (l *Look) Words(w int, s string) []string {
	if s == "" {
		return nil
	}
	out := []string{""}
	for _, line := range row.Wrap(s, max(10, min(w-6, 76))) {
		out = append(out, string(row.Styled([]byte("   "), l.Pens.Dim, line, w-4, "")))
	}
	return out
}

// Page is lines as a body of exactly h lines.
func (l *Look) Page(w, h int, lines []string) string {
	lines = exact(lines, h)
	for i, line := range lines {
		lines[i] = row.Cut(line, w, l.Glyphs.Ellipsis)
	}
	return strings.Join(lines, "\n")
}

// Note is a dim line.
func (l *Look) Note(w int, s string) string {
	return string(row.Styled([]byte{' '}, l.Pens.Dim, s, w-2, l.Glyphs.Ellipsis))
}

// NoteRight is a dim line with another text at its right end.
func (l *Look) NoteRight(w int, s, right string) string {
	n := row.Width(right)
	b := row.Styled([]byte{' '}, l.Pens.Dim, s, w-n-3, l.Glyphs.Ellipsis)
	return string(row.Styled(append(b, ' '), l.Pens.Dim, right, n, ""))
}
