// Package viewer shows a long text in a box over the screen, such as the raw JSON of an activity.
package viewer

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/keys"
	"claimdeck/tui/widget/modal"
	"claimdeck/tui/widget/row"
)

// Viewer is the widget. It lives on the event loop.
type Viewer struct {
	title  string
	text   string
	draw   func(w int) []string // in place of text
	more   []string             // of the foot: "J raw JSON"
	keys   *keys.Reader
	lines  []string
	width  int // the lines are wrapped for
	top    int
	height int
}

// New returns a viewer of text, which must be safe to print. It scrolls with the keys of lists; a nil key map is the one
// that is shipped.
func New(title, text string, m *keymap.Map) *Viewer {
	return &Viewer{title: title, text: text, keys: keys.New(m, keymap.ScopeList, keymap.AppBack)}
}

// NewDrawn returns a viewer of lines that draw makes for a width, each time it is shown. More is said of the keys that
// its owner takes, in the foot; what does not fit there is left out, the last one first.
func NewDrawn(title string, more []string, draw func(w int) []string, m *keymap.Map) *Viewer {
	v := New(title, "", m)
	v.more, v.draw = more, draw
	return v
}

// Update takes keys; closed reports whether the person is done with it.
func (v *Viewer) Update(msg tea.Msg) (closed bool) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return false
	}
	switch id, taken := v.keys.Press(k); {
	case taken:
	case id == keymap.AppBack:
		return true
	case v.scroll(id):
	case k.String() == "space":
		v.top += v.height
	default:
		return k.String() == "enter" || k.String() == "q"
	}
	return false
}

// scroll moves the text; it returns false for any other action. View keeps top in range, as it knows the height.
func (v *Viewer) scroll(id keymap.ID) bool {
	switch id {
	case keymap.ListDown:
		v.top++
	case keymap.ListUp:
		v.top--
	case keymap.ListPageDown:
		v.top += v.height
	case keymap.ListPageUp:
		v.top -= v.height
	case keymap.ListHalfDown:
		v.top += max(1, v.height/2)
	case keymap.ListHalfUp:
		v.top -= max(1, v.height/2)
	case keymap.ListTop:
		v.top = 0
	case keymap.ListBottom:
		v.top = len(v.lines)
	default:
		return false
	}
	return true
}

// roomy is the height from which the foot stands apart.
const roomy = 30

// View returns the box: at most w by h cells.
func (v *Viewer) View(w, h int, t theme.Theme) string {
	width := min(w-4, 100)
	inner := width - modal.FrameWidth - 2
	if inner < 10 || h < 6 {
		return ""
	}
	switch {
	case v.draw != nil:
		v.width, v.lines = inner, v.draw(inner)
	case inner != v.width:
		v.width, v.lines = inner, row.Wrap(v.text, inner)
	}
	room := h - 2 - modal.FrameHeight - 1
	if h >= roomy {
		room--
	}
	v.height = min(len(v.lines), room)
	v.top = max(0, min(v.top, len(v.lines)-v.height))
	out := make([]string, 0, v.height+2)
	for _, line := range v.lines[v.top : v.top+v.height] {
		out = append(out, " "+line)
	}
	if h >= roomy {
		out = append(out, "")
	}
	lead := " "
	if v.draw != nil { // what is drawn begins a cell further in
		lead = "  "
	}
	room = inner + 1 - len(lead)
	out = append(out, lead+cells.Fit(t.Dim.Render(v.foot(room)), room, t.Glyphs.Ellipsis))
	return modal.Box{Title: v.title, Lines: out, Width: width}.Render(t)
}

// foot says which keys there are and where the text stands, as far as w cells hold it.
func (v *Viewer) foot(w int) string {
	parts := []string{v.keys.Hint(keymap.AppBack) + " close"}
	at := ""
	if len(v.lines) > v.height {
		parts = append(parts, v.keys.Hint(keymap.ListDown)+" "+v.keys.Hint(keymap.ListUp)+" scroll")
		at = fmt.Sprintf("%d-%d of %d", v.top+1, v.top+v.height, len(v.lines))
	}
	parts = append(parts, v.more...)
	for n := len(parts); n > 0; n-- {
		keys := strings.Join(parts[:n], "   ")
		if gap := w - row.Width(keys) - row.Width(at); gap >= 3 || n == 1 {
			return keys + strings.Repeat(" ", max(1, gap)) + at
		}
	}
	return at
}
