// Package prompt is a one-line text entry: what the palette, the help and the file picker are typed into.
package prompt

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
)

// Line is a focused one-line entry. It never starts a command: its cursor is the terminal's own, and the system
// clipboard is the terminal's to paste.
type Line struct {
	in          textinput.Model
	placeholder string
}

// New returns an empty entry that shows placeholder while it is empty.
func New(placeholder string) *Line {
	in := textinput.New()
	in.Prompt = ""
	in.KeyMap.Paste = key.NewBinding()
	in.KeyMap.AcceptSuggestion = key.NewBinding()
	in.KeyMap.NextSuggestion = key.NewBinding()
	in.KeyMap.PrevSuggestion = key.NewBinding()
	_ = in.Focus()
	return &Line{in: in, placeholder: placeholder}
}

// Value returns the text.
func (l *Line) Value() string { return l.in.Value() }

// Set replaces the text and puts the cursor at its end.
func (l *Line) Set(s string) {
	l.in.SetValue(cells.Clean(s))
	l.in.CursorEnd()
}

// AtEnd reports whether the cursor stands behind the last character.
func (l *Line) AtEnd() bool { return l.in.Position() >= len([]rune(l.in.Value())) }

// Update takes a key press or a paste and reports whether the text changed. Other messages are ignored.
func (l *Line) Update(msg tea.Msg) (changed bool) {
	before := l.in.Value()
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if !Typeable(msg) {
			return false
		}
		l.in, _ = l.in.Update(msg)
	case tea.PasteMsg:
		msg.Content = cells.Clean(strings.TrimSpace(msg.Content))
		l.in, _ = l.in.Update(msg)
	}
	return l.in.Value() != before
}

// Typeable reports whether a key press may go into a text entry: it carries no text, or only text that may be shown.
// A terminal without bracketed paste delivers pasted characters as keys.
func Typeable(k tea.KeyPressMsg) bool {
	return k.Text == "" || cells.Clean(k.Text) == k.Text
}

// View returns the line in exactly w cells and the column of the cursor.
func (l *Line) View(w int, t theme.Theme) (line string, x int) {
	if w <= 0 {
		return "", 0
	}
	if l.in.Value() == "" {
		return cells.Fit(t.Dim.Render(l.placeholder), w, t.Glyphs.Ellipsis), 0
	}
	st := l.in.Styles()
	st.Focused.Text = t.Input.Style
	l.in.SetStyles(st)
	l.in.SetWidth(max(1, w-1))
	line, x, _ = cells.TakeCursor(l.in.View())
	return cells.Fit(ansi.Truncate(line, w, ""), w, ""), min(x, w-1)
}
