// Package viewer shows a long text in a box over the screen, such as the raw JSON of an activity.
package viewer

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/tui/theme"
	"claimdeck/tui/widget/modal"
	"claimdeck/tui/widget/row"
)

// Viewer is the widget. It lives on the event loop.
type Viewer struct {
	title  string
	text   string
	draw   func(w int) []string // in place of text
	keys   string               // more of the foot: "J raw JSON"
	lines  []string
	width  int // the lines are wrapped for
	top    int
	height int
}

// New returns a viewer of text, which must be safe to print.
func New(title, text string) *Viewer { return &Viewer{title: title, text: text} }

// NewDrawn returns a viewer of lines that draw makes for a width, each time it is shown. Keys are those that its owner
// takes, for the foot.
func NewDrawn(title, keys string, draw func(w int) []string) *Viewer {
	return &Viewer{title: title, keys: keys, draw: draw}
}

// Update takes keys; closed reports whether the person is done with it.
func (v *Viewer) Update(msg tea.Msg) (closed bool) {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return false
	}
	switch key.String() {
	case "esc", "q", "J", "enter":
		return true
	case "j", "down":
		v.top++
	case "k", "up":
		v.top--
	case "pgdown", "space", "ctrl+f":
		v.top += v.height
	case "pgup", "ctrl+b":
		v.top -= v.height
	case "g", "home":
		v.top = 0
	case "G", "end":
		v.top = len(v.lines)
	}
	return false
}

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
	v.height = min(len(v.lines), h-2-modal.FrameHeight-1)
	v.top = max(0, min(v.top, len(v.lines)-v.height))
	out := make([]string, 0, v.height+1)
	for _, line := range v.lines[v.top : v.top+v.height] {
		out = append(out, " "+line)
	}
	foot := "esc close"
	if len(v.lines) > v.height {
		foot = fmt.Sprintf("j k scroll   esc close   %d-%d of %d", v.top+1, v.top+v.height, len(v.lines))
	}
	if v.keys != "" {
		foot = v.keys + "   " + foot
	}
	foot = row.Cut(foot, inner, t.Glyphs.Ellipsis)
	out = append(out, t.Dim.Render(strings.Repeat(" ", max(0, inner+1-row.Width(foot)))+foot))
	return modal.Box{Title: v.title, Lines: out, Width: width}.Render(t)
}
